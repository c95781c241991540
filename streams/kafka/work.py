"""What is done with the records of one partition: run, make durable, settle.

Under a backlog a batch is as large as the line can run within ``batch_s``: a transaction costs what
it costs, however much is in it, but nobody else is served while the line runs. What is said does
not depend on where batches are cut. One that does not fit one RecordBatch is cut and run again on a
rolled-back desk.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from streams.engine.record import Record
from streams.kafka.commit import Commit
from streams.kafka.ports import Abandoned, Clock, Limits, Line, Outcome, TooLarge, TopicPartition
from streams.kafka.refusal import Refusal
from streams.kafka.steps import Reached
from streams.kafka.store import JourneyStore

#: One wake may fire timers in portions; more portions than this is a line that never finishes.
_MOST_WAKE_PORTIONS = 10_000

#: Records of the first batch at most, and of one that was cut because it took too long at least.
_FIRST, _LEAST = 2_500, 250

#: After a batch that was too large, so many go well before larger ones are tried again.
_BATCHES_BEFORE_GROWING = 20


class Work:
    """The line, the desk and the commit protocol of one partition, together.

    Args:
        tp: source topic and partition.
        line: the pure line its records go through.
        store: restored.
        commit: of the same partition, lease claimed.
        start: offset to begin at when there is no progress yet.
        clock, limits, reached: see ``ports`` and ``steps``.
        counts: incremented in place.
    """

    def __init__(
        self,
        tp: TopicPartition,
        line: Line,
        store: JourneyStore,
        commit: Commit,
        clock: Clock,
        limits: Limits,
        reached: Reached,
        counts: Counter[str],
    ):
        self.desk = line.open(tp.partition, store.meta, store.journeys)
        self.applied_next = self.desk.next_offset if store.meta is not None else -1
        self.last_applied_s = clock.monotonic_s()
        self._tp, self._line, self._store, self._commit = tp, line, store, commit
        self._clock, self._limits, self._reached, self._counts = clock, limits, reached, counts
        self._portion = min(_FIRST, limits.batch_records)
        self._uncut = _BATCHES_BEFORE_GROWING

    async def apply(self, records: Sequence[Record], next_offset: int) -> None:
        """Take in what is not yet applied of a batch; durable when it returns."""
        self._reached("batch.taken")
        done = self.applied_next
        if next_offset <= done:
            return
        if records and records[0].offset < done:
            records = [record for record in records if record.offset >= done]
        await self._portions(records, next_offset)

    async def _portions(self, records: Sequence[Record], next_offset: int) -> None:
        while len(records) > self._portion:
            head, records = records[: self._portion], records[self._portion :]
            await self._once(head, records[0].offset)
        await self._once(records, next_offset)

    async def _once(self, records: Sequence[Record], next_offset: int) -> None:
        began_s = self._clock.monotonic_s()
        outcome = self._line.run(self.desk, records, next_offset)
        took_s = self._clock.monotonic_s() - began_s
        self._reached("line.ran")
        try:
            await self._settle(outcome)
        except TooLarge:
            if len(records) < 2:
                raise _too_large(self._tp) from None
            self._portion, self._uncut = max(1, len(records) // 2), 0
            self._counts["batches_cut"] += 1
            await self._portions(records, next_offset)
            return
        self._counts["records"] += len(records)
        self._uncut += 1
        self._portion = self._fitting(len(records), took_s)

    def _fitting(self, count: int, took_s: float) -> int:
        """Records of the next batch at most, after one of ``count`` that the line ran in
        ``took_s``."""
        limits, portion = self._limits, self._portion
        if took_s > limits.batch_s:
            return min(portion, max(_LEAST, int(count * limits.batch_s / took_s)))
        grows = portion < limits.batch_records and self._uncut >= _BATCHES_BEFORE_GROWING
        if grows and count >= portion and 2 * took_s <= limits.batch_s:
            return min(limits.batch_records, portion * 2)
        return portion

    async def _settle(self, outcome: Outcome, wake: bool = False) -> None:
        """Make the outcome durable, then ours; on the way back, the desk forgets it."""
        try:
            if wake:
                await self._commit.note(outcome)
            await self._commit.durable(outcome)
        except (Abandoned, TooLarge, asyncio.CancelledError):
            self.desk.rollback()
            raise
        self._line.settle(self.desk, outcome)
        self._store.meta = outcome.meta
        self._reached("line.settled")
        self.applied_next = outcome.next_offset
        self.last_applied_s = self._clock.monotonic_s()
        self._counts["batches"] += 1
        self._counts.update(outcome.counts)
        await self._commit.mend()
        self._store.kept()

    async def owed(self) -> None:
        """Before anything is read: fire what an owner before us had noted, or had not finished."""
        await self.wake(0, lambda: False)

    async def wake(self, wall_ms: int, interrupted: Callable[[], bool]) -> None:
        """Fire what is due by the wall clock, in portions.

        Args:
            wall_ms: epoch milliseconds.
            interrupted: the lane is being released: leave the rest to the next owner. Records
                wait: the watermark has already passed what is left.
        """
        for _ in range(_MOST_WAKE_PORTIONS):
            outcome = self._line.wake(self.desk, wall_ms)
            if outcome is None:
                return
            self._reached("line.ran")
            try:
                await self._settle(outcome, wake=True)
            except TooLarge:
                raise _too_large(self._tp) from None
            self._counts["wakes"] += 1
            if interrupted():
                return
        raise Refusal(
            "wake_without_end",
            f"A wake of {self._tp.topic}[{self._tp.partition}] never said that it was done.",
            f"{_MOST_WAKE_PORTIONS} portions of one wake were fired.",
            "This is a fault of ours; report it.",
        )


def _too_large(tp: TopicPartition) -> Refusal:
    return Refusal(
        "outcome_too_large",
        f"What one record or wake of {tp.topic}[{tp.partition}] changed does not fit one "
        "RecordBatch.",
        "Without transactions, journeys and progress must travel in one batch to stay atomic.",
        "Raise max.message.bytes of the changelog topic and THROUGHLINE_CHANGELOG_BATCH_BYTES, or "
        "use delivery exactly_once.",
    )
