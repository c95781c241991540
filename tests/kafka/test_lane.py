"""A lane over a world in memory: whatever is swallowed, cut or refused, each record counts once."""

import asyncio

import pytest

from streams.kafka.ports import Limits
from tests.kafka.counting_line import CountingLine
from tests.kafka.memory import SOURCE, World
from tests.kafka.stories import BOTH, Worker, agrees, alerts, chains, filled, work_through


@BOTH
def test_a_log_is_folded_once(delivery):
    """Without faults: every customer's chain is exact and each alert is said once."""
    world = filled([n % 7 for n in range(500)])
    worker = asyncio.run(work_through(world, delivery=delivery))
    agrees(world)
    assert worker.lanes.standing().counts["records"] == 500


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
