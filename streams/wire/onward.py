"""A record that goes on as it is: to its right partition, or to where the late ones are kept."""

from streams.engine.record import Record, Send
from streams.wire.headers import forwardable


def sent_on(topic: str, record: Record) -> Send:
    """The record, key, bytes and time unchanged, for another topic or its right partition.

    Args:
        topic: logical name.
        record: as it lay in the log; of its headers goes on what may (``wire.headers``).
    """
    return Send(topic, record.key, record.value, forwardable(record.headers), record.timestamp_ms)
