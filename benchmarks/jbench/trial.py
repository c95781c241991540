"""One system, one run: warm up, write the backlog while it sleeps, let it drain, hold it to the
oracle.

The worker is stopped (SIGSTOP) while the measured part is written, so that every system finds the
same bytes as backlog and its clock starts at SIGCONT.
"""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.jbench.measure import Used, cpu_ticks, peak_rss_mb, stolen_share, used
from benchmarks.jbench.oracle import Answer
from benchmarks.jbench.workload import Drawn
from benchmarks.peers.systems import Place, System, environment

PARTITIONS = 8
_COMMIT_S = 1.5  # a little over every system's commit interval
_SILENT_S = 90.0


class Input(NamedTuple):
    """Warm-up and measured part, and what all alerts of both must be."""

    warm_up: list[Drawn]
    measured: list[Drawn]
    answer: Answer


class Listener:
    """Reads alerts and dead letters as any reader would: committed ones only."""

    def __init__(self, place: Place):
        self._consumer = Consumer({
            "bootstrap.servers": place.broker, "group.id": place.group + ".listener",
            "auto.offset.reset": "earliest", "isolation.level": "read_committed",
            "enable.auto.commit": False, "fetch.wait.max.ms": 50,
        })  # fmt: skip
        self._consumer.subscribe([place.alerts, place.dlq])
        self._alerts_topic, self._ended = place.alerts, threading.Event()
        self.alerts: list[dict[str, Any]] = []
        self.dead = 0
        self.heard_s = time.monotonic()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            for message in self._consumer.consume(500, 0.1):
                if message.error():
                    continue
                self.heard_s = time.monotonic()
                if message.topic() == self._alerts_topic:
                    self.alerts.append(json.loads(message.value()))
                else:
                    self.dead += 1
        self._consumer.close()

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        self._thread.join()


class Trial:
    """One run of one system.

    Args:
        system: under test.
        broker: ``host:port``.
        broker_pid: to measure its CPU.
        number: makes the names of topics and group.
        pinned: worker to the last core, all else to the first.
    """

    def __init__(self, system: System, broker: str, broker_pid: int, number: int, pinned: bool):
        self.system, self._broker_pid, self._pinned = system, broker_pid, pinned
        self.place = Place(broker, f"jb{number}")
        self._admin = AdminClient({"bootstrap.servers": broker, "log_level": 0})

    def run(self, told: Input) -> dict[str, Any]:
        """The row: figures, or why there are none."""
        self._create_topics()
        row: dict[str, Any] = {"system": self.system.name, "durability": self.system.durability}
        with tempfile.TemporaryDirectory(prefix="jbench-") as folder:
            listener = Listener(self.place)
            worker = self._start(Path(folder))
            try:
                row |= self._measured(told, worker, listener)
            except RuntimeError as why:
                log = (Path(folder) / "log").read_text(errors="replace")
                row |= {"failed": str(why), "log": log[-2_000:]}
            finally:
                worker.send_signal(signal.SIGCONT)
                worker.terminate()
                try:
                    worker.wait(30)
                except subprocess.TimeoutExpired:
                    worker.kill()
                    worker.wait()
                listener.close()
                self._delete_topics()
        return row

    def _create_topics(self) -> None:
        place = self.place
        names = [place.source, place.alerts, place.dlq]
        topics = [NewTopic(name, PARTITIONS, 1) for name in names]
        topics.append(
            NewTopic(place.group + "-state", PARTITIONS, 1, config={"cleanup.policy": "compact"})
        )
        for future in self._admin.create_topics(topics).values():
            future.result(30)

    def _delete_topics(self) -> None:
        mine = [name for name in self._admin.list_topics(timeout=10).topics if self._is_mine(name)]
        for future in self._admin.delete_topics(mine).values():
            future.result(30)

    def _is_mine(self, name: str) -> bool:
        group = self.place.group
        return name.startswith((group + ".", group + "-", f"changelog__{group}--"))

    def _start(self, folder: Path) -> subprocess.Popen:
        command = self.system.command(self.place)
        if self._pinned:
            command = ["taskset", "-c", str((os.cpu_count() or 1) - 1), *command]
        with (folder / "log").open("wb") as log:
            return subprocess.Popen(
                command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def _measured(
        self, told: Input, worker: subprocess.Popen, listener: Listener
    ) -> dict[str, Any]:
        place = self.place
        produce(place, told.warm_up)
        expected_warm = sum(1 for one in told.warm_up if one.key.startswith(b"probe-"))
        self._until(worker, listener, expected_warm, 0)
        time.sleep(_COMMIT_S + 1.0)
        worker.send_signal(signal.SIGSTOP)
        produce(place, told.measured)
        ticks, worker_0, broker_0 = cpu_ticks(), used(worker.pid), used(self._broker_pid)
        began_s = time.monotonic()
        worker.send_signal(signal.SIGCONT)
        self._until(worker, listener, len(told.answer.alerts), told.answer.unreadable)
        drained_s = listener.heard_s - began_s
        time.sleep(_COMMIT_S)
        mine, brokers = used(worker.pid).since(worker_0), used(self._broker_pid).since(broker_0)
        wrong = judged(listener, told.answer)
        if wrong:
            raise RuntimeError(f"not what the oracle says: {wrong}")
        return figures(len(told.measured), drained_s, mine, brokers) | {
            "peak_rss_mb": round(peak_rss_mb(worker.pid)),
            "alerts": len(listener.alerts),
            "stolen_share": round(stolen_share(ticks, cpu_ticks()), 3),
        }

    def _until(self, worker: subprocess.Popen, listener: Listener, alerts: int, dead: int) -> None:
        listener.heard_s = time.monotonic()
        while len(listener.alerts) < alerts or listener.dead < dead:
            if worker.poll() is not None:
                raise RuntimeError(f"it ended with {worker.returncode}")
            if time.monotonic() - listener.heard_s > _SILENT_S:
                raise RuntimeError(f"silent at {len(listener.alerts)} of {alerts} alerts")
            time.sleep(0.02)


def produce(place: Place, drawn: list[Drawn]) -> None:
    """Write in large batches, uncompressed, partitioned as Java would."""
    producer = Producer({
        "bootstrap.servers": place.broker, "partitioner": "murmur2_random", "linger.ms": 20,
        "batch.size": 1_000_000, "queue.buffering.max.messages": 2_000_000, "acks": "all",
    })  # fmt: skip
    for number, (key, value) in enumerate(drawn):
        producer.produce(place.source, value, key)
        if number % 10_000 == 0:
            producer.poll(0)
    if producer.flush(60):
        raise RuntimeError("the input could not be written")


def judged(listener: Listener, answer: Answer) -> str:
    """What is not as the oracle says; an alert may come more than once only byte for byte."""
    found = {(a["customer_id"], a["event_id"]): (a["score"], a["repeat"]) for a in listener.alerts}
    if found.keys() != answer.alerts.keys():
        missing, unknown = answer.alerts.keys() - found.keys(), found.keys() - answer.alerts.keys()
        return f"{len(missing)} alerts missing, {len(unknown)} unknown"
    for key, (score, repeat) in answer.alerts.items():
        if abs(found[key][0] - score) > 1e-6 or found[key][1] != repeat:
            return f"{key}: {found[key]}, not {(score, repeat)}"
    repeated = Counter((a["customer_id"], a["event_id"]) for a in listener.alerts)
    if repeated.total() != len(repeated):
        return f"{repeated.total() - len(repeated)} alerts said twice without a crash"
    if listener.dead != answer.unreadable:
        return f"{listener.dead} dead letters, not {answer.unreadable}"
    return ""


def figures(count: int, drained_s: float, mine: Used, broker: Used) -> dict[str, Any]:
    """Per touchpoint, in microseconds of CPU."""
    return {
        "touchpoints": count,
        "cpu_us": round(mine.total_s / count * 1e6, 2),
        "user_us": round(mine.user_s / count * 1e6, 2),
        "system_us": round(mine.system_s / count * 1e6, 2),
        "broker_us": round(broker.total_s / count * 1e6, 2),
        "drained_per_s": round(count / drained_s),
    }
