"""A lane over a world in memory: whatever is swallowed, cut or refused, each record counts once."""

import asyncio
from collections import Counter

import pytest

from streams.kafka.ports import Limits, TopicPartition
from tests.kafka.counting_line import CountingLine, expected
from tests.kafka.memory import SOURCE, Crash, World
from tests.kafka.stories import (
    Worker,
    agrees,
    alerts,
    chains,
    filled,
    work_through,
)

BOTH = pytest.mark.parametrize("delivery", ["exactly_once", "effectively_once"])


@BOTH
def test_a_log_is_folded_once(delivery):
    """Without faults: every customer's chain is exact and each alert is said once."""
    world = filled([n % 7 for n in range(500)])
    worker = asyncio.run(work_through(world, delivery=delivery))
    agrees(world)
    assert worker.lanes.standing().counts["records"] == 500


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
@pytest.mark.parametrize("answer", ["when asked again", "but it is not so"])
def test_after_an_unanswered_commit_the_lane_opens_anew(delivery, answer):
    """What it believes to be written is read from the log before it writes again: a commit that
    was answered late counts once, one that never came to be is done again."""
    answers = iter(["at once", "at once", answer, answer])
    world = filled([n % 7 for n in range(200)])
    worker = asyncio.run(
        work_through(world, delivery=delivery, answer=lambda: next(answers, "at once"))
    )
    agrees(world)
    opened_anew = 2 if delivery == "exactly_once" else 0
    assert worker.lanes.standing().counts["opened_anew"] == opened_anew
    assert len(worker.source.seeks_to) == 1 + opened_anew


def test_transaction_markers_in_the_source_are_no_gap():
    """Offsets that no reader is given (markers, compaction) need no second read."""
    world = World()
    for n in range(60):
        world.write(SOURCE, b"c%d" % (n % 3), b"{}")
        world.mark(SOURCE)
    worker = asyncio.run(work_through(world))
    agrees(world)
    counts = worker.lanes.standing().counts
    assert counts["gaps_read_again"] == counts["gaps_real"] == 0


@pytest.mark.parametrize("nth", [1, 2, 5])
def test_a_batch_swallowed_on_the_way_is_read_again(nth):
    """What vanishes between consumer and lane costs a second read, never a touchpoint."""

    async def story() -> Worker:
        world = filled([n % 7 for n in range(100)])
        worker = Worker(world, CountingLine(), limits=Limits(swallowed_after_s=0.5))
        worker.join(1)
        await worker.running()
        seen = []

        def swallow(batch):
            seen.append(batch)
            return len(seen) == nth

        for _ in range(300):
            await worker.poll(swallow)
            worker.lanes.tick()
            worker.clock.now_s += 0.1
        agrees(world)
        return worker

    worker = asyncio.run(story())
    assert worker.lanes.standing().counts["swallowed_read_again"] == 1


def test_the_last_batch_before_silence_is_not_left_lying():
    """A swallowed batch with nothing after it is fetched again without waiting for traffic."""

    async def story() -> None:
        world = filled([1] * 5)
        worker = Worker(world, CountingLine(), limits=Limits(swallowed_after_s=0.5))
        worker.join(1)
        await worker.running()
        await worker.poll(lambda batch: True)
        worker.lanes.tick()
        assert worker.lanes.wanting() == []
        worker.clock.now_s += 1
        worker.lanes.tick()
        await worker.drain()
        agrees(world)

    asyncio.run(story())


def test_a_batch_too_large_for_one_record_batch_is_cut():
    """Without transactions the poll batch is cut until journeys and progress fit one RecordBatch;
    later batches start at the size that worked, and grow again."""
    world = filled(list(range(200)))
    worker = asyncio.run(
        work_through(world, delivery="effectively_once", most_entries=20, fetch_records=100)
    )
    agrees(world)
    assert worker.lanes.standing().counts["batches_cut"] >= 2


def test_what_one_record_changes_must_fit():
    """When a single record's outcome does not fit, that is a refusal with what to do."""
    worker = asyncio.run(work_through(filled([1, 2]), delivery="effectively_once", most_entries=1))
    assert [refusal.name for refusal in worker.refusals] == ["outcome_too_large"]


@BOTH
def test_a_line_that_fails_ends_the_worker_with_nothing_committed(delivery):
    """What leaves the line as an exception is a fault of ours: the batch stays unread, and the
    reason names the line's own error."""
    world = filled([1] * 7)
    world.write(SOURCE, b"c1", b"POISON")
    worker = asyncio.run(work_through(world, delivery=delivery, fetch_records=100))
    assert [refusal.name for refusal in worker.refusals] == ["unexpected_error"]
    assert "ValueError" in worker.refusals[0].what
    assert chains(world) == {} and alerts(world).total() == 0


@pytest.mark.parametrize("topic", ["alerts.effort.v1", "throughline-journeys-changelog"])
@BOTH
def test_a_refused_write_ends_the_worker_with_nothing_committed(delivery, topic):
    """Never past a failed send: journeys, progress and (with transactions) alerts stay back."""
    world = filled([1] * 20)
    worker = asyncio.run(
        work_through(world, delivery=delivery, refuse=lambda asked: asked == topic)
    )
    assert [refusal.name for refusal in worker.refusals] == ["write_refused"]
    if delivery == "exactly_once":
        assert alerts(world).total() <= (0 if topic == "alerts.effort.v1" else 1)
    asyncio.run(work_through(world, delivery=delivery))
    agrees(world, most_repeats=1)


def test_a_cancellation_that_nobody_asked_for_ends_the_worker():
    """A client library's own CancelledError must not end a lane unheard, up and idle with lag."""

    class Cancelling(CountingLine):
        def run(self, desk, records, next_offset):
            raise asyncio.CancelledError

    async def story() -> None:
        worker = Worker(filled([1] * 5), Cancelling())
        worker.join(1)
        await worker.running()
        await worker.drain()
        assert [refusal.name for refusal in worker.refusals] == ["unexpected_error"]
        assert "CancelledError" in worker.refusals[0].what

    asyncio.run(story())


def test_a_wake_fires_timers_only_when_caught_up_and_idle():
    """No wake while it lags, while the broker does not answer, or before the idle time is over."""

    async def story() -> None:
        world = World()
        world.write(SOURCE, b"c1", b"due=5")
        worker = Worker(world, CountingLine(), limits=Limits(idle_after_s=2.0))
        worker.join(1)
        await worker.running()
        await worker.drain()
        quiet = TopicPartition("alerts.friction.v1", 0)

        async def beat(seconds: float) -> int:
            worker.clock.now_s += seconds
            worker.lanes.tick()
            for _ in range(20):
                await asyncio.sleep(0)
            return len(world.read(quiet, 0, world.end(quiet)))

        assert await beat(1.0) == 0
        world.write(SOURCE, b"c2", b"{}")
        assert await beat(10.0) == 0, "it lags"
        await worker.drain()
        worker.source.answering = False
        assert await beat(10.0) == 0, "nobody knows where the end is"
        worker.source.answering = True
        assert await beat(0.0) == 1
        assert await beat(10.0) == 1, "a timer fires once"

    asyncio.run(story())


def test_a_wide_wake_comes_in_portions_and_survives_a_restart():
    """Timers are stored with the journeys; the rest of an interrupted wake is fired later."""

    async def story() -> None:
        world = World()
        for n in range(250):
            world.write(SOURCE, b"c%d" % n, b"due=5")
        quiet = TopicPartition("alerts.friction.v1", 0)
        left = [2]

        def reached(name: str) -> None:
            if name == "transaction.committed" and world.end(quiet):
                left[0] -= 1
                if left[0] == 0:
                    raise Crash

        for handler in (reached, lambda name: None):
            worker = Worker(world, CountingLine(widest=100), reached=handler, fetch_records=100)
            worker.join(1)
            await worker.running()
            await worker.drain()
            worker.clock.now_s += 60
            for _ in range(200):
                worker.lanes.tick()
                await asyncio.sleep(0)
        fired = Counter(r.key for r in world.read(quiet, 0, world.end(quiet)))
        assert len(fired) == 250 and set(fired.values()) == {1}

    asyncio.run(story())


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
