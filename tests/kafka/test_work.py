"""The work of one partition: what is applied already is not applied again."""

import asyncio
from collections import Counter

import msgspec

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


def test_batches_that_overlap_count_each_record_once():
    """Whatever is handed over twice, wholly or in part: records below our progress are dropped, and
    a batch that holds nothing new is not even made durable."""

    async def story() -> None:
        world, log, store = World(), TopicPartition("changelog", 0), JourneyStore()
        writer, changelog = MemoryWriter(world, log, True), MemoryChangelog(world, log)
        await writer.fence()
        clock, limits, counts = MemoryClock(), Limits(), Counter()
        commit = Commit(writer, changelog, store, MemoryGroup(), clock, limits, 1, nobody)
        work = Work(SOURCE, CountingLine(), store, commit, clock, limits, nobody, counts)
        records = [Record(offset, 0, b"c1", b"{}") for offset in range(20)]
        for begin, end in ((0, 8), (5, 12), (3, 12), (12, 13), (12, 20), (0, 20)):
            await work.apply(records[begin:end], end)
        chain = msgspec.msgpack.decode(store.journeys[b"c1"], type=Chain)
        assert (chain.n, work.applied_next, counts["batches"]) == (20, 20, 4)

    asyncio.run(story())
