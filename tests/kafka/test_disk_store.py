"""The store on disk: what a restart reads of the changelog, and which copies it does not trust."""

import asyncio
import logging
from pathlib import Path

import pytest

from streams.kafka import disk_store
from streams.kafka.disk_journeys import DamagedStore
from streams.kafka.disk_store import DiskStore
from streams.kafka.ports import Bounds, Entry, TopicPartition
from streams.kafka.refusal import NOT_READY, Refusal
from streams.kafka.shelf import Shelf
from streams.kafka.store import META_KEY
from tests.kafka.memory import MemoryChangelog, MemoryWriter, World
from tests.kafka.test_disk_journeys import journey

LOG = TopicPartition("log", 0)


class Named(MemoryChangelog):
    """A changelog whose topic has an id."""

    def __init__(self, world: World, name: str = "id-1"):
        super().__init__(world, LOG)
        self._name = name

    async def bounds(self) -> Bounds:
        return (await super().bounds())._replace(log=self._name)


async def write(world: World, *entries: Entry, lease: int = 1, commit: bool = True) -> None:
    """One unit of work, committed or given up."""
    writer = MemoryWriter(world, LOG, transactional=True)
    await writer.fence()
    await writer.begin()
    await writer.append(entries, lease)
    if commit:
        await writer.commit()
    else:
        await writer.abort()


def entries(*numbers: int) -> list[Entry]:
    """A journey of each of these customers."""
    return [Entry(b"c%d" % n, journey(n)) for n in numbers]


class House:
    """A worker's folder, its clock, and a changelog, across restarts."""

    def __init__(self, folder: Path):
        self.folder, self.world, self.wall_s, self.topic = folder, World(), 1e9, "id-1"
        self.shelf: Shelf | None = None

    async def started(self) -> tuple[DiskStore, int]:
        """A store as after a restart, and how many records it took."""
        self.shelf = Shelf(self.folder, 384)
        store = DiskStore(self.shelf, LOG.topic, LOG.partition, lambda: self.wall_s)
        return store, await store.restore(Named(self.world, self.topic))

    def stopped(self, store: DiskStore) -> None:
        """The process ends, in order."""
        store.close()
        assert self.shelf is not None
        self.shelf._lock.close()


@pytest.fixture
def house(tmp_path):
    """With nothing in it."""
    return House(tmp_path)


def told(caplog) -> list[str]:
    """What was said of copies made anew."""
    return [r.getMessage() for r in caplog.records if "made anew" in r.getMessage()]


async def filled(house: House) -> None:
    """Ten journeys and their progress, restored once and closed."""
    await write(house.world, *entries(*range(10)), Entry(META_KEY, b"m1"))
    store, count = await house.started()
    assert count == 11
    house.stopped(store)


def test_a_restart_reads_only_what_was_written_since(house):
    """Journeys, progress, lease and timers come from disk; the tail from the changelog."""

    async def story() -> None:
        await filled(house)
        await write(house.world, Entry(b"c3", None), *entries(77), Entry(META_KEY, b"m2"), lease=4)
        store, count = await house.started()
        assert count == 3
        want = {b"c%d" % n: journey(n) for n in (0, 1, 2, 4, 5, 6, 7, 8, 9, 77)}
        assert dict(store.journeys) == want
        assert (store.meta, store.lease) == (b"m2", 4)
        assert store.journeys.timers(None, 3)[0] == [(1, b"c1"), (2, b"c2"), (4, b"c4")]
        house.stopped(store)
        store, count = await house.started()
        assert (count, dict(store.journeys)) == (0, want)
        house.stopped(store)

    asyncio.run(story())


def test_what_a_worker_settled_is_there_after_a_restart(house):
    """Written when the changelog has it, with where it ends; what was only set is not."""

    async def story() -> None:
        await filled(house)
        store, _ = await house.started()
        await write(house.world, *entries(50))
        store.journeys[b"c50"] = journey(50)
        store.next_offset, store.meta = house.world.end(LOG), b"m2"
        store.kept()
        store.journeys[b"c51"] = journey(51)  # its transaction never comes to an end
        house.stopped(store)
        store, count = await house.started()
        assert count == 0
        assert (b"c50" in store.journeys, b"c51" in store.journeys) == (True, False)
        assert store.meta == b"m2"
        house.stopped(store)

    asyncio.run(story())


def test_what_was_not_committed_never_comes_to_disk(house):
    """A restore sees committed records alone; one given up leaves no trace."""

    async def story() -> None:
        await filled(house)
        await write(house.world, *entries(60), commit=False)
        store, _ = await house.started()
        assert b"c60" not in store.journeys
        house.stopped(store)

    asyncio.run(story())


async def _wiped(house: House) -> None:
    for path in (house.folder / "worker-0" / "log" / "0").iterdir():
        path.unlink()


async def _ahead(house: House) -> None:
    house.world.logs[LOG] = house.world.logs[LOG][:4]


async def _made_again(house: House) -> None:
    house.topic = "id-2"


async def _unnumbered(house: House) -> None:
    house.topic = ""


async def _left_alone(house: House) -> None:
    house.wall_s += disk_store.TRUSTED_S + 60


async def _truncated(house: House) -> None:
    for path in (house.folder / "worker-0" / "log" / "0").glob("MANIFEST*"):
        path.write_bytes(path.read_bytes()[:20])


async def _scrambled(house: House) -> None:
    for path in (house.folder / "worker-0" / "log" / "0").glob("*.sst"):
        content = bytearray(path.read_bytes())
        content[5:200] = bytes(195)
        path.write_bytes(content)


async def _of_tomorrow(house: House) -> None:
    store, _ = await house.started()
    store.journeys.write(b"\xc1")
    house.stopped(store)


async def _headless(house: House) -> None:
    store, _ = await house.started()
    store.journeys._db.delete(b"h")
    house.stopped(store)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_ahead, "it stands at 12, and the log is 0..4"),
        (_made_again, "it is of another topic of that name"),
        (_unnumbered, "it is of another topic of that name"),
        (_left_alone, "it has not followed its log for 20 hours"),
        (_truncated, "it cannot be read"),
        (_scrambled, "it cannot be read"),
        (_of_tomorrow, "another version wrote it"),
        (_headless, "nothing in it says where it stands"),
    ],
)
def test_a_copy_that_cannot_be_trusted_is_made_anew(house, caplog, harm, reason):
    """From the whole changelog, and that is said in one line with the reason."""

    async def story() -> None:
        caplog.set_level(logging.INFO, "throughline.worker")
        await filled(house)
        await harm(house)
        store, count = await house.started()
        left = min(10, house.world.end(LOG))
        assert count >= left
        assert dict(store.journeys) == {b"c%d" % n: journey(n) for n in range(left)}
        assert len(told(caplog)) == 1
        assert reason in told(caplog)[0]
        house.stopped(store)

    asyncio.run(story())


def test_one_that_was_wiped_is_simply_made(house, caplog):
    """Nothing there is nothing to distrust."""

    async def story() -> None:
        caplog.set_level(logging.INFO, "throughline.worker")
        await filled(house)
        await _wiped(house)
        store, count = await house.started()
        assert (count, len(store.journeys)) == (11, 10)
        assert not told(caplog)
        house.stopped(store)

    asyncio.run(story())


def test_damage_met_while_working_ends_the_worker_and_the_next_start_makes_it_anew(house, caplog):
    """A journey that cannot be read is not taken for one that is not there."""

    async def story() -> None:
        caplog.set_level(logging.INFO, "throughline.worker")
        await filled(house)
        store, _ = await house.started()
        store.journeys._db.close()
        with pytest.raises(DamagedStore):
            store.journeys.get(b"c1")
        house.stopped(store)
        store, count = await house.started()
        assert (count, len(store.journeys)) == (11, 10)
        assert "found damaged" in told(caplog)[0]
        house.stopped(store)
        _, count = await house.started()
        assert count == 0

    asyncio.run(story())


def test_stale_words_are_remembered_across_a_restart(house):
    """Keys of which the last record is not believed have to be written over by whoever is next."""

    async def story() -> None:
        await write(house.world, *entries(1, 2), lease=5)
        await write(house.world, *entries(2), lease=3)
        store, _ = await house.started()
        assert store.stale_keys == {b"c2"}
        house.stopped(store)
        store, count = await house.started()
        assert (store.stale_keys, count) == ({b"c2"}, 0)
        house.stopped(store)

    asyncio.run(story())


def test_two_workers_on_one_machine_take_different_folders(tmp_path):
    """The first free one; it is free again when its worker is gone."""
    first, second = Shelf(tmp_path, 384), Shelf(tmp_path, 384)
    assert (first.folder.name, second.folder.name) == ("worker-0", "worker-1")
    first._lock.close()
    assert Shelf(tmp_path, 384).folder.name == "worker-0"


def test_a_folder_that_cannot_be_used_is_refused(tmp_path):
    """By name, before anything starts."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal) as refused:
        Shelf(tmp_path / "file", 384)
    assert (refused.value.name, refused.value.code) == ("store_unusable", NOT_READY)


def test_near_its_limit_a_worker_keeps_fewer_journeys_decoded(tmp_path):
    """Whatever a journey takes: down in steps, once a second at most, never up again."""
    used = 300_000_000
    shelf = Shelf(tmp_path, 1_024, lambda: used)
    shelf.look(10.0)
    begun = shelf.live_max()
    used = 1_000_000_000
    shelf.look(10.5)
    assert shelf.live_max() == begun
    shelf.look(11.1)
    fewer = shelf.live_max()
    assert fewer < begun
    shelf.look(12.2)
    assert shelf.live_max() < fewer
    used, fewer = 300_000_000, shelf.live_max()
    shelf.look(14.0)
    assert shelf.live_max() == fewer


def test_memory_is_shared_out_among_the_partitions_that_are_open(tmp_path):
    """More partitions, fewer live journeys each; more memory, more of them."""
    small, large = Shelf(tmp_path, 512), Shelf(tmp_path, 2_048)
    small.open("log/0")
    one = small.live_max()
    small.open("log/1")
    assert abs(small.live_max() - one / 2) <= 1
    small.closed("log/1")
    assert small.live_max() == one < large.live_max()
