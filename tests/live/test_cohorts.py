"""The crowd on a real Kafka: what workers say of cohorts is what a replay of the log says."""

import asyncio
import json
import signal
from collections import Counter
from random import Random

import aiokafka

from streams import policy
from streams.engine.record import Record
from streams.kafka import topics
from streams.replay.house import ReplayHouse
from tests.live.workers import Deployment, deployed, eventually, read_all, terminate

START_MS = 1_767_571_200_000  # Monday 2026-01-05T00:00:00Z
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
POLICY = """
version = "crowd"
[cohorts]
dimensions = ["channel", "reason", "region"]
pairs = []
[detectors.inconsistent_experience_group]
deviation = 0.1
answers_min = 2
"""


def contacts(count: int) -> list[dict]:
    """Contacts of ten days with a survey after each; and a last word, days later, in every
    partition, so that all of them come to the same hour without a clock."""
    rng, told = Random(7), []
    for number in range(count):
        at_ms = START_MS + number * 10 * DAY_MS // count
        here = {
            "customer_id": f"c-{rng.randrange(60)}", "source": "urn:test", "region": "north",
            "channel": rng.choice(("phone", "chat")), "contact_id": f"k-{number}",
        }  # fmt: skip
        reason = {"l1": rng.choice(("billing", "outage"))}
        told += [
            {"type": "contact.started", "occurred_at": at_ms, "reason": reason, **here},
            {"type": "contact.answered", "occurred_at": at_ms + 1, "wait_s": number % 900, **here},
            {"type": "survey.responded", "occurred_at": at_ms + 2, "kind": "csat", **here,
             "score": rng.randrange(1, 6), "scale_min": 1, "scale_max": 5,
             "higher_is_better": True},
        ]  # fmt: skip
    end_ms = START_MS + 12 * DAY_MS
    told += [
        {"type": "referral.made", "occurred_at": end_ms, "customer_id": f"c-{number}",
         "source": "urn:test"}
        for number in range(60)
    ]  # fmt: skip
    return [{"event_id": f"e-{number}", **touchpoint} for number, touchpoint in enumerate(told)]


async def publish(place: Deployment, touchpoints: list[dict]) -> None:
    """In order, keyed by customer, stamped with their event time."""
    async with aiokafka.AIOKafkaProducer(
        bootstrap_servers=place.settings.bootstrap, linger_ms=5
    ) as producer:
        for touchpoint in touchpoints:
            await producer.send(
                place.touchpoints,
                json.dumps(touchpoint).encode(),
                key=touchpoint["customer_id"].encode(),
                timestamp_ms=touchpoint["occurred_at"],
            )


async def replayed(place: Deployment) -> Counter:
    """What a replay of the log says of cohorts, without the clock steps of workers."""
    log = await read_all(place.settings, place.touchpoints)
    placed = ((r.partition, Record(r.offset, r.timestamp, r.key, r.value)) for r in log)
    house = ReplayHouse(
        policy.load(place.settings.policy), place.settings.partitions, place.touchpoints, crowd=True
    )
    sends = [*house.run(placed), *house.finish()]
    wanted = (topics.METRICS, topics.COHORT_ALERTS)
    return Counter((send.topic, send.key, send.value) for send in sends if send.topic in wanted)


async def said(place: Deployment) -> Counter:
    """What lies on the topics of metrics and cohort alerts, readable to everybody."""
    found: Counter = Counter()
    for name in (topics.METRICS, topics.COHORT_ALERTS):
        for record in await read_all(place.settings, place.settings.topic(name)):
            found[name, record.key, record.value] += 1
    return found


def test_workers_say_of_cohorts_what_a_replay_says(kafka, tmp_path):
    """Ten days of contacts through a worker that is killed in the middle of a commit, and its
    successor: metrics with their revisions and alerts about cohorts are, byte for byte and each
    once, those of a replay of the log up to its last hour."""
    chosen = tmp_path / "policy.toml"
    chosen.write_text(POLICY)

    async def story(place: Deployment) -> None:
        await publish(place, contacts(400))
        first = place.start("tests.live.real_worker", THROUGHLINE_DIE_AT="journeys.acked:11")
        assert await asyncio.to_thread(first.wait, 200) == -signal.SIGKILL
        second = place.start("tests.live.real_worker")
        want = await replayed(place)
        assert {topic for topic, _, _ in want} == {topics.METRICS, topics.COHORT_ALERTS}

        async def all_said() -> bool:
            return (await said(place)).total() >= want.total()

        await eventually(all_said, 200)
        assert await asyncio.to_thread(terminate, second) == 0
        now = await said(place)
        # An idle worker's clock goes on past the end of the log; nothing of the log is said anew.
        assert now & want == want
        assert max(now.values()) == 1

    settings = {"policy": chosen, "partitions": 2, "batch_records": 100, "idle_after_s": 3.0}
    with deployed(kafka.bootstrap, tmp_path, **settings) as place:
        asyncio.run(story(place))
