"""The journey store: what a partition's owner restores, and whom it does not believe."""

import asyncio

from streams.kafka.ports import Entry, TopicPartition
from streams.kafka.store import LEASE_KEY, META_KEY, JourneyStore
from tests.kafka.memory import MemoryChangelog, MemoryWriter, World

LOG = TopicPartition("changelog", 0)


async def write(world: World, lease: int, *entries: Entry) -> None:
    """One committed unit of work."""
    writer = MemoryWriter(world, LOG, transactional=True)
    await writer.fence()
    await writer.begin()
    await writer.append(entries, lease)
    await writer.commit()


async def restored(world: World, store: JourneyStore | None = None) -> tuple[JourneyStore, int]:
    """The store, and how many records it took to bring it up to date."""
    store = store or JourneyStore()
    return store, await store.restore(MemoryChangelog(world, LOG))


def test_the_last_value_of_a_key_counts_and_a_tombstone_takes_it_away():
    """The plain rule of a compacted log; progress and lease are no journeys."""

    async def story() -> None:
        world = World()
        await write(world, 1, Entry(LEASE_KEY, b"owner"), Entry(b"a", b"1"), Entry(b"b", b"1"))
        await write(world, 1, Entry(b"a", b"2"), Entry(b"b", None), Entry(META_KEY, b"m"))
        store, count = await restored(world)
        assert (store.journeys, store.meta, store.lease, count) == ({b"a": b"2"}, b"m", 1, 6)

    asyncio.run(story())


def test_only_what_is_new_is_read_when_a_partition_comes_back():
    """Past transaction markers, and nothing at all when nothing was written."""

    async def story() -> None:
        world = World()
        await write(world, 1, Entry(b"a", b"1"), Entry(b"b", b"1"), Entry(META_KEY, b"m1"))
        store, _ = await restored(world)
        await write(world, 2, Entry(b"a", None), Entry(META_KEY, b"m2"))
        assert await restored(world, store) == (store, 2)
        assert (store.journeys, store.meta, store.lease) == ({b"b": b"1"}, b"m2", 2)
        assert await restored(world, store) == (store, 0)

    asyncio.run(story())


def test_records_of_an_outlived_lease_are_not_believed():
    """A record of a lower lease than one already seen is skipped, progress included; counted."""

    async def story() -> None:
        world = World()
        await write(world, 1, Entry(b"a", b"old"), Entry(META_KEY, b"m1"))
        await write(world, 2, Entry(b"a", b"new"), Entry(META_KEY, b"m2"))
        await write(world, 1, Entry(b"a", b"stale"), Entry(b"b", b"stale"), Entry(META_KEY, b"m0"))
        store, _ = await restored(world)
        assert (store.journeys, store.meta) == ({b"a": b"new"}, b"m2")
        assert store.stale_records == 3

    asyncio.run(story())


def test_progress_of_the_restore_is_told():
    """Start, position and end, so that a worker can say how far it is."""

    async def story() -> None:
        world = World()
        await write(world, 1, *(Entry(b"c%d" % n, b"x") for n in range(30)))
        told: list[tuple[int, int, int]] = []
        store = JourneyStore()
        await store.restore(MemoryChangelog(world, LOG), lambda *at: told.append(at))
        assert told[0][0] == 0 and told[-1][1:] == (31, 31)
        assert [at for _, at, _ in told] == sorted(at for _, at, _ in told)

    asyncio.run(story())
