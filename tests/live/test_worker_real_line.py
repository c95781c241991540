"""The whole worker with the real line: what it says is what the line alone says over the log."""

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Iterator, Sequence

import aiokafka
import pytest

from streams.app import real_line
from streams.engine.record import Record, Send
from streams.kafka.topics import CUSTOMER_FAMILIES
from streams.simulator.world import simulate
from tests.live.workers import Deployment, deployed, eventually, read_all, terminate

START_MS = 1_767_571_200_000  # Monday 2026-01-05T00:00:00Z
DAY_MS = 86_400_000
SAID = [f"alerts.{family}.v1" for family in CUSTOMER_FAMILIES] + ["touchpoints.v1.dlq"]


async def publish(place: Deployment, touchpoints: list) -> None:
    """A simulated world onto the touchpoints topic, timestamps of arrival included."""
    async with aiokafka.AIOKafkaProducer(
        bootstrap_servers=place.settings.bootstrap, linger_ms=5
    ) as producer:
        for arrived_ms, touchpoint in touchpoints:
            value = json.dumps(touchpoint).encode()
            key = touchpoint["customer_id"].encode()
            await producer.send(place.touchpoints, value, key=key, timestamp_ms=arrived_ms)
        await producer.send(place.touchpoints, b"no touchpoint", key=b"c-000001")


def alone(place: Deployment, log: list, cut: int, said: Sequence[str] = SAID) -> Iterator[Send]:
    """What the line sends to these topics over the log by itself, in batches of ``cut``."""
    line = real_line(place.settings)
    for partition in range(place.settings.partitions):
        records = [
            Record(r.offset, r.timestamp, r.key, r.value, r.headers)
            for r in log
            if r.partition == partition
        ]
        desk = line.open(partition, None, {})
        for begin in range(0, len(records), cut):
            batch = records[begin : begin + cut]
            outcome = line.run(desk, batch, batch[-1].offset + 1)
            line.settle(desk, outcome)
            yield from (send for send in outcome.sends if send.topic in said)


async def said(place: Deployment) -> Counter:
    """Every alert and dead letter in Kafka."""
    found: Counter = Counter()
    for name in SAID:
        for record in await read_all(place.settings, place.settings.topic(name)):
            found[name, record.key, record.value] += 1
    return found


@pytest.mark.parametrize("delivery", ["exactly_once", "effectively_once"])
def test_two_workers_say_what_the_line_alone_says(kafka, tmp_path, delivery):
    """A simulated month through Kafka with two workers, one of them replaced midway (killed, with
    transactions), gives byte for byte the alerts and dead letters of the line alone; none twice."""
    touchpoints = list(simulate(5, 120, START_MS, 30 * DAY_MS))

    async def story(place: Deployment) -> None:
        await publish(place, touchpoints)
        # Without transactions only a restart in good order says nothing twice.
        if delivery == "exactly_once":
            first = place.start("tests.live.real_worker", THROUGHLINE_DIE_AT="journeys.acked:9")
            assert await asyncio.to_thread(first.wait, 40) == -signal.SIGKILL
        workers = [place.start("tests.live.real_worker") for _ in range(2)]
        log = await read_all(place.settings, place.touchpoints)
        want = Counter((s.topic, s.key, s.value) for s in alone(place, log, cut=97))
        assert len({kind for kind, _, _ in want}) >= 3, "the month is too quiet to prove anything"

        async def all_said() -> bool:
            return (await said(place)).total() >= want.total()

        await eventually(all_said, 40)
        for worker in workers:
            assert await asyncio.to_thread(terminate, worker) == 0
        assert await said(place) == want

    settings = {"delivery": delivery, "idle_after_s": 600.0, "batch_records": 100}
    with deployed(kafka.bootstrap, tmp_path, **settings) as place:
        asyncio.run(story(place))
