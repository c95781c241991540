"""How a fetched partition batch passes through Faust: whole, undecoded, unacknowledged."""

from typing import Any

import faust

from streams.kafka.ports import Batch


class Whole(faust.Schema):
    """A schema that decodes nothing: the value already is a ``Batch``."""

    def loads_key(self, app: Any, message: Any, **_: Any) -> None:
        """A batch has no key of its own."""

    def loads_value(self, app: Any, message: Any, **_: Any) -> Batch:
        """The batch as the consumer handed it over."""
        return message.value


def whole(app: faust.App, *topics: str) -> faust.Topic:
    """A topic whose messages are batches. Without acks: progress is kept by lanes, and Faust keeps
    no account of messages (its ack lists would grow for ever, and commit over gaps)."""
    return app.topic(*topics, schema=Whole(), acks=False)
