"""A whole stream on one machine: broker, the real worker, a simulated company, and who watches.

The worker is a process of its own, as in production. Everything that is started is stopped again,
whatever ends the show.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

import aiokafka
import msgspec

from streams.console.brokers import Ground
from streams.console.tally import Tally
from streams.kafka import topics
from streams.kafka.broker.child import Child
from streams.kafka.client import connection
from streams.kafka.publishing import Publisher, publisher
from streams.kafka.refusal import FAILED, NOT_READY, Refusal
from streams.settings import Settings
from streams.wire import progress
from streams.wire.jsonl import Carried

_TICK_S = 0.05
_READY_S = 60.0
_RUNNING = b" running "
_ENV = "THROUGHLINE_"


class Stage:
    """One stream, up and running.

    Args:
        settings: of the deployment.
        worker: the worker's process.
        log: what it prints.
    """

    def __init__(self, settings: Settings, worker: Child, log: Path) -> None:
        self.settings = settings
        self.worker = worker
        self.tally = Tally()
        self._log = log

    async def ready(self) -> None:
        """Return once the worker runs its partitions.

        Raises:
            Refusal: it does not get that far.
        """
        deadline_s = time.monotonic() + _READY_S
        while _RUNNING not in self._log.read_bytes():
            self.check()
            if time.monotonic() > deadline_s:
                raise Refusal(
                    "worker_not_ready",
                    f"The worker does not run after {_READY_S:.0f} s.",
                    self._log_tail(),
                    "See docs/operations.md.",
                    code=NOT_READY,
                )
            await asyncio.sleep(_TICK_S)

    def check(self) -> None:
        """See that the worker is alive.

        Raises:
            Refusal: it is not; says what it printed last.
        """
        code = self.worker.exit_code
        if code is not None:
            raise Refusal(
                "worker_ended",
                f"The worker ended with exit code {code}.",
                self._log_tail(),
                "See docs/operations.md.",
                code=FAILED,
            )

    async def feed(self, records: Iterator[tuple[str, Carried]], rate_per_s: float) -> None:
        """Publish touchpoints at a steady rate until cancelled.

        Args:
            records: (event id, record) in order of arrival.
            rate_per_s: how many a second.
        """
        topic = self.settings.topic(topics.TOUCHPOINTS)
        async with publisher(self.settings, self.settings.idempotence) as to:
            began_s, sent = time.monotonic(), 0
            while True:
                await asyncio.sleep(_TICK_S)
                due = int((time.monotonic() - began_s) * rate_per_s) - sent
                sent += await self._send(to, topic, list(islice(records, max(0, due))))

    async def _send(self, to: Publisher, topic: str, part: list[tuple[str, Carried]]) -> int:
        if part:
            now_s = time.monotonic()
            for event_id, _ in part:
                self.tally.note_sent(event_id, now_s)
            await to.send(topic, [record for _, record in part])
        return len(part)

    async def listen(self, said: Callable[[dict], None] | None = None) -> None:
        """Read what the worker writes and tally it, until cancelled.

        Args:
            said: told every alert as it comes.
        """
        settings = self.settings
        names = [settings.topic(f"alerts.{family}.v1") for family in topics.CUSTOMER_FAMILIES]
        letters = settings.topic("touchpoints.v1.dlq")
        journeys = topics.changelog_of(settings, settings.topic(topics.TOUCHPOINTS))
        async with _reader(settings, [*names, letters, journeys]) as consumer:
            while True:
                fetched = await consumer.getmany(timeout_ms=200)
                now_s = time.monotonic()
                for tp, records in fetched.items():
                    for record in records:
                        if tp.topic == journeys:
                            self._journey(record, now_s)
                        elif tp.topic == letters:
                            code = dict(record.headers).get("cx.error.code", b"?")
                            self.tally.dead_letters[code.decode()] += 1
                        else:
                            self._alert(record, now_s, said)

    def _alert(self, record, now_s: float, said: Callable[[dict], None] | None) -> None:  # type: ignore[no-untyped-def]
        alert = msgspec.json.decode(record.value)
        self.tally.note_alert(alert, now_s)
        if said is not None:
            said(alert)

    def _journey(self, record, now_s: float) -> None:  # type: ignore[no-untyped-def]
        if record.key == progress.KEY:
            done = progress.decode(record.value)
            self.tally.note_progress(done.partition, done.next_offset, now_s)
        elif not record.key.startswith(b"\0"):
            self.tally.customers.add(record.key)

    def _log_tail(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()
        return " / ".join(lines[-4:]) or "It printed nothing."


@asynccontextmanager
async def staged(ground: Ground, policy: Path | None) -> AsyncIterator[Stage]:
    """Topics made, the worker started; stopped and cleaned up at the end.

    Args:
        ground: what it stands on.
        policy: the worker's policy file; the built-in one if not given.

    Raises:
        Refusal: the broker or a topic is not as it must be.
    """
    settings = ground.settings()
    await topics.prepare(settings)
    folder = Path(tempfile.mkdtemp(prefix="throughline-demo-"))
    log = folder / "worker.log"
    log.touch()
    worker = Child(_command(ground, policy), log, folder)
    try:
        yield Stage(settings, worker, log)
    finally:
        await asyncio.to_thread(worker.stop, settings.shutdown_s + 2)
        shutil.rmtree(folder, ignore_errors=True)


def _command(ground: Ground, policy: Path | None) -> list[str]:
    """The worker with exactly the demo's settings, whatever the environment says."""
    given = {**ground.given, **({"policy": policy.resolve()} if policy else {})}
    foreign = [] if ground.inherits else [name for name in os.environ if name.startswith(_ENV)]
    return [
        "env",
        *(part for name in foreign for part in ("-u", name)),
        *(f"{_ENV}{name.upper()}={value}" for name, value in given.items()),
        sys.executable, "-m", "streams.cli", "worker",
    ]  # fmt: skip


@asynccontextmanager
async def _reader(settings: Settings, names: list[str]) -> AsyncIterator[aiokafka.AIOKafkaConsumer]:
    consumer = aiokafka.AIOKafkaConsumer(
        **connection(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_max_wait_ms=min(100, settings.fetch_wait_ms),
    )
    await consumer.start()
    try:
        tps = []
        for name in names:
            width = await consumer._client._wait_on_metadata(name)
            tps += [aiokafka.TopicPartition(name, partition) for partition in sorted(width)]
        consumer.assign(tps)
        yield consumer
    finally:
        with contextlib.suppress(Exception):
            await consumer.stop()
