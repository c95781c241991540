"""Where a lane begins: at first, after a restart, when a partition comes back, or not at all."""

import asyncio

import pytest

from streams.kafka.ports import Limits, TopicPartition
from tests.kafka.counting_line import CountingLine, expected
from tests.kafka.memory import SOURCE
from tests.kafka.stories import BOTH, Worker, agrees, chains, filled, work_through


@BOTH
def test_it_goes_on_where_progress_says_not_where_the_group_committed(delivery):
    """A restart reads from meta.next, even though the group's offset is far behind."""
    world = filled([n % 7 for n in range(100)])
    asyncio.run(work_through(world, delivery=delivery))
    for n in range(100):
        world.write(SOURCE, b"c%d" % (n % 7), b"{}")
    world.committed[SOURCE] = 3
    worker = asyncio.run(work_through(world, delivery=delivery))
    assert worker.source.seeks_to == [100]
    agrees(world)


def test_a_first_start_begins_at_the_first_record():
    """Without progress of ours, wherever retention has left the beginning."""
    world = filled([1] * 30)
    world.starts[SOURCE] = 5
    worker = asyncio.run(work_through(world))
    assert worker.source.seeks_to == [5]


@BOTH
def test_a_partition_that_comes_back_is_not_restored_from_the_beginning(delivery):
    """Revoked and assigned again: only what was written since is read."""

    async def story() -> None:
        world = filled(list(range(100)))
        worker = Worker(world, CountingLine(), delivery=delivery)
        worker.join(1)
        await worker.running()
        await worker.drain()
        store = next(iter(worker.lanes)).store
        before = store.next_offset
        await worker.lanes.release([SOURCE], 5.0)
        worker.join(2)
        await worker.running()
        assert next(iter(worker.lanes)).store is store
        assert store.next_offset - before <= 2
        for n in range(100):
            world.write(SOURCE, b"c%d" % n, b"{}")
        await worker.drain()
        agrees(world)

    asyncio.run(story())


def test_release_drops_what_waits_and_finishes_what_is_in_hand():
    """The batch in hand is committed; the rest is read by the next owner."""

    async def story() -> None:
        world = filled([n % 5 for n in range(100)])
        worker = Worker(world, CountingLine(), limits=Limits(batch_records=5))
        worker.join(1)
        await worker.running()
        await worker.poll()
        waiting = worker.source.fetch(SOURCE)
        worker.lanes.on_its_way(waiting)
        worker.lanes.accept(waiting)
        assert await worker.lanes.release([SOURCE], 5.0)
        assert len(worker.lanes) == 0
        assert worker.lanes.applied() == {SOURCE: 5}
        second = Worker(world, CountingLine())
        second.join(2)
        await second.running()
        assert second.source.seeks_to == [5]
        await second.drain()
        agrees(world)

    asyncio.run(story())


def test_what_was_held_is_let_go_if_the_changelog_is_another_one():
    """Shorter than what we held, it cannot be the log we read: restored from the beginning."""

    async def story() -> None:
        world = filled([n % 5 for n in range(30)])
        worker = Worker(world, CountingLine())
        worker.join(1)
        await worker.running()
        await worker.drain()
        await worker.lanes.release([SOURCE], 5.0)
        world.logs[TopicPartition("throughline-journeys-changelog", 0)].clear()
        worker.join(2)
        await worker.running()
        assert worker.source.seeks_to == [0, 0]
        await worker.drain()
        assert chains(world) == expected((r.key, r.offset) for r in world.read(SOURCE, 0, 30))[0]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("starts", "known", "name"),
    [(50, 20, "unread_deleted"), (0, 200, "source_truncated")],
)
def test_a_log_that_cannot_serve_our_progress_is_refused(starts, known, name):
    """Neither a truncated topic nor unread records lost to retention passes in silence."""
    world = filled([1] * known)
    asyncio.run(work_through(world))
    if name == "source_truncated":
        del world.logs[SOURCE][100:]
    else:
        for _ in range(100):
            world.write(SOURCE, b"c1", b"{}")
        world.starts[SOURCE] = starts
    worker = asyncio.run(work_through(world))
    assert [(refusal.name, refusal.code) for refusal in worker.refusals] == [(name, 3)]


def test_loss_to_retention_can_be_accepted_and_is_counted():
    """With ``accept_loss`` it goes on at the first record left and says how many are gone."""
    world = filled([1] * 20)
    asyncio.run(work_through(world))
    for _ in range(80):
        world.write(SOURCE, b"c1", b"{}")
    world.starts[SOURCE] = 50
    worker = asyncio.run(work_through(world, limits=Limits(accept_loss=True)))
    assert not worker.refusals
    assert worker.lanes.standing().counts["lost_to_retention"] == 30
