"""One system's place for one run: its topics, its workers, and what is left of them afterwards."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, Self

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.jbench.listener import Listener
from benchmarks.jbench.workload import Drawn
from benchmarks.peers.systems import Place, System, environment

PARTITIONS = 8
COMMIT_S = 1.5  # a little over every system's commit interval
SILENT_S = 60.0
_PATIENCE_S = 90.0  # stopping in good order
_AHEAD = 1_000_000  # records not yet taken by the broker


class Broker(NamedTuple):
    """The Kafka under all systems: address, process, and the folder of its logs."""

    address: str
    pid: int
    data: Path


class NoResult(Exception):
    """A run that has no figures, and why."""


class Stage:
    """Topics, listener and workers of one run of one system, as a context manager.

    Args:
        system: under test.
        broker: the Kafka it runs on.
        number: makes the names of topics and group.
        cores: that its workers may use; None for all.
    """

    def __init__(self, system: System, broker: Broker, number: int, cores: str | None):
        self.system, self.broker, self._cores = system, broker, cores
        self.place = Place(broker.address, f"jb{number}")
        self.workers: list[subprocess.Popen] = []
        self._folders: list[tempfile.TemporaryDirectory] = []
        self._admin = AdminClient({"bootstrap.servers": broker.address, "log_level": 0})

    def __enter__(self) -> Self:
        place = self.place
        topics = [NewTopic(name, PARTITIONS, 1) for name in (place.source, place.alerts, place.dlq)]
        topics.append(
            NewTopic(place.group + "-state", PARTITIONS, 1, config={"cleanup.policy": "compact"})
        )
        for future in self._admin.create_topics(topics).values():
            future.result(30)
        alerts = self.system.alerts.format(group=place.group.replace(".", r"\."))
        self.listener = Listener(place, alerts)
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            end(worker)
        self.listener.close()
        mine = [name for name in self._admin.list_topics(timeout=10).topics if self.is_mine(name)]
        for future in self._admin.delete_topics(mine).values():
            future.result(30)
        for folder in self._folders:
            folder.cleanup()

    def start(self) -> subprocess.Popen:
        """One more worker, in an empty folder of its own."""
        folder = tempfile.TemporaryDirectory(prefix="jbench-", ignore_cleanup_errors=True)
        self._folders.append(folder)
        command = self.system.command(self.place)
        if self._cores is not None:
            command = ["taskset", "-c", self._cores, *command]
        with (Path(folder.name) / "log").open("wb") as log:
            worker = subprocess.Popen(
                command, cwd=folder.name, env=environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def until(self, done: Callable[[], bool], what: str, silent_s: float = SILENT_S) -> None:
        """Wait while the workers live and are heard of."""
        self.listener.heard_s = time.monotonic()
        while not done():
            for worker in self.workers:
                if worker.poll() is not None:
                    raise NoResult(f"a worker ended with {worker.returncode} before {what}")
            if time.monotonic() - self.listener.heard_s > silent_s:
                heard = len(self.listener.alerts)
                raise NoResult(f"silent for {silent_s:.0f} s before {what}, {heard} alerts heard")
            time.sleep(0.02)

    def heard(self, alerts: int, dead: int = 0) -> None:
        """Wait for so many alerts and dead letters."""
        listener = self.listener
        self.until(
            lambda: len(listener.alerts) >= alerts and listener.dead >= dead,
            f"{alerts} alerts and {dead} dead letters",
        )

    def written_bytes(self) -> int:
        """What this run and its transactions have put into the broker's logs, the input not
        counted; segments of the broker's own topics are everybody's, so take differences."""
        total = 0
        for folder in self.broker.data.iterdir():
            topic = folder.name.rpartition("-")[0]
            counted = self.is_mine(topic) and topic != self.place.source
            if counted or topic in ("__consumer_offsets", "__transaction_state"):
                total += sum(log.stat().st_size for log in folder.glob("*.log"))
        return total

    def is_mine(self, topic: str) -> bool:
        """Whether a topic belongs to this run."""
        group = self.place.group
        return topic.startswith((group + ".", group + "-", f"changelog__{group}--"))

    def log(self) -> str:
        """The end of what the workers printed."""
        logs = [Path(folder.name) / "log" for folder in self._folders]
        return "\n".join(log.read_text(errors="replace")[-2_000:] for log in logs)


def end(worker: subprocess.Popen) -> None:
    """In good order if it can."""
    if worker.poll() is not None:
        return
    worker.send_signal(signal.SIGCONT)
    worker.terminate()
    try:
        worker.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def produce(place: Place, drawn: Iterable[Drawn]) -> None:
    """Write in large batches, uncompressed, partitioned as Java would."""
    producer = Producer({
        "bootstrap.servers": place.broker, "partitioner": "murmur2_random", "linger.ms": 20,
        "batch.size": 1_000_000, "queue.buffering.max.messages": 4_000_000,
        "queue.buffering.max.kbytes": 2_000_000,
        # Without it a batch that is sent again lands behind those after it: another input.
        "enable.idempotence": True,
    })  # fmt: skip
    for number, (key, value, timestamp_ms) in enumerate(drawn):
        producer.produce(place.source, value, key, timestamp=timestamp_ms)
        if number % 10_000 == 0:
            producer.poll(0)
            while len(producer) > _AHEAD:
                producer.poll(0.05)
    if producer.flush(60):
        raise NoResult("the input could not be written")


def all_cores_but_one() -> tuple[set[int], str | None]:
    """Cores of broker and bench, and the one of the worker; nobody is pinned on a single core."""
    cores = os.cpu_count() or 1
    return (set(range(cores - 1)), str(cores - 1)) if cores > 1 else ({0}, None)
