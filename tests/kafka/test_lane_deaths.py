"""A lane that dies, or is taken for dead: nothing lost, nothing doubled, no stale word believed."""

import asyncio

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.kafka.ports import Limits, TopicPartition
from streams.kafka.steps import STEPS
from streams.kafka.store import META_KEY, lease_headers
from tests.kafka.counting_line import Chain, CountingLine, Progress
from tests.kafka.memory import SOURCE, Crash
from tests.kafka.stories import BOTH, Worker, agrees, filled, journeys


@BOTH
@pytest.mark.parametrize("step", STEPS[3:11])
@pytest.mark.parametrize("nth", [1, 3])
def test_death_at_a_step_loses_nothing_and_doubles_nothing(delivery, step, nth):
    """Killed at any named step, the next worker makes it whole; an alert repeats only without
    transactions, and only when death fell between the two acknowledgements."""
    left = [nth]

    def reached(name: str) -> None:
        if name == step:
            left[0] -= 1
            if left[0] == 0:
                raise Crash

    async def story() -> None:
        world = filled([n % 5 for n in range(120)])
        first = Worker(world, CountingLine(), delivery=delivery, reached=reached, fetch_records=25)
        first.join(1)
        await first.running()
        await first.drain()
        second = Worker(world, CountingLine(), delivery=delivery)
        second.join(2)
        await second.running()
        await second.drain()
        torn = delivery == "effectively_once" and step in ("sends.acked", "journeys.begun")
        agrees(world, most_repeats=25 if torn else 0)

    asyncio.run(story())


def test_a_fenced_worker_writes_nothing_more():
    """exactly_once: once a later owner has started, the earlier one ends with reason ``fenced``."""

    async def story() -> None:
        world = filled([n % 5 for n in range(50)])
        zombie = Worker(world, CountingLine())
        zombie.join(1)
        await zombie.running()
        await zombie.poll()
        owner = Worker(world, CountingLine())
        owner.join(2)
        await owner.running()
        await owner.drain()
        await zombie.drain()
        assert [refusal.name for refusal in zombie.refusals] == ["fenced"]
        agrees(world)

    asyncio.run(story())


def test_without_a_fence_a_stale_write_is_not_believed_and_mended():
    """effectively_once: a paused worker that wakes believing it is still the owner writes once; the
    owner notices by the offset it is given, writes its own values again, and readers skip the
    stale ones by their lease."""

    async def story() -> None:
        world = filled([n % 5 for n in range(10)])
        zombie = Worker(world, CountingLine(), delivery="effectively_once")
        zombie.join(1)
        await zombie.running()
        owner = Worker(world, CountingLine(), delivery="effectively_once")
        owner.join(2)
        await owner.running()
        await owner.drain()
        await zombie.drain()  # writes what it took before its pause
        for n in range(40):
            world.write(SOURCE, b"c%d" % (n % 5), b"{}")
        await owner.drain()
        assert owner.lanes.standing().counts["records"] == 50
        assert next(iter(owner.lanes)).commit.double_writers == 1
        agrees(world, most_repeats=5)
        await owner.lanes.release([SOURCE], 5.0)
        third = Worker(world, CountingLine(), delivery="effectively_once")
        third.join(3)
        await third.running()
        lane = next(iter(third.lanes))
        assert lane.store.stale_records > 0
        assert lane.store.journeys == journeys(world)

    asyncio.run(story())


def test_a_quiet_owner_notices_a_stale_write_as_well():
    """effectively_once: with nothing of its own to write, the owner looks from time to time and
    mends, so that compaction never gets to keep the stale record."""

    async def story() -> None:
        world = filled([n % 5 for n in range(30)])
        zombie = Worker(world, CountingLine(), delivery="effectively_once")
        zombie.join(1)
        await zombie.running()
        owner = Worker(
            world, CountingLine(), delivery="effectively_once", limits=Limits(patrol_s=1.0)
        )
        owner.join(2)
        await owner.running()
        await owner.drain()
        await zombie.drain()
        with pytest.raises(AssertionError):
            agrees(world, most_repeats=50)
        owner.clock.now_s += 2
        for _ in range(50):
            owner.lanes.tick()
            await asyncio.sleep(0)
        agrees(world, most_repeats=50)
        assert next(iter(owner.lanes)).commit.double_writers == 1

    asyncio.run(story())


def test_the_outlived_one_says_so_and_ends():
    """effectively_once: who finds a higher lease than its own in the changelog stops."""

    async def story() -> None:
        world = filled([1] * 10)
        zombie = Worker(world, CountingLine(), delivery="effectively_once", fetch_records=3)
        zombie.join(1)
        await zombie.running()
        owner = Worker(world, CountingLine(), delivery="effectively_once")
        owner.join(2)
        await owner.running()
        await owner.drain()
        await zombie.drain()
        assert [refusal.name for refusal in zombie.refusals] == ["superseded"]

    asyncio.run(story())


def test_without_a_fence_nothing_is_written_on_a_stale_belief():
    """effectively_once: while the group has not confirmed us lately, the lane waits; once it knows
    of another generation, it drops the batch."""

    async def story() -> None:
        world = filled([n % 5 for n in range(20)])
        worker = Worker(world, CountingLine(), delivery="effectively_once")
        worker.join(1)
        await worker.running()
        written = world.end(TopicPartition("throughline-journeys-changelog", 0))
        worker.group.age_s = 60.0
        for _ in range(20):
            await worker.poll()
        assert world.end(TopicPartition("throughline-journeys-changelog", 0)) == written
        worker.group.now = 2
        for _ in range(20):
            await worker.poll()
        assert [lane.doing for lane in worker.lanes] == ["abandoned"]
        assert not worker.refusals
        await worker.lanes.release([SOURCE], 5.0)
        worker.group.age_s = 0.0
        worker.join(2)
        await worker.running()
        await worker.drain()
        agrees(world)

    asyncio.run(story())


def test_a_claim_that_came_second_reads_again():
    """effectively_once: what a paused worker wrote between our restore and our claim is read before
    the claim counts; afterwards nothing of it is believed."""

    async def story() -> None:
        world = filled([n % 5 for n in range(10)])
        zombie = Worker(world, CountingLine(), delivery="effectively_once")
        zombie.join(1)
        await zombie.running()
        await zombie.poll()
        await zombie.poll()
        changelog = TopicPartition("throughline-journeys-changelog", 0)

        def reached(name: str) -> None:
            if name == "lane.restored":  # the zombie wakes just now
                for key in (b"c0", b"c1"):
                    value = msgspec.msgpack.encode(Chain(99, 99))
                    world.write(changelog, key, value, lease_headers(1))
                value = msgspec.msgpack.encode(Progress(10))
                world.write(changelog, META_KEY, value, lease_headers(1))

        owner = Worker(world, CountingLine(), delivery="effectively_once", reached=reached)
        owner.join(2)
        await owner.running()
        store = next(iter(owner.lanes)).store
        assert msgspec.msgpack.decode(store.journeys[b"c0"], type=Chain).n == 99
        assert owner.source.seeks_to == [10]

    asyncio.run(story())


@settings(max_examples=60, deadline=None)
@given(
    customers=st.lists(st.integers(0, 6), min_size=1, max_size=120),
    delivery=st.sampled_from(["exactly_once", "effectively_once"]),
    deaths=st.lists(st.tuples(st.sampled_from(STEPS[:11]), st.integers(1, 6)), max_size=4),
    fetch=st.integers(1, 40),
    entries=st.integers(3, 60),
)
def test_law_any_story_of_deaths_ends_in_the_same_fold(customers, delivery, deaths, fetch, entries):
    """Whatever dies wherever, the changelog at the end is the fold of the log, each once."""

    async def story() -> None:
        world = filled(customers)
        for generation, (step, nth) in enumerate([*deaths, ("", 0)], start=1):
            left = [nth]

            def reached(name: str, step=step, left=left) -> None:
                if name == step:
                    left[0] -= 1
                    if left[0] == 0:
                        raise Crash

            worker = Worker(
                world, CountingLine(), delivery=delivery, reached=reached,
                fetch_records=fetch, most_entries=entries,
            )  # fmt: skip
            worker.join(generation)
            await worker.running()
            await worker.drain()
        assert not worker.refusals
        torn = delivery == "effectively_once"
        agrees(world, most_repeats=40 * len(deaths) if torn else 0)

    asyncio.run(story())


@BOTH
def test_who_claimed_and_wrote_nothing_believes_who_wrote_meanwhile(delivery):
    """A quiet partition is a worker's again and again. Cut off, it does not hear that another has it
    and writes; when it comes back, with the store that was held, it goes on from there."""

    async def story() -> None:
        world = filled([])
        first, second = (Worker(world, CountingLine(), delivery=delivery) for _ in range(2))
        for generation in (1, 2, 3):
            first.join(generation)
            await first.running()
            await first.lanes.release([SOURCE], 1.0)
        for number in range(20):
            world.write(SOURCE, b"c%d" % (number % 5), b"{}")
        second.join(4)
        await second.running()
        await second.drain()
        await second.lanes.release([SOURCE], 1.0)
        first.join(5)
        await first.running()
        await first.drain()
        assert not first.refusals
        (lane,) = first.lanes
        assert lane.store.stale_records == 0 and dict(lane.store.journeys) == journeys(world)
        agrees(world)

    asyncio.run(story())
