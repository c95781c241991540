"""The whole loop on a real Kafka: an alert, a candidate, the service of our page, what it reports."""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter

import aiokafka

from tests.live.test_worker_real_line import alone
from tests.live.workers import Deployment, deployed, eventually, read_all, terminate
from tests.pages import blocks, surroundings

POLICY = """
version = "test"
[outreach]
quiet_from = "00:00"
quiet_to = "00:00"
quiet_days = []
hold_out = 0.0
"""
TOPICS = ("alerts.friction.v1", "outreach.v1")


def touchpoint(number: int, type_: str, **fields) -> dict:
    """One of c-1, now."""
    return {
        "event_id": f"e-{number}", "source": "urn:test", "type": type_, "customer_id": "c-1",
        "occurred_at": round(time.time() * 1000), **fields,
    }  # fmt: skip


async def publish(place: Deployment, topic: str, *values: dict) -> None:
    """Onto one of our topics, under the customer's key."""
    async with aiokafka.AIOKafkaProducer(bootstrap_servers=place.settings.bootstrap) as producer:
        for value in values:
            name = place.settings.topic(topic)
            await producer.send_and_wait(name, json.dumps(value).encode(), key=b"c-1")


async def read(place: Deployment, topic: str) -> list[dict]:
    """All that lies on one of our topics."""
    return [
        json.loads(r.value) for r in await read_all(place.settings, place.settings.topic(topic))
    ]


def serve(place: Deployment) -> str:
    """The script of our page, run as it stands but for the names of its topics."""
    (script,) = (b.text for b in blocks("python kafka") if '"cx.outreach.v1"' in b.text)
    broker = {"THROUGHLINE_BROKER": ",".join(place.settings.bootstrap)}
    run = subprocess.run(
        [sys.executable, "-c", script.replace('"cx.', f'"{place.settings.prefix}.')],
        env=surroundings(broker), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_from_alert_to_candidate_to_feedback_to_state(kafka, tmp_path):
    """Offered, sent by the service, heard of by the journey, dismissed by people, not withdrawn for
    it was sent; and a replay of the log says the same to the byte."""
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY)

    async def story(place: Deployment) -> None:
        worker = place.start("tests.live.real_worker")
        await publish(
            place,
            "touchpoints.v1",
            touchpoint(1, "visit.recorded", location="shop", timezone="Europe/Berlin"),
            touchpoint(2, "consent.changed", purpose="marketing", status="granted"),
            touchpoint(3, "complaint.filed"),
        )

        async def offered() -> list[dict]:
            return await read(place, "outreach.v1")

        (candidate,) = await eventually(offered, 120)
        assert "to c-1" in await asyncio.to_thread(serve, place)
        dismissal = {
            "feedback_id": "f-1", "customer_id": "c-1", "alert_id": candidate["alert_id"],
            "action": "dismiss", "by": "ann", "occurred_at": round(time.time() * 1000),
        }  # fmt: skip
        await publish(place, "feedback.v1", dismissal)

        async def over() -> list[dict]:
            told = await read(place, "alerts.friction.v1")
            return [alert for alert in told if alert["resolved_reason"] == "dismissed_by_people"]

        (last,) = await eventually(over, 120)
        assert last["alert_id"] == candidate["alert_id"]
        assert [c["step"] for c in await offered()] == ["offer"]
        assert await asyncio.to_thread(terminate, worker) == 0

        log = await read_all(place.settings, place.touchpoints)
        types = [json.loads(record.value)["type"] for record in log]
        assert types[-2:] == ["outreach.sent", "alert.dismissed"]
        want = Counter((s.topic, s.key, s.value) for s in alone(place, log, 2, TOPICS))
        for topic in TOPICS:
            lying = await read_all(place.settings, place.settings.topic(topic))
            said = Counter((topic, record.key, record.value) for record in lying)
            assert said == Counter({k: n for k, n in want.items() if k[0] == topic}), topic

    with deployed(kafka.bootstrap, tmp_path, policy=policy, idle_after_s=600.0) as place:
        asyncio.run(story(place))
