"""Worker processes, a producer, and the oracle, for tests against a real broker.

The oracle shares no code with the shell: it reads the source log and recomputes, per customer, how
many touchpoints there are and the rolling hash of their offsets; then it reads the changelog by the
plain rule of a compacted topic (the last value of a key counts) and compares.
"""

import asyncio
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiokafka
import msgspec
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.kafka import topics
from streams.settings import Settings
from tests.kafka.counting_line import Chain, expected

_numbers = itertools.count(1)
_ROOT = Path(__file__).parents[2]


class Deployment:
    """One app on one broker, with names of its own, and the processes that serve it.

    Args:
        bootstrap: the broker.
        folder: where logs of workers go.
        settings: over the test defaults.
    """

    def __init__(self, bootstrap: str, folder: Path, **settings: object):
        name = f"t{os.getpid()}-{next(_numbers)}"
        self.settings = Settings(
            _env_file=None,
            **{
                "broker": bootstrap,
                "app_id": name,
                "prefix": name,
                "partitions": 4,
                "cohort_partitions": 4,
                "session_timeout_s": 6.0,
                "rebalance_s": 10.0,
                "shutdown_s": 8.0,
                "idle_after_s": 1.0,
                "status_every_s": 1.0,
                "commit_every_s": 0.5,
                "batch_records": 500,
                **settings,
            },
        )
        self._folder = folder
        self._processes: list[subprocess.Popen] = []
        self.touchpoints = self.settings.topic("touchpoints.v1")

    def start(self, module: str = "tests.live.counting_worker", **extra: str) -> subprocess.Popen:
        """One more worker process; its stderr goes to a file of its own."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("THROUGHLINE_")}
        for field in self.settings.model_fields_set:
            value = getattr(self.settings, field)
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            environment[f"THROUGHLINE_{field.upper()}"] = text
        log = self._folder / f"worker-{len(self._processes)}.log"
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=_ROOT,
            env={**environment, **extra},
            stderr=log.open("wb"),
            start_new_session=True,
        )
        process.log = log
        self._processes.append(process)
        return process

    def close(self) -> None:
        """No process outlives its test."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(10)

    def logs(self) -> str:
        """What all workers said, for a failing test."""
        return "\n".join(f"--- {p.log.name}\n{p.log.read_text()}" for p in self._processes)

    async def prepare(self) -> None:
        """Make the topics, as the first worker would."""
        await topics.prepare(self.settings)


@contextmanager
def deployed(bootstrap: str, folder: Path, **settings: object) -> Iterator[Deployment]:
    """A deployment whose topics exist, and whose processes end with the test."""
    deployment = Deployment(bootstrap, folder, **settings)
    asyncio.run(deployment.prepare())
    try:
        yield deployment
    except BaseException:
        print(deployment.logs())
        raise
    finally:
        deployment.close()


def wait_for(process: subprocess.Popen, text: str, within_s: float = 30.0) -> None:
    """Until a worker has said something."""
    deadline_s = time.monotonic() + within_s
    while text not in process.log.read_text():
        assert process.poll() is None, f"it ended:\n{process.log.read_text()}"
        assert time.monotonic() < deadline_s, f"never said {text!r}:\n{process.log.read_text()}"
        time.sleep(0.05)


def terminate(process: subprocess.Popen, within_s: float = 10.0) -> int:
    """SIGTERM once it is up enough to take one, and the exit code."""
    wait_for(process, "starting: ")
    process.send_signal(signal.SIGTERM)
    return process.wait(within_s)


async def produce(
    deployment: Deployment,
    count: int,
    rate: float | None = None,
    customers: int = 300,
    topic: str | None = None,
    value: bytes = b'{"i":%d}',
) -> None:
    """Write touchpoints of random customers; at ``rate`` a second, or as fast as it goes."""
    producer = aiokafka.AIOKafkaProducer(
        bootstrap_servers=deployment.settings.bootstrap,
        acks="all",
        enable_idempotence=deployment.settings.idempotence,
        linger_ms=5,
        max_batch_size=262_144,
    )
    await producer.start()
    draw, began_s, futures = random.Random(count), time.monotonic(), []
    try:
        for i in range(count):
            key = b"c%d" % draw.randrange(customers)
            content = value % i if b"%d" in value else value
            futures.append(await producer.send(topic or deployment.touchpoints, content, key=key))
            if rate and i % 50 == 0:
                ahead_s = i / rate - (time.monotonic() - began_s)
                await asyncio.sleep(max(0.0, ahead_s))
        await asyncio.gather(*futures)
    finally:
        await producer.stop()


async def read_all(settings: Settings, topic: str) -> list:
    """Every committed record of a topic, in order per partition."""
    consumer = aiokafka.AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
    )
    await consumer.start()
    try:
        found = await consumer._client._wait_on_metadata(topic)
        places = [TopicPartition(topic, partition) for partition in sorted(found)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        starts = await consumer.beginning_offsets(places)
        for place in places:
            consumer.seek(place, starts[place])
        records = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for fetched in (await consumer.getmany(timeout_ms=100)).values():
                records += fetched
        return sorted(records, key=lambda r: (r.partition, r.offset))
    finally:
        await consumer.stop()


async def kept(settings: Settings) -> dict[bytes, tuple[int, int]]:
    """(n, chain) per customer in the changelog."""
    held: dict[bytes, tuple[int, int]] = {}
    for record in await read_all(settings, f"{settings.app_id}-journeys-changelog"):
        if not record.key.startswith(b"\x00"):
            chain = msgspec.msgpack.decode(record.value, type=Chain)
            held[record.key] = (chain.n, chain.chain)
    return held


async def caught_up(deployment: Deployment, within_s: float = 40.0) -> None:
    """Until the changelog accounts for every touchpoint (or too many)."""
    total = len(await read_all(deployment.settings, deployment.touchpoints))
    deadline_s = time.monotonic() + within_s
    while True:
        done = sum(n for n, _ in (await kept(deployment.settings)).values())
        if done >= total:
            return
        assert time.monotonic() < deadline_s, f"{done} of {total} applied"
        await asyncio.sleep(0.3)


async def oracle(deployment: Deployment, may_repeat: bool = False) -> int:
    """Compare everything; how many alerts came more than once.

    Raises:
        AssertionError: a touchpoint lost or counted twice, an alert missing, unknown, changed in
            its repetition, or repeated where that may not be.
    """
    settings = deployment.settings
    source = await read_all(settings, deployment.touchpoints)
    want, said = expected((record.key, record.offset) for record in source)
    held = await kept(settings)
    wrong = {key for key in want.keys() | held.keys() if want.get(key) != held.get(key)}
    assert not wrong, f"{len(wrong)} of {len(want)} customers wrong"
    alerts = await read_all(settings, settings.topic("alerts.effort.v1"))
    heard = Counter((record.key, record.value) for record in alerts)
    numbers = {(key, msgspec.json.decode(value)["n"]) for key, value in heard}
    assert numbers == set(said), "alerts missing or unknown"
    assert len(heard) == len(said), "an alert was repeated with other content"
    repeated = heard.total() - len(heard)
    assert may_repeat or not repeated, f"{repeated} alerts said twice"
    return repeated


def ended(process: subprocess.Popen, within_s: float = 30.0) -> tuple[int, str]:
    """Exit code and everything said."""
    return process.wait(within_s), process.log.read_text()


async def admin_does(place: Deployment, do) -> None:
    """Run something with an admin client."""
    admin = AIOKafkaAdminClient(bootstrap_servers=place.settings.bootstrap)
    await admin.start()
    try:
        await do(admin)
    finally:
        await admin.close()


async def eventually(look, within_s: float = 15.0):
    """The first true answer of an async question."""
    deadline_s = time.monotonic() + within_s
    while not (answer := await look()):
        assert time.monotonic() < deadline_s
        await asyncio.sleep(0.2)
    return answer
