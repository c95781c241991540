"""The loop behind the simulation: virtual time, seeded order, processes that die and stop."""

import asyncio

import pytest

from tests.simulation.loop import Killed, Loop, Process, Stuck


def test_time_is_virtual_and_ordered():
    """A sleep of an hour takes no time; who sleeps less wakes first."""
    loop, woken = Loop(1), []

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append((seconds, loop.now >= seconds))

    async def story() -> None:
        await asyncio.gather(sleep(3_600), sleep(5), sleep(60))

    loop.complete(story())
    assert woken == [(5, True), (60, True), (3_600, True)]


def test_the_seed_chooses_who_is_next():
    """What is ready together runs in an order drawn from the seed: the same for the same seed, and
    others for others."""

    def order(seed: int) -> list[int]:
        loop, ran = Loop(seed), []

        async def turn(number: int) -> None:
            ran.append(number)

        async def story() -> None:
            await asyncio.gather(*(turn(number) for number in range(6)))

        loop.complete(story())
        return ran

    assert order(1) == order(1)
    assert len({tuple(order(seed)) for seed in range(10)}) > 5


def test_a_killed_process_never_runs_again():
    """Not its tasks, not its timers, not what it was about to be answered."""
    loop, process, ran = Loop(1), Process("p"), []

    async def work() -> None:
        while True:
            await asyncio.sleep(1.0)
            ran.append(loop.now)

    loop.outside(0.0, lambda: loop.spawn(process, work(), "work"))
    loop.outside(3.5, process.kill)
    loop.outside(20.0, loop.end)
    loop.run()
    assert len(ran) == 3


def test_a_paused_process_does_at_once_what_came_due():
    """SIGSTOP and SIGCONT: nothing of it runs in between, the world goes on."""
    loop, process, ran = Loop(1), Process("p"), []

    async def work() -> None:
        await asyncio.sleep(2.0)
        ran.append(loop.now)

    def resume() -> None:
        ran.append("resumed")
        loop.resume(process)

    loop.outside(0.0, lambda: loop.spawn(process, work(), "work"))
    loop.outside(1.0, setattr, process, "paused", True)
    loop.outside(10.0, resume)
    loop.outside(20.0, loop.end)
    loop.run()
    assert ran[0] == "resumed"
    assert ran[1] >= 10.0


def test_a_process_can_be_stopped_in_the_middle_of_a_turn():
    """Between two lines of code that do not await, hours may pass for everybody else."""
    loop, process, seen = Loop(1), Process("p"), []

    async def work() -> None:
        before = loop.now
        loop.stop_here(process, 7.0)
        seen.append(loop.now - before)

    loop.outside(0.0, lambda: loop.spawn(process, work(), "work"))
    loop.outside(3.0, lambda: seen.append("the world"))
    loop.outside(20.0, loop.end)
    loop.run()
    assert seen[0] == "the world"
    assert 7.0 <= seen[1] < 8.0


def test_who_is_killed_while_stopped_does_not_go_on():
    """The line after the stop is never reached."""
    loop, process, seen = Loop(1), Process("p"), []

    async def work() -> None:
        try:
            loop.stop_here(process, 7.0)
        except Killed:
            seen.append("killed")
            raise
        seen.append("went on")

    loop.outside(0.0, lambda: loop.spawn(process, work(), "work"))
    loop.outside(3.0, process.kill)
    loop.outside(20.0, loop.end)
    loop.run()
    assert seen == ["killed"]


def test_a_loop_with_nothing_to_do_says_so():
    """Instead of hanging."""
    loop = Loop(1)
    with pytest.raises(Stuck, match="nothing left"):
        loop.run()
