"""How lanes say they are doing: who has work, and how long it has waited."""

import asyncio

import pytest

from tests.kafka.counting_line import CountingLine
from tests.kafka.memory import SOURCE
from tests.kafka.stories import Worker, filled


async def worked() -> Worker:
    """A worker that has applied all there is."""
    worker = Worker(filled([1] * 10), CountingLine())
    worker.join(1)
    await worker.running()
    await worker.drain()
    return worker


def test_work_that_comes_after_a_long_silence_has_not_waited_through_it():
    """Else the first touchpoint of a quiet night would end the worker as one that does nothing."""

    async def story() -> None:
        worker = await worked()
        for _ in range(600):
            worker.clock.now_s += 1
            worker.lanes.tick()
        worker.world.write(SOURCE, b"c1", b"{}")
        standing = worker.lanes.standing()
        assert standing.lag == 1 and standing.idle_s < 2

    asyncio.run(story())


@pytest.mark.parametrize("silent_s", [5, 45])
def test_a_lane_that_no_longer_hears_how_long_the_log_is_may_have_work(silent_s):
    """Its lag is unknown then, not the last one heard, and time without an answer counts."""

    async def story() -> None:
        worker = await worked()
        worker.lanes.tick()
        heard_ms = worker.clock.wall_ms()
        tail = worker.source.tail
        worker.source.tail = lambda tp: tail(tp)._replace(answered_ms=heard_ms)
        for _ in range(silent_s):
            worker.clock.now_s += 1
            worker.lanes.tick()
        standing = worker.lanes.standing()
        if silent_s < 30:
            assert (standing.lag, standing.idle_s) == (0, 0)
        else:
            assert standing.lag is None and 10 < standing.idle_s < silent_s

    asyncio.run(story())


def test_a_lane_that_never_heard_it_is_not_idle():
    """Up, assigned and never given an answer: that is not well."""

    async def story() -> None:
        worker = Worker(filled([1] * 10), CountingLine())
        worker.join(1)
        await worker.running()
        tail = worker.source.tail
        worker.source.tail = lambda tp: tail(tp)._replace(end=None, answered_ms=None)
        worker.clock.now_s += 200
        worker.lanes.tick()
        assert worker.lanes.standing().lag is None
        assert worker.lanes.standing().idle_s >= 200

    asyncio.run(story())


@pytest.mark.parametrize("unconfirmed_s", [20, 100])
def test_a_member_that_nobody_knows_is_not_well(unconfirmed_s):
    """Without partitions, and without an answer of the group for longer than a rebalance takes, it
    would wait for ever."""

    async def story() -> None:
        worker = await worked()
        await worker.lanes.release([SOURCE], 5.0)
        worker.group.age_s = unconfirmed_s
        standing = worker.lanes.standing()
        assert standing.assigned == 0
        assert standing.idle_s == max(0, unconfirmed_s - 30)

    asyncio.run(story())
