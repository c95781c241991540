"""Lines without journeys: records pass through, and only progress is kept.

Pure, like the line of the touchpoints topic, and behind the same interface, so that the same lane
and the same commit protocol serve them: what is passed on and how far we are become durable
together, once.
"""

from collections.abc import MutableMapping, Sequence

from streams.engine.record import Record, Send
from streams.engine.watermark import Watermark
from streams.line import Outcome
from streams.wire import progress


class PassingDesk:
    """How far one partition has been passed on."""

    def __init__(self, partition: int, next_offset: int):
        self.partition = partition
        self.next_offset = next_offset
        self.watermark_ms = 0
        self.next_due_ms: int | None = None

    def rollback(self) -> None:
        """Nothing is kept between records, so there is nothing to forget."""


class PassingLine:
    """Passes each record on; subclasses say as what.

    Args:
        topic: real name of the source topic, for dead letters.
    """

    def __init__(self, topic: str):
        self.topic = topic

    def passed(self, record: Record, partition: int) -> tuple[Send, str]:
        """What one record becomes, and under which name it is counted."""
        raise NotImplementedError

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> PassingDesk:
        """A desk at the restored progress."""
        done = 0 if meta is None else progress.decode(meta).next_offset
        return PassingDesk(partition, done)

    def run(self, desk: PassingDesk, records: Sequence[Record], next_offset: int) -> Outcome:
        """Each record of a batch, passed on in order."""
        outcome = Outcome(next_offset)
        for record in records:
            send, name = self.passed(record, desk.partition)
            outcome.sends.append(send)
            outcome.count(name)
        outcome.meta = progress.encode(desk.partition, next_offset, Watermark())
        return outcome

    def wake(self, desk: PassingDesk, wall_ms: int) -> Outcome | None:
        """There are no timers here."""
        return None

    def settle(self, desk: PassingDesk, outcome: Outcome) -> None:
        """The outcome is durable."""
        desk.next_offset = outcome.next_offset
