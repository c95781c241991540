"""Standing by, as lanes see it: what is held goes to the follower, and comes back as it stands."""

import asyncio
from collections.abc import Mapping

from streams.kafka.ports import TopicPartition
from streams.kafka.store import JourneyStore
from tests.kafka.counting_line import CountingLine
from tests.kafka.memory import SOURCE, MemoryChangelog, World
from tests.kafka.stories import Worker, agrees, filled, journeys

LOG = TopicPartition("throughline-journeys-changelog", 0)
OTHER = TopicPartition(SOURCE.topic, 1)


class MemoryFollower:
    """Follows changelogs in memory, when it is told to."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.stores: dict[TopicPartition, JourneyStore] = {}

    def take(self, tp: TopicPartition) -> JourneyStore | None:
        return self.stores.pop(tp, None)

    def follow(self, stores: Mapping[TopicPartition, JourneyStore]) -> None:
        for tp, store in self.stores.items():
            if stores.get(tp) is not store:
                store.close()
        self.stores = dict(stores)

    def following(self) -> list[TopicPartition]:
        return list(self.stores)

    async def read_on(self) -> None:
        """What a follower does all the time."""
        for tp, store in self.stores.items():
            changelog = TopicPartition(LOG.topic, tp.partition)
            await store.restore(MemoryChangelog(self._world, changelog))


class Counted(JourneyStore):
    """A store that says whether it was let go."""

    closed = False

    def close(self) -> None:
        self.closed = True


def pair(customers: int) -> tuple[World, Worker, Worker, MemoryFollower]:
    """An owner, and another worker with a follower, on one log."""
    world = filled([n % 5 for n in range(customers)])
    follower = MemoryFollower(world)
    second = Worker(world, CountingLine(), store=lambda tp: Counted(), follower=follower)
    return world, Worker(world, CountingLine()), second, follower


def stand_by(worker: Worker, generation: int, *places: TopicPartition) -> None:
    """The group gives this worker no partition, and these to stand by for."""
    worker.group.now = generation
    worker.lanes.assign([], generation, places)


def test_who_stood_by_reads_only_what_came_since():
    """The owner dies; its heir restores the few records after what it had followed."""

    async def story() -> None:
        world, owner, heir, follower = pair(100)
        stand_by(heir, 1, SOURCE)
        owner.join(1)
        await owner.running()
        await owner.drain()
        await follower.read_on()
        followed = follower.stores[SOURCE]
        assert followed.journeys == journeys(world)
        for n in range(10):
            world.write(SOURCE, b"c%d" % (n % 5), b"{}")
        await owner.drain()
        heir.join(2)
        await heir.running()
        lane = next(iter(heir.lanes))
        assert lane.store is followed
        assert 0 < lane.counts["restored"] <= 14
        await heir.drain()
        agrees(world)
        assert follower.following() == []

    asyncio.run(story())


def test_who_had_it_goes_on_from_what_it_holds():
    """A partition goes to another worker and the former owner stands by for it: its store is not
    made anew, and comes back when the partition does."""

    async def story() -> None:
        world, _, worker, follower = pair(50)
        worker.join(1)
        await worker.running()
        await worker.drain()
        store = next(iter(worker.lanes)).store
        await worker.lanes.release([SOURCE], 5.0)
        stand_by(worker, 2, SOURCE)
        assert follower.stores == {SOURCE: store}
        worker.join(3)
        await worker.running()
        assert next(iter(worker.lanes)).store is store
        await worker.drain()
        agrees(world)

    asyncio.run(story())


def test_what_nobody_asks_us_for_any_more_is_let_go():
    """Neither ours nor stood by for: closed, so that a copy on disk is free and memory is."""

    async def story() -> None:
        _, _, worker, follower = pair(5)
        stand_by(worker, 1, SOURCE, OTHER)
        first, second = (follower.stores[tp] for tp in (SOURCE, OTHER))
        stand_by(worker, 2, OTHER)
        assert (first.closed, second.closed) == (True, False)
        assert follower.stores == {OTHER: second}
        stand_by(worker, 3)
        assert second.closed

    asyncio.run(story())


def test_nobody_stands_by_for_what_it_owns():
    """Said by mistake, it is not heeded: two would write to one store."""

    async def story() -> None:
        _, _, worker, follower = pair(5)
        worker.group.now = 1
        worker.lanes.assign([SOURCE], 1, [SOURCE])
        await worker.running()
        assert follower.following() == []

    asyncio.run(story())
