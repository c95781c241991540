"""The store on disk: what a restart reads of the changelog, and where it stands."""

import asyncio

import pytest

from streams.kafka.ports import Entry
from streams.kafka.refusal import NOT_READY, Refusal
from streams.kafka.shelf import Shelf
from streams.kafka.store import META_KEY
from tests.kafka.disk import LOG, entries, filled, journey, write


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
