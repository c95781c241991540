"""The work of one partition: what is applied already is not applied again."""

import asyncio
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from streams.engine.record import Record
from streams.kafka.commit import Commit
from streams.kafka.ports import Limits, TopicPartition
from streams.kafka.steps import nobody
from streams.kafka.store import JourneyStore
from streams.kafka.work import Work
from tests.kafka.counting_line import Chain, CountingLine
from tests.kafka.memory import (
    SOURCE,
    MemoryChangelog,
    MemoryClock,
    MemoryGroup,
    MemoryWriter,
    World,
)


class SlowLine(CountingLine):
    """Takes its time for each record, and notes how many it was given at once."""

    def __init__(self, clock: MemoryClock, each_s: float) -> None:
        super().__init__()
        self._clock, self.each_s = clock, each_s
        self.given: list[int] = []

    def run(self, desk, records, next_offset):
        self._clock.now_s += self.each_s * len(records)
        self.given.append(len(records))
        return super().run(desk, records, next_offset)


async def begun(
    line: CountingLine, clock: MemoryClock, counts: Counter[str], store: JourneyStore
) -> Work:
    """The work of a partition of which nothing is applied yet."""
    world, log = World(), TopicPartition("changelog", 0)
    writer, changelog = MemoryWriter(world, log, True), MemoryChangelog(world, log)
    await writer.fence()
    limits = Limits(batch_records=10_000, batch_s=0.25)
    commit = Commit(writer, changelog, store, MemoryGroup(), clock, limits, 1, nobody)
    return Work(SOURCE, line, store, commit, clock, limits, nobody, counts)


def told(count: int) -> list[Record]:
    """So many records of one customer."""
    return [Record(offset, 0, b"c1", b"{}") for offset in range(count)]


def batches_of(each_s: float, change: Callable[[SlowLine], None] = lambda _: None) -> list[int]:
    """How a backlog of sixty thousand is cut, fetched in the largest batches; after the first one
    something may change."""

    async def story() -> list[int]:
        clock = MemoryClock()
        line = SlowLine(clock, each_s)
        work, records = await begun(line, clock, Counter(), JourneyStore()), told(60_000)
        for begin in range(0, 60_000, 10_000):
            await work.apply(records[begin : begin + 10_000], begin + 10_000)
            if not begin:
                change(line)
        assert sum(line.given) == work.applied_next == 60_000
        return line.given

    return asyncio.run(story())


def test_what_costs_little_goes_in_the_largest_batches():
    """A transaction costs what it costs: batches double until a fetch is one batch."""
    given = batches_of(10e-6)
    assert given[0] == 2_500
    assert given[-1] == 10_000


def test_no_batch_holds_the_worker_up_for_longer_than_was_set():
    """A quarter of a second at 500 microseconds a record: after the first, 500 records a batch."""
    given = batches_of(500e-6)
    assert given[0] == 2_500
    assert max(given[1:]) <= 500


@pytest.mark.parametrize("each_s", [50e-6, 100e-6, 200e-6])
def test_batches_come_near_what_fits_and_stay_below(each_s):
    """At least half of it, from the fourth on: what was too long is not tried again."""
    fitting, later = round(0.25 / each_s), batches_of(each_s)[3:]
    assert fitting / 2 <= max(later) <= fitting


def test_a_line_that_becomes_slow_is_noticed_within_a_batch():
    """Sizes follow what the last batch took."""

    def change(line: SlowLine) -> None:
        line.each_s = 1e-3

    given = batches_of(10e-6, change)
    slow = given[given.index(250) :]
    assert set(slow) == {250}


def test_however_slow_a_line_some_records_go_together():
    """Not every record alone, or nothing would ever be caught up."""
    assert min(batches_of(0.1)[1:]) == 250


def test_batches_that_overlap_count_each_record_once():
    """Whatever is handed over twice, wholly or in part: records below our progress are dropped, and
    a batch that holds nothing new is not even made durable."""

    async def story() -> None:
        counts: Counter[str] = Counter()
        store = JourneyStore()
        work = await begun(CountingLine(), MemoryClock(), counts, store)
        records = told(20)
        for begin, end in ((0, 8), (5, 12), (3, 12), (12, 13), (12, 20), (0, 20)):
            await work.apply(records[begin:end], end)
        chain = msgspec.msgpack.decode(store.journeys[b"c1"], type=Chain)
        assert (chain.n, work.applied_next, counts["batches"]) == (20, 20, 4)

    asyncio.run(story())
