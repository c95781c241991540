"""Worker processes and a real Kafka, broken on purpose: killed, paused, frozen, left alone.

The broker is one of our own: it allows short sessions, so that a death is noticed in two seconds.
"""

import asyncio
import json
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import aiokafka
import pytest
from aiokafka.admin import NewTopic

from streams.kafka.broker.real import RealKafka
from tests.live.workers import (
    Deployment,
    admin_does,
    caught_up,
    deployed,
    ended,
    eventually,
    oracle,
    produce,
    read_all,
    terminate,
    wait_for,
)

BOTH = pytest.mark.parametrize("delivery", ["exactly_once", "effectively_once"])


@pytest.fixture(scope="module")
def hasty() -> Iterator[RealKafka]:
    """A Kafka of this file's own, to freeze, and where sessions may be short."""
    with RealKafka({"group.min.session.timeout.ms": "1000"}) as broker:
        yield broker


@BOTH
def test_workers_killed_at_random(hasty, tmp_path, delivery):
    """kill -9 of one of two workers, twice, under load. An alert may repeat only without
    transactions, and then byte for byte."""

    async def story(place) -> None:
        producing = asyncio.create_task(produce(place, 8_000, rate=1_300))
        workers = [place.start(), place.start()]
        draw = random.Random(11)
        for _ in range(2):
            await asyncio.sleep(2 + draw.random())
            victim = workers.pop(0)
            victim.kill()
            victim.wait(10)
            workers.append(place.start())
        await producing
        await caught_up(place)
        for worker in workers:
            assert await asyncio.to_thread(terminate, worker) == 0
        await oracle(place, may_repeat=delivery == "effectively_once")

    with deployed(hasty.bootstrap, tmp_path, session_timeout_s=2.0, delivery=delivery) as place:
        asyncio.run(story(place))


def die_at(place, step: str, nth: int) -> None:
    """A worker that kills itself the nth time it reaches a step."""
    worker = place.start(THROUGHLINE_DIE_AT=f"{step}:{nth}")
    assert worker.wait(30) == -signal.SIGKILL


@BOTH
def test_death_at_each_step_of_the_protocol(hasty, tmp_path, delivery):
    """Killed at every named step that a batch passes, a restart makes it whole."""
    steps = ["sends.acked", "journeys.acked", "line.settled"]
    steps += ["transaction.committed"] if delivery == "exactly_once" else ["lane.claimed"]
    with deployed(hasty.bootstrap, tmp_path, session_timeout_s=2.0, delivery=delivery) as place:
        asyncio.run(produce(place, 14_000))
        for step in steps:
            die_at(place, step, 2)
        worker = place.start()
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        repeated = asyncio.run(oracle(place, may_repeat=delivery == "effectively_once"))
        if delivery == "effectively_once":
            assert repeated > 0, "the step between the two acknowledgements was not hit"


@pytest.mark.parametrize(
    ("delivery", "step", "reason"),
    [
        ("exactly_once", "journeys.begun", "fenced"),
        ("effectively_once", "journeys.begun", "superseded"),
    ],
)
def test_a_paused_worker_that_wakes(hasty, tmp_path, delivery, step, reason):
    """SIGSTOP past the session timeout with a batch in hand; another takes over; SIGCONT.

    With transactions it is fenced. Without, it was past asking whether it may write: its stale
    journeys are mended by the new owner, and it ends.
    """

    async def story(place) -> None:
        await produce(place, 6_000)
        zombie = place.start(THROUGHLINE_DIE_AT=f"{step}:3:STOP")
        await asyncio.to_thread(stopped, zombie)
        heir = place.start()
        producing = asyncio.create_task(produce(place, 6_000, rate=1_000))
        await asyncio.to_thread(wait_for, heir, "running 12", 30)
        await asyncio.sleep(1)
        zombie.send_signal(signal.SIGCONT)
        await producing
        await caught_up(place)
        code, said = await asyncio.to_thread(ended, zombie)
        assert code == 1 and f"{reason}: " in said
        await caught_up(place)
        assert await asyncio.to_thread(terminate, heir) == 0
        await oracle(place, may_repeat=delivery == "effectively_once")

    with deployed(
        hasty.bootstrap, tmp_path, session_timeout_s=2.0, delivery=delivery, patrol_every_s=1.0
    ) as place:
        asyncio.run(story(place))


def stopped(process: subprocess.Popen, within_s: float = 20.0) -> None:
    """Until the process has paused itself."""
    deadline_s = time.monotonic() + within_s
    while Path(f"/proc/{process.pid}/stat").read_text().split()[2] != "T":
        assert time.monotonic() < deadline_s, process.log.read_text()
        time.sleep(0.05)


async def supervised(place, worker: subprocess.Popen) -> subprocess.Popen:
    """Until all is applied, restarting a worker that ends by a named reason; the one that is up."""
    catching_up = asyncio.create_task(caught_up(place))
    while not catching_up.done():
        if worker.poll() is not None:
            worker = place.start()
        await asyncio.wait({catching_up}, timeout=0.5)
    await catching_up
    return worker


def test_a_broker_that_freezes_and_comes_back(hasty, tmp_path):
    """Everything waits, nothing is lost, nothing is said twice; no worker pretends to be well."""

    async def story(place) -> None:
        producing = asyncio.create_task(produce(place, 6_000, rate=1_000))
        worker = place.start()
        await asyncio.to_thread(wait_for, worker, "running 12")
        hasty.suspend()
        await asyncio.sleep(8)
        hasty.resume()
        await producing
        worker = await supervised(place, worker)
        assert await asyncio.to_thread(terminate, worker) == 0
        await oracle(place)
        assert "unexpected_error" not in place.logs()

    with deployed(hasty.bootstrap, tmp_path, session_timeout_s=2.0) as place:
        asyncio.run(story(place))


def test_it_ends_in_time_even_if_the_broker_does_not_answer(hasty, tmp_path):
    """SIGTERM while the broker is frozen: gone within the deadline, and whole afterwards."""
    with deployed(hasty.bootstrap, tmp_path, session_timeout_s=2.0, shutdown_s=4.0) as place:
        asyncio.run(produce(place, 3_000))
        worker = place.start()
        asyncio.run(caught_up(place))
        hasty.suspend()
        try:
            began_s = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            worker.wait(8)
            assert time.monotonic() - began_s < 6
        finally:
            hasty.resume()
        worker = place.start()
        asyncio.run(produce(place, 500))
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        asyncio.run(oracle(place))


def touchpoint(number: int) -> dict:
    """A small valid touchpoint."""
    return {
        "event_id": f"e{number}",
        "source": "crm",
        "type": "contact.started",
        "customer_id": f"c{number % 50}",
        "occurred_at": int(time.time() * 1_000),
        "channel": "phone",
        "direction": "inbound",
        "contact_id": f"k{number}",
    }


async def fill(place: Deployment, topic: str, values: list[bytes]) -> None:
    """Records under keys that mean nothing, with a header that would command an agent."""
    headers = [("Faust-Ag-ReplyTo", place.touchpoints.encode())]
    async with aiokafka.AIOKafkaProducer(bootstrap_servers=place.settings.bootstrap) as producer:
        for number, value in enumerate(values):
            key = None if number % 2 else b"anything"
            await producer.send(topic, value, key=key, headers=headers)


def feedback(number: int) -> bytes:
    """A small valid feedback."""
    return json.dumps(
        {
            "feedback_id": f"f{number}",
            "customer_id": f"c{number}",
            "alert_id": "a1",
            "action": "acknowledge",
            "by": "mary",
            "occurred_at": int(time.time() * 1_000),
        }
    ).encode()


async def taken_in(place: Deployment, most_each: int) -> None:
    """Each of the 620 is there under its customer's key, at most so many times, byte for byte."""
    seen: dict[str, list] = {}
    for record in await read_all(place.settings, place.touchpoints):
        content = json.loads(record.value)
        assert record.key.decode() == content["customer_id"]
        assert not any(name.startswith("Faust") for name, _ in record.headers)
        seen.setdefault(content["event_id"], []).append(record.value)
    assert seen.keys() == {f"e{n}" for n in range(600)} | {f"f{n}" for n in range(20)}
    assert {len(set(values)) for values in seen.values()} == {1}
    assert max(len(values) for values in seen.values()) <= most_each


async def refused(place: Deployment) -> None:
    """What was no touchpoint and no feedback is a dead letter, original bytes and all."""
    dead = await read_all(place.settings, place.settings.topic("touchpoints.v1.dlq"))
    assert {record.value for record in dead} == {b"not json", b"{}", b"?"}
    codes = {dict(record.headers)["cx.error.code"].decode() for record in dead}
    assert codes == {"invalid_json", "schema_violation"}


@BOTH
def test_intake_and_feedback_reach_the_touchpoints_topic_once(hasty, tmp_path, delivery):
    """A team's topic, keyed at will, and feedback arrive under the customer's key, once each, also
    through a kill; what is no touchpoint becomes a dead letter with its original bytes."""
    source = f"team-{tmp_path.name}"
    settings = {"delivery": delivery, "sources": (source,), "session_timeout_s": 2.0}
    place = Deployment(hasty.bootstrap, tmp_path, **settings)

    async def story() -> None:
        await admin_does(place, lambda admin: admin.create_topics([NewTopic(source, 3, 1)]))
        await asyncio.sleep(0.5)
        await place.prepare()
        good = [json.dumps(touchpoint(number)).encode() for number in range(600)]
        await fill(place, source, [*good[:300], b"not json", b"{}", *good[300:]])
        told = [*(feedback(number) for number in range(20)), b"?"]
        await fill(place, place.settings.topic("feedback.v1"), told)
        torn = place.start(THROUGHLINE_DIE_AT="sends.acked:2")
        assert await asyncio.to_thread(torn.wait, 30) == -signal.SIGKILL
        worker = place.start()

        async def all_there() -> bool:
            records = await read_all(place.settings, place.touchpoints)
            return len({record.value for record in records}) >= 620

        await eventually(all_there)
        assert await asyncio.to_thread(terminate, worker) == 0
        await taken_in(place, most_each=1 if delivery == "exactly_once" else 2)
        await refused(place)

    try:
        asyncio.run(story())
    except BaseException:
        print(place.logs())
        raise
    finally:
        place.close()
