"""Journeys on disk and workers that stand by, on a real Kafka: what a restart and a fail-over read."""

import asyncio
import re
import subprocess
import time

import pytest

from streams.kafka.client import connection
from streams.kafka.topic_id import UNKNOWN, topic_id
from tests.live.conftest import create_topic
from tests.live.workers import (
    Deployment,
    admin_does,
    caught_up,
    deployed,
    oracle,
    produce,
    terminate,
    wait_for,
)

BOTH = pytest.mark.parametrize("delivery", ["exactly_once", "effectively_once"])


def restored(worker: subprocess.Popen) -> int:
    """How many records of changelogs a worker has read to restore, so far."""
    return sum(int(n) for n in re.findall(r"restored: (\d+) records", worker.log.read_text()))


def on_disk(kafka, folder, **settings) -> Deployment:
    """A deployment that keeps journeys on disk."""
    return deployed(kafka.bootstrap, folder, store="disk", store_dir=folder / "store", **settings)


@BOTH
def test_a_restart_reads_the_end_of_the_changelog_only(kafka, tmp_path, delivery):
    """Stopped in order, a worker comes back with nothing to read; killed, with what its disk had
    not got yet; from a copy that was thrown away, with everything. All the same in what it says."""
    with on_disk(kafka, tmp_path, delivery=delivery) as place:
        asyncio.run(produce(place, 8_000, customers=2_000))
        first = place.start()
        asyncio.run(caught_up(place))
        assert terminate(first) == 0
        second = place.start()
        wait_for(second, "running 12")
        time.sleep(1.0)  # what it restored, if anything, is said by then
        assert restored(second) < 20, "leases and markers at most"
        asyncio.run(produce(place, 2_000, customers=2_000))
        asyncio.run(caught_up(place))
        second.kill()
        second.wait()
        third = place.start()
        asyncio.run(produce(place, 1_000, customers=2_000))
        asyncio.run(caught_up(place))
        wait_for(third, "restored: ")
        assert 0 < restored(third) < 4_000
        assert terminate(third) == 0
        asyncio.run(oracle(place))


def test_a_changelog_made_again_is_not_the_one_the_copy_is_of(kafka, tmp_path):
    """Same name, other topic: the copy is made anew, whatever its offset."""

    async def recreate(admin) -> None:
        settings = place.settings
        for topic in (f"{settings.app_id}-journeys-changelog", place.touchpoints):
            await admin.delete_topics([topic])
        await asyncio.sleep(1.0)
        await place.prepare()

    with on_disk(kafka, tmp_path) as place:
        asyncio.run(produce(place, 500))
        first = place.start()
        asyncio.run(caught_up(place))
        assert terminate(first) == 0
        asyncio.run(admin_does(place, recreate))
        asyncio.run(produce(place, 3_000))
        second = place.start(THROUGHLINE_ACCEPT_LOSS="true")
        wait_for(second, "it is of another topic of that name")
        assert terminate(second) == 0


@BOTH
@pytest.mark.parametrize("store", ["memory", "disk"])
def test_who_stands_by_takes_over_without_a_restore(kafka, tmp_path, delivery, store):
    """Two workers, each standing by for the other's partitions; one is killed, the other goes on
    with all of them and reads almost nothing. Nothing is lost, nothing said twice beyond what that
    delivery may say twice."""
    with deployed(
        kafka.bootstrap, tmp_path, delivery=delivery, store=store, standby=1,
        store_dir=tmp_path / "store",
    ) as place:  # fmt: skip
        asyncio.run(produce(place, 8_000, customers=2_000))
        workers = [place.start(), place.start()]
        asyncio.run(caught_up(place))
        for worker in workers:
            wait_for(worker, "partitions are up to date")
        survivor = workers[1]
        wait_for(survivor, "running 6")
        time.sleep(1.0)  # what it restored first is said by then
        before = restored(survivor)
        asyncio.run(produce(place, 4_000, customers=2_000, rate=2_000))
        workers[0].kill()
        workers[0].wait()
        asyncio.run(produce(place, 1_000, customers=2_000))
        asyncio.run(caught_up(place))
        wait_for(survivor, "running 12")
        assert restored(survivor) - before < 1_000, "the whole changelog holds 8,000 and more"
        assert terminate(survivor) == 0
        asyncio.run(oracle(place, may_repeat=delivery == "effectively_once"))


def test_a_topic_made_again_has_another_id(kafka, unique):
    """That is how a copy knows that it is of a log that is no more."""
    name, place = unique("numbered"), None

    async def seen() -> str:
        from aiokafka.client import AIOKafkaClient

        client = AIOKafkaClient(**connection(place.settings))
        await client.bootstrap()
        try:
            return await topic_id(client, name)
        finally:
            await client.close()

    async def delete(admin) -> None:
        await admin.delete_topics([name])
        await asyncio.sleep(1.0)

    place = Deployment(kafka.bootstrap, None)  # type: ignore[arg-type]
    assert asyncio.run(seen()) == UNKNOWN
    create_topic(kafka.bootstrap, name, 1)
    first = asyncio.run(seen())
    assert first == asyncio.run(seen()) != UNKNOWN
    asyncio.run(admin_does(place, delete))
    create_topic(kafka.bootstrap, name, 1)
    assert asyncio.run(seen()) not in (first, UNKNOWN)
