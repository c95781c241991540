"""Worker processes against a real Kafka: nothing lost, nothing counted twice, alerts said once."""

import asyncio
import random

import pytest

from tests.live.workers import caught_up, deployed, oracle, produce, terminate, wait_for

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


def test_restarts_with_pending_touchpoints(kafka, tmp_path):
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

    with deployed(kafka.bootstrap, tmp_path) as place:
        asyncio.run(story(place))


@BOTH
def test_a_second_worker_joins_and_leaves(kafka, tmp_path, delivery):
    """1 -> 2 -> 1 workers under load: partitions move with their journeys, in good order."""

    async def story(place) -> None:
        producing = asyncio.create_task(produce(place, 6_000, rate=1_000))
        first = place.start()
        await asyncio.to_thread(wait_for, first, "running 12")
        second = place.start()
        await asyncio.to_thread(wait_for, second, "running 6")
        await asyncio.sleep(1.5)
        assert await asyncio.to_thread(terminate, second) == 0
        await producing
        await caught_up(place)
        assert await asyncio.to_thread(terminate, first) == 0
        await oracle(place)

    with deployed(kafka.bootstrap, tmp_path, delivery=delivery) as place:
        asyncio.run(story(place))
