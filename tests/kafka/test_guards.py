"""Where a partition may go on: only where its own progress says, and never by a guess."""

import asyncio

import pytest

from streams.kafka.guards import first_offset
from streams.kafka.ports import Abandoned, Bounds, Limits, TopicPartition
from streams.kafka.refusal import Refusal
from streams.kafka.store import LEASE_KEY, META_KEY
from tests.kafka.memory import SOURCE, MemoryClock, World
from tests.kafka.stories import BOTH, agrees, alerts, filled, work_through

CHANGELOG = TopicPartition("throughline-journeys-changelog", 0)


def without(world: World, key: bytes) -> None:
    """Take every record of a key out of the changelog; offsets stay, as compaction leaves them."""
    kept = [r if r.key != key else r._replace(key=b"\x00marker") for r in world.logs[CHANGELOG]]
    world.logs[CHANGELOG] = kept


@BOTH
def test_journeys_without_progress_are_refused_by_name(delivery):
    """The group's offset is no substitute: it is behind what is applied, or ahead of it."""
    world = filled([n % 5 for n in range(40)])
    asyncio.run(work_through(world, delivery=delivery))
    before = alerts(world).total()
    world.committed[SOURCE] = 20
    without(world, META_KEY)
    worker = asyncio.run(work_through(world, delivery=delivery))
    assert [(r.name, r.code) for r in worker.refusals] == [("progress_missing", 3)]
    assert worker.refusals[0].todo
    assert worker.source.seeks_to == [] and alerts(world).total() == before


@BOTH
def test_a_group_that_read_what_the_changelog_knows_nothing_of_is_refused(delivery):
    """An empty changelog and a group half-way through: following it would lose what it read."""
    world = filled([n % 5 for n in range(40)])
    world.committed[SOURCE] = 20
    worker = asyncio.run(work_through(world, delivery=delivery))
    assert [(r.name, r.code) for r in worker.refusals] == [("progress_missing", 3)]
    assert worker.source.seeks_to == [] and not alerts(world)


def test_a_loss_that_is_accepted_is_counted():
    """One may begin where the group is, and is told how much lies before."""
    world = filled([1] * 30)
    world.committed[SOURCE] = 10
    worker = asyncio.run(work_through(world, limits=Limits(accept_loss=True)))
    assert worker.source.seeks_to == [10]
    assert worker.lanes.standing().counts["lost_to_retention"] == 10


def test_a_group_at_the_beginning_has_read_nothing():
    """Retention may have moved the beginning past it since."""
    world = filled([1] * 30)
    world.committed[SOURCE], world.starts[SOURCE] = 3, 5
    assert asyncio.run(work_through(world)).source.seeks_to == [5]


@BOTH
def test_a_lost_lease_or_journey_does_not_hinder(delivery):
    """Progress alone says where to go on; a lease is counted anew."""
    world = filled([n % 5 for n in range(40)])
    asyncio.run(work_through(world, delivery=delivery))
    without(world, LEASE_KEY)
    worker = asyncio.run(work_through(world, delivery=delivery))
    assert not worker.refusals
    agrees(world)


def test_a_changelog_with_nothing_but_leases_is_a_first_start():
    """An owner that claimed the partition and had nothing to do leaves only its lease."""
    world = World()
    asyncio.run(work_through(world, delivery="effectively_once"))
    assert {record.key for record in world.logs[CHANGELOG]} == {LEASE_KEY}
    for n in range(30):
        world.write(SOURCE, b"c%d" % (n % 3), b"{}")
    worker = asyncio.run(work_through(world, delivery="effectively_once"))
    assert not worker.refusals
    agrees(world)


def test_progress_without_journeys_is_progress():
    """Sources whose records are only passed on, and customers who were all forgotten."""
    world = filled([1] * 10)
    asyncio.run(work_through(world))
    without(world, b"c1")
    worker = asyncio.run(work_through(world))
    assert not worker.refusals and worker.source.seeks_to == [10]


def test_a_successors_offset_is_no_reason_to_refuse():
    """Paused after its restore at a first start, it wakes when another has read on: the partition
    is no longer its own, and that is all there is to say."""

    class Read:
        """A source of which the group has read ten records."""

        async def bounds(self, tp):
            return Bounds(0, 10)

        async def committed(self, tp):
            return 10

    async def no_longer():
        raise Abandoned

    async def still():
        return

    with pytest.raises(Abandoned):
        asyncio.run(first_offset(Read(), MemoryClock(), SOURCE, None, False, no_longer))
    with pytest.raises(Refusal, match="progress_missing"):
        asyncio.run(first_offset(Read(), MemoryClock(), SOURCE, None, False, still))
