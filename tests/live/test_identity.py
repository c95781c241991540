"""Merges across partitions and workers on a real Kafka, with a worker killed in their midst."""

import asyncio
import json
from collections import Counter
from random import Random

import aiokafka

from streams.app import real_line
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.kafka.store import META_KEY
from streams.kafka.topics import CUSTOMER_FAMILIES
from streams.wire import progress
from streams.wire.journey import is_alias
from tests.live.workers import Deployment, deployed, eventually, read_all, terminate

START_MS = 1_767_571_200_000  # Monday 2026-01-05T00:00:00Z
HOUR_MS = 3_600_000
PARTITIONS, CUSTOMERS, TOUCHPOINTS = 4, 120, 4_000
#: What workers write to, but touchpoints and changelogs.
WRITTEN = [f"alerts.{family}.v1" for family in CUSTOMER_FAMILIES]
WRITTEN += ["touchpoints.v1.dlq", "touchpoints.v1.late", "audit.v1"]


def a_life(seed: int) -> list[dict]:
    """Contacts of many customers; every third joins another one, mostly in another partition; a few
    want to be forgotten, some of them after they were joined."""
    chance, told = Random(seed), []
    merged = {f"c-{n}": f"c-{n + 1}" for n in range(0, CUSTOMERS, 3)}
    when = {chance.randrange(TOUCHPOINTS // 5, TOUCHPOINTS * 4 // 5): c for c in merged}
    erased = {TOUCHPOINTS - 300 + n: f"c-{9 * n + 1}" for n in range(6)}
    for number in range(TOUCHPOINTS):
        at_ms = START_MS + number * 300_000
        who = f"c-{chance.randrange(CUSTOMERS)}"
        told.append(
            {
                "event_id": f"e-{number}", "source": "urn:live", "type": "contact.started",
                "customer_id": who, "occurred_at": at_ms, "contact_id": f"k-{number}",
                "channel": chance.choice(["phone", "chat"]), "direction": "inbound",
                "reason": {"l1": "billing"},
            }
        )  # fmt: skip
        if number in when:
            one = when[number]
            told.append(
                {
                    "event_id": f"m-{number}", "source": "urn:live", "type": "identity.merged",
                    "customer_id": chance.choice([one, merged[one]]), "occurred_at": at_ms,
                    "from_customer_id": one, "into_customer_id": merged[one],
                }
            )  # fmt: skip
        if number in erased:
            told.append(
                {
                    "event_id": f"x-{number}", "source": "urn:live", "scope": "all",
                    "type": "customer.erasure_requested", "customer_id": erased[number],
                    "occurred_at": at_ms,
                }
            )  # fmt: skip
    return told


async def publish(place: Deployment, touchpoints: list[dict]) -> None:
    """In order, timestamps of arrival included."""
    async with aiokafka.AIOKafkaProducer(
        bootstrap_servers=place.settings.bootstrap, linger_ms=5
    ) as producer:
        for one in touchpoints:
            key, at_ms = one["customer_id"].encode(), one["occurred_at"]
            await producer.send(
                place.touchpoints, json.dumps(one).encode(), key=key, timestamp_ms=at_ms
            )


async def held(place: Deployment) -> tuple[dict[bytes, bytes], dict[int, int]]:
    """The changelog by the rule of a compacted topic: journeys, and how far each partition is."""
    journeys: dict[bytes, bytes] = {}
    covered: dict[int, int] = {}
    for record in await read_all(place.settings, f"{place.settings.app_id}-journeys-changelog"):
        if record.key == META_KEY:
            covered[record.partition] = progress.decode(record.value).next_offset
        elif record.key.startswith(b"\x00"):
            continue
        elif record.value is None:
            journeys.pop(record.key, None)
        else:
            journeys[record.key] = record.value
    return journeys, covered


async def caught_up(place: Deployment) -> bool:
    """All that lies in the topic is applied, what partitions sent each other included."""
    log = await read_all(place.settings, place.touchpoints)
    _, covered = await held(place)
    return bool(log) and all(r.offset < covered.get(r.partition, 0) for r in log)


def alone(place: Deployment, log: list) -> tuple[dict[bytes, bytes], Counter, Counter]:
    """What the line by itself makes of the log: journeys, what it says, and what it counts."""
    line = real_line(place.settings)
    journeys: dict[bytes, bytes] = {}
    said: Counter = Counter()
    counts: Counter[str] = Counter()
    for partition in range(PARTITIONS):
        records = [
            Record(r.offset, r.timestamp, r.key, r.value, r.headers)
            for r in log
            if r.partition == partition
        ]
        desk = line.open(partition, None, {})
        for begin in range(0, len(records), 97):
            batch = records[begin : begin + 97]
            outcome = line.run(desk, batch, batch[-1].offset + 1)
            line.settle(desk, outcome)
            said.update((s.topic, s.key, s.value) for s in outcome.sends if s.topic in WRITTEN)
            counts.update(outcome.counts)
        journeys |= desk.journeys
    return journeys, said, counts


def too_late(log: list) -> int:
    """How many journeys came to join a customer who had been erased by then. How many of the six do
    is up to how far workers were behind."""
    erased: set[tuple[int, bytes]] = set()
    found = 0
    for record in log:  # in order per partition
        told, place = json.loads(record.value), (record.partition, record.key)
        if told["type"] == "customer.erasure_requested":
            erased.add(place)
        found += told["type"] == "identity.absorbed" and place in erased
    return found


def test_merges_across_workers_survive_a_kill(kafka, tmp_path):
    """Two workers, one killed by SIGKILL while customers move between their partitions: journeys,
    aliases, alerts and receipts are what the line alone makes of the log; nothing is said twice and
    no touchpoint is lost between two ids."""
    touchpoints = a_life(5)
    third = len(touchpoints) // 3

    async def story(place: Deployment) -> None:
        first = place.start("tests.live.real_worker")
        place.start("tests.live.real_worker")
        await publish(place, touchpoints[:third])
        first_half = asyncio.create_task(publish(place, touchpoints[third : 2 * third]))

        async def has_begun() -> bool:
            journeys, _ = await held(place)
            return any(is_alias(value) for value in journeys.values())

        await eventually(has_begun, 90)
        first.kill()
        await first_half
        place.start("tests.live.real_worker")
        await publish(place, touchpoints[2 * third :])
        await eventually(lambda: caught_up(place), 120)
        log = await read_all(place.settings, place.touchpoints)
        journeys, said, counts = alone(place, log)
        kept, _ = await held(place)
        assert kept == journeys
        heard: Counter = Counter()
        for name in WRITTEN:
            for record in await read_all(place.settings, place.settings.topic(name)):
                heard[name, record.key, record.value] += 1
        assert heard == said
        merges = [t for t in touchpoints if t["type"] == "identity.merged"]
        across = [
            t for t in merges
            if partition_of(t["from_customer_id"].encode(), PARTITIONS)
            != partition_of(t["into_customer_id"].encode(), PARTITIONS)
        ]  # fmt: skip
        assert counts["merge.applied"] == len(merges)
        assert counts["absorbed"] == len(merges) - too_late(log)
        assert len(across) > len(merges) / 2
        assert counts["touchpoints"] + counts["after_erasure"] >= TOUCHPOINTS
        assert counts["touchpoints"] <= TOUCHPOINTS
        assert len(heard) > 100
        for worker in place._processes[1:]:
            assert await asyncio.to_thread(terminate, worker, 30) == 0

    settings = {
        "delivery": "exactly_once", "idle_after_s": 600.0, "batch_records": 100,
        "partitions": PARTITIONS,
    }  # fmt: skip
    with deployed(kafka.bootstrap, tmp_path, **settings) as place:
        asyncio.run(story(place))
