"""A lane's inbox: batches in unbroken order, bounded, with every gap noticed.

Pure bookkeeping, no waiting: the lane asks it what to do.
"""

from collections import deque
from collections.abc import Sequence
from enum import Enum

from streams.engine.record import Record
from streams.kafka.ports import Batch, Limits


class Arrival(Enum):
    """What became of a batch that arrived."""

    TAKEN = "taken"
    LEFTOVER = "leftover"  # fetched before a seek, or holds only what is already here
    GAP = "gap"  # something before it is missing: seek back and read again
    GAP_IS_REAL = "gap_is_real"  # it was missing after the seek as well: taken, and counted


class Inbox:
    """Batches waiting for one lane.

    A gap (a batch that begins after the offset we expect) is met by reading again from the expected
    offset. Only if the very same gap shows again is it believed. So whatever is swallowed between
    the consumer and the lane costs a second read, never a touchpoint.
    """

    def __init__(self, limits: Limits):
        self._limits = limits
        self._batches: deque[Batch] = deque()
        self._records = 0
        self._bytes = 0
        self._seek = -1
        self._gap: tuple[int, int] | None = None
        self.expects = 0  # next offset this lane wants to see
        self.handed = 0  # next offset not yet on its way to us

    def stand_at(self, offset: int, seek: int) -> None:
        """The consumer was sent to ``offset``; nothing fetched before counts any more."""
        self.expects = self.handed = offset
        self._seek = seek

    @property
    def seek(self) -> int:
        """Number of the seek in force."""
        return self._seek

    def on_its_way(self, batch: Batch) -> None:
        """The consumer handed a batch over; it should arrive shortly."""
        if batch.seek == self._seek:
            self.handed = max(self.handed, batch.next_offset)

    @property
    def in_transit(self) -> bool:
        """Something handed over has not arrived."""
        return self.handed > self.expects

    @property
    def empty(self) -> bool:
        return not self._batches

    @property
    def has_room(self) -> bool:
        """Whether another batch may be fetched."""
        return self._records < self._limits.batch_records and self._bytes < self._limits.batch_bytes

    def arrive(self, batch: Batch) -> Arrival:
        """Take a batch in, or say why not."""
        if batch.seek != self._seek or batch.next_offset <= self.expects:
            return Arrival.LEFTOVER
        verdict = Arrival.TAKEN
        if batch.from_offset > self.expects:
            gap = (self.expects, batch.from_offset)
            if gap != self._gap:
                self._gap = gap
                return Arrival.GAP
            verdict = Arrival.GAP_IS_REAL
        self._gap = None
        self._batches.append(batch)
        self._records += len(batch.records)
        self._bytes += batch.size_bytes
        self.expects = batch.next_offset
        self.handed = max(self.handed, self.expects)
        return verdict

    def take(self) -> tuple[Sequence[Record], int]:
        """Records to apply at once and the offset after them; waiting batches are joined."""
        first = self._pop()
        records, next_offset = first.records, first.next_offset
        while (
            self._batches
            and len(records) + len(self._batches[0].records) <= self._limits.batch_records
        ):
            batch = self._pop()
            records, next_offset = [*records, *batch.records], batch.next_offset
        return records, next_offset

    def _pop(self) -> Batch:
        batch = self._batches.popleft()
        self._records -= len(batch.records)
        self._bytes -= batch.size_bytes
        return batch

    def clear(self) -> None:
        """Let everything waiting go; it is read again by whoever owns the partition next."""
        self._batches.clear()
        self._records = self._bytes = 0
        self._seek = -1
