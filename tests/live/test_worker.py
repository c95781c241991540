"""Worker processes against a real Kafka: nothing lost, nothing counted twice, alerts said once."""

import asyncio
import random
import signal
import subprocess
import time

import pytest

from tests.live.workers import (
    caught_up,
    deployed,
    oracle,
    produce,
    terminate,
    wait_for,
)

BOTH = pytest.mark.parametrize("delivery", ["exactly_once", "effectively_once"])


@BOTH
def test_a_backlog_is_folded_once(kafka, tmp_path, delivery):
    """A backlog, one worker, SIGTERM: exact chains, exact alerts, exit 0."""
    with deployed(kafka.bootstrap, tmp_path, delivery=delivery) as place:
        asyncio.run(produce(place, 20_000))
        worker = place.start()
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        asyncio.run(oracle(place))


@BOTH
def test_restarts_with_pending_touchpoints(kafka, tmp_path, delivery):
    """SIGTERM at random moments under load, with touchpoints arriving while nobody is up."""

    async def story(place) -> None:
        producing = asyncio.create_task(produce(place, 8_000, rate=1_500))
        draw = random.Random(7)
        for _ in range(3):
            worker = place.start()
            await asyncio.sleep(1.5 + draw.random())
            assert await asyncio.to_thread(terminate, worker) == 0
        await producing
        worker = place.start()
        await caught_up(place)
        assert await asyncio.to_thread(terminate, worker) == 0
        await oracle(place)

    with deployed(kafka.bootstrap, tmp_path, delivery=delivery) as place:
        asyncio.run(story(place))


@BOTH
def test_a_second_worker_joins_and_leaves(kafka, tmp_path, delivery):
    """1 -> 2 -> 1 workers under load: partitions move with their journeys, in good order."""

    async def story(place) -> None:
        producing = asyncio.create_task(produce(place, 9_000, rate=1_000))
        first = place.start()
        await asyncio.to_thread(wait_for, first, "running 8")
        second = place.start()
        await asyncio.to_thread(wait_for, second, "running 4")
        await asyncio.sleep(1.5)
        assert await asyncio.to_thread(terminate, second) == 0
        await producing
        await caught_up(place)
        assert await asyncio.to_thread(terminate, first) == 0
        await oracle(place)

    with deployed(kafka.bootstrap, tmp_path, delivery=delivery) as place:
        asyncio.run(story(place))


@BOTH
def test_workers_killed_at_random(kafka, tmp_path, delivery):
    """kill -9 of one of two workers, twice, under load. An alert may repeat only without
    transactions, and then byte for byte."""

    async def story(place) -> None:
        producing = asyncio.create_task(produce(place, 12_000, rate=1_200))
        workers = [place.start(), place.start()]
        draw = random.Random(11)
        for _ in range(2):
            await asyncio.sleep(3 + draw.random())
            victim = workers.pop(0)
            victim.kill()
            victim.wait(10)
            workers.append(place.start())
        await producing
        await caught_up(place)
        for worker in workers:
            assert await asyncio.to_thread(terminate, worker) == 0
        await oracle(place, may_repeat=delivery == "effectively_once")

    with deployed(kafka.bootstrap, tmp_path, delivery=delivery) as place:
        asyncio.run(story(place))


def die_at(place, step: str, nth: int) -> None:
    """A worker that kills itself the nth time it reaches a step."""
    worker = place.start(THROUGHLINE_DIE_AT=f"{step}:{nth}")
    assert worker.wait(30) == -signal.SIGKILL


@BOTH
def test_death_at_each_step_of_the_protocol(kafka, tmp_path, delivery):
    """Killed at every named step that a batch passes, a restart makes it whole."""
    steps = ["lane.restored", "batch.taken", "sends.acked", "journeys.acked", "line.settled"]
    steps += ["transaction.committed"] if delivery == "exactly_once" else ["lane.claimed"]
    with deployed(kafka.bootstrap, tmp_path, delivery=delivery) as place:
        asyncio.run(produce(place, 14_000))
        for step in steps:
            die_at(place, step, 2)
        worker = place.start()
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        repeated = asyncio.run(oracle(place, may_repeat=delivery == "effectively_once"))
        if delivery == "effectively_once":
            assert repeated > 0, "the step between the two acknowledgements was not hit"


@BOTH
def test_a_paused_worker_that_wakes(kafka, tmp_path, delivery):
    """SIGSTOP past the session timeout with a batch in hand; another takes over; SIGCONT. Without
    transactions alerts may repeat; journeys stay exact in both."""

    async def story(place) -> None:
        await produce(place, 6_000)
        zombie = place.start(THROUGHLINE_DIE_AT="sends.acked:3:STOP")
        await asyncio.sleep(4)
        heir = place.start()
        producing = asyncio.create_task(produce(place, 6_000, rate=1_000))
        await asyncio.to_thread(wait_for, heir, "running 8", 30)
        await asyncio.sleep(1)
        zombie.send_signal(signal.SIGCONT)
        await producing
        await caught_up(place)
        await asyncio.sleep(1)
        assert zombie.poll() in (None, 1)
        assert await asyncio.to_thread(terminate, heir) == 0
        if zombie.poll() is None:
            assert await asyncio.to_thread(terminate, zombie) == 0
        await oracle(place, may_repeat=delivery == "effectively_once")

    with deployed(kafka.bootstrap, tmp_path, delivery=delivery) as place:
        asyncio.run(story(place))


def test_a_broker_that_freezes_and_comes_back(kafka, tmp_path):
    """Everything waits, nothing is lost, nothing is said twice; no worker pretends to be well."""

    async def story(place) -> None:
        producing = asyncio.create_task(produce(place, 6_000, rate=1_000))
        worker = place.start()
        await asyncio.to_thread(wait_for, worker, "running 8")
        kafka.suspend()
        await asyncio.sleep(8)
        kafka.resume()
        await producing
        if worker.poll() is not None:
            worker = place.start()
        await caught_up(place)
        assert await asyncio.to_thread(terminate, worker) == 0
        await oracle(place)

    with deployed(kafka.bootstrap, tmp_path) as place:
        asyncio.run(story(place))


def test_it_ends_in_time_even_if_the_broker_does_not_answer(kafka, tmp_path):
    """SIGTERM while the broker is frozen: gone within the deadline, and whole afterwards."""
    with deployed(kafka.bootstrap, tmp_path, shutdown_s=4.0) as place:
        asyncio.run(produce(place, 3_000))
        worker = place.start()
        asyncio.run(caught_up(place))
        kafka.suspend()
        try:
            began_s = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            worker.wait(8)
            assert time.monotonic() - began_s < 6
        finally:
            kafka.resume()
        worker = place.start()
        asyncio.run(produce(place, 500))
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        asyncio.run(oracle(place))


def ended(process: subprocess.Popen, within_s: float = 30.0) -> tuple[int, str]:
    """Exit code and everything said."""
    return process.wait(within_s), process.log.read_text()
