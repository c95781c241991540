"""What the protocol leans on, asked of the world in memory and of a real Kafka alike.

Where both agree, what is proven against the one holds for the other.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import NamedTuple

import pytest

from streams.engine.record import Send
from streams.kafka import topics
from streams.kafka.changelog import KafkaChangelog
from streams.kafka.ports import (
    Changelog,
    Entry,
    Fenced,
    NotDurable,
    TooLarge,
    TopicPartition,
    Writer,
)
from streams.kafka.store import META_KEY, JourneyStore, lease_of
from streams.kafka.writer import SharedProducer, SharedWriter, TransactionalWriter
from streams.settings import Settings
from tests.kafka.memory import MemoryChangelog, MemoryWriter, World
from tests.live.workers import read_all

ALERTS = "alerts.effort.v1"


class Place(NamedTuple):
    """One partition of one world."""

    writer: Callable[[bool], Writer]
    changelog: Changelog
    alerts: Callable[[], object]


def in_memory() -> Place:
    """The fakes the lanes' specs run on."""
    world, log = World(), TopicPartition("changelog", 0)

    async def alerts() -> list[bytes]:
        place = TopicPartition(ALERTS, 0)
        return [r.value for r in world.read(place, 0, world.end(place))]

    return Place(
        lambda transactional: MemoryWriter(world, log, transactional, most_entries=50),
        MemoryChangelog(world, log),
        alerts,
    )


def on_kafka(bootstrap: str) -> Place:
    """A real broker, one partition, names of its own."""
    name = f"contract-{secrets.token_hex(4)}"
    settings = Settings(
        _env_file=None,
        broker=bootstrap,
        app_id=name,
        prefix=name,
        partitions=1,
        changelog_batch_bytes=65_536,
    )
    asyncio.run(topics.prepare(settings))
    source = settings.topic(topics.TOUCHPOINTS)
    log = topics.changelog_of(settings, source)

    def writer(transactional: bool) -> Writer:
        if transactional:
            return TransactionalWriter(settings, source, log, 0)
        return SharedWriter(settings, SharedProducer(settings), log, 0)

    async def alerts() -> list[bytes]:
        return [record.value for record in await read_all(settings, settings.topic(ALERTS))]

    return Place(writer, KafkaChangelog(settings, log, 0), alerts)


@pytest.fixture(params=["memory", "kafka"])
def place(request) -> Place:
    """Each promise is asked of both."""
    if request.param == "memory":
        return in_memory()
    return on_kafka(request.getfixturevalue("kafka").bootstrap)


def alert(value: bytes) -> Send:
    """One alert."""
    return Send(ALERTS, b"c1", value, (), 1_000)


async def started(place: Place, transactional: bool) -> Writer:
    """A fenced writer."""
    writer = place.writer(transactional)
    await writer.fence()
    return writer


async def close(*writers: Writer) -> None:
    """Connections do not outlive the test."""
    for writer in writers:
        await writer.close()
        shared = getattr(writer, "_shared", None)
        if shared is not None:
            await shared.close()


async def restored(place: Place) -> JourneyStore:
    """What a new owner would hold."""
    store = JourneyStore()
    await store.restore(place.changelog)
    return store


async def inherited(place: Place, store: JourneyStore | None = None) -> tuple[JourneyStore, int]:
    """What the next owner holds and how much it read: it fences first, and only then reads.

    A commit is answered before its markers are in the log, so a reader that did not fence may be a
    moment behind; InitProducerId waits for them.
    """
    owner = await started(place, True)
    store = store or JourneyStore()
    count = await store.restore(place.changelog)
    await close(owner)
    return store, count


def test_an_append_is_contiguous_and_says_where_it_stands(place):
    """Without transactions: base offsets tell whether anybody wrote in between, and every record
    carries its lease."""

    async def story() -> None:
        writer = await started(place, False)
        assert await writer.append([Entry(b"a", b"1"), Entry(META_KEY, b"m")], 7) == 0
        assert await writer.append([Entry(b"b", b"2")], 7) == 2
        bounds = await place.changelog.bounds()
        assert (bounds.start, bounds.end) == (0, 3)
        portions = [portion async for portion in place.changelog.read(0, 3)]
        assert [lease_of(r) for records, _ in portions for r in records] == [7, 7, 7]
        await close(writer)

    asyncio.run(story())


def test_what_does_not_fit_one_record_batch_is_not_written_at_all(place):
    """Without transactions: too much for one RecordBatch is refused before any of it leaves."""

    async def story() -> None:
        writer = await started(place, False)
        with pytest.raises(TooLarge):
            await writer.append([Entry(b"k%d" % n, b"x" * 2_000) for n in range(200)], 1)
        assert (await place.changelog.bounds()).end == 0
        await close(writer)

    asyncio.run(story())


def test_with_a_transaction_it_may_take_several_batches_and_is_still_whole(place):
    """All of it or nothing, however large."""

    async def story() -> None:
        writer = await started(place, True)
        await writer.begin()
        await writer.append([Entry(b"k%d" % n, b"x" * 2_000) for n in range(200)], 1)
        assert (await restored(place)).journeys == {}
        await writer.commit()
        store, _ = await inherited(place)
        assert len(store.journeys) == 200
        await close(writer)

    asyncio.run(story())


def test_what_is_aborted_or_left_open_is_never_read(place):
    """Neither alerts nor journeys of a transaction that was not committed are seen; a later owner's
    start clears what an earlier one left open."""

    async def story() -> None:
        first = await started(place, True)
        await first.begin()
        await first.send([alert(b"aborted")])
        await first.append([Entry(b"a", b"aborted")], 1)
        await first.abort()
        await first.begin()
        await first.send([alert(b"left open")])
        await first.append([Entry(b"a", b"left open")], 1)
        second = await started(place, True)
        assert (await restored(place)).journeys == {}
        await second.begin()
        await second.send([alert(b"good")])
        await second.append([Entry(b"a", b"good")], 2)
        await second.commit()
        store, _ = await inherited(place)
        assert store.journeys == {b"a": b"good"}
        assert await place.alerts() == [b"good"]
        await close(first, second)

    asyncio.run(story())


def test_a_later_owner_fences_an_earlier_one(place):
    """The earlier can neither commit what it had begun nor begin anew."""

    async def anew(zombie: Writer) -> None:
        await zombie.begin()
        await zombie.append([Entry(b"a", b"stale again")], 1)

    async def story() -> None:
        zombie = await started(place, True)
        await zombie.begin()
        await zombie.send([alert(b"stale")])
        await zombie.append([Entry(b"a", b"stale")], 1)
        owner = await started(place, True)
        with pytest.raises(Fenced):
            await zombie.commit()
        with pytest.raises((Fenced, NotDurable)):
            await anew(zombie)
        assert (await restored(place)).journeys == {}
        await close(zombie, owner)

    asyncio.run(story())


def test_a_restore_reads_only_what_is_new_and_drops_what_was_deleted(place):
    """Brought up to date from where it stood, past transaction markers."""

    async def write(*entries: Entry) -> None:
        writer = await started(place, True)
        await writer.begin()
        await writer.append(list(entries), 1)
        await writer.commit()
        await close(writer)

    async def story() -> None:
        await write(Entry(b"a", b"1"), Entry(b"b", b"1"), Entry(META_KEY, b"m1"))
        store, _ = await inherited(place)
        assert (store.journeys, store.meta) == ({b"a": b"1", b"b": b"1"}, b"m1")
        await write(Entry(b"a", None), Entry(META_KEY, b"m2"))
        assert await inherited(place, store) == (store, 2)
        assert (store.journeys, store.meta) == ({b"b": b"1"}, b"m2")
        assert await inherited(place, store) == (store, 0)

    asyncio.run(story())


def test_a_stale_owners_records_are_not_believed(place):
    """A record of a lower lease than one already seen is skipped, wherever it stands."""

    async def story() -> None:
        owner, zombie = await started(place, False), await started(place, False)
        await zombie.append([Entry(b"a", b"old"), Entry(META_KEY, b"m1")], 1)
        await owner.append([Entry(b"a", b"new"), Entry(META_KEY, b"m2")], 2)
        await zombie.append([Entry(b"a", b"stale"), Entry(META_KEY, b"m0")], 1)
        store = await restored(place)
        assert (store.journeys, store.meta, store.stale_records) == ({b"a": b"new"}, b"m2", 2)
        await close(owner, zombie)

    asyncio.run(story())
