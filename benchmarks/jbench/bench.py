"""A broker, the rows found on it, and the parts a bench is made of."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.jbench.cast import Cast
from benchmarks.jbench.header import header
from benchmarks.jbench.latency import Part, latencies
from benchmarks.jbench.recovery import fill_and_kill, restarted
from benchmarks.jbench.report import medians
from benchmarks.jbench.stage import Broker, Stage, all_cores_but_one
from benchmarks.jbench.trial import Input, drain
from benchmarks.peers.systems import System
from streams.kafka.broker.real import RealKafka

_DRAWN_MAX = 2_000_000

KAFKA = {"log.cleaner.enable": "false"}


class Bench:
    """One broker, and the rows found on it.

    Args:
        broker: where everything runs.
        rows: the file of raw rows.
    """

    def __init__(self, broker: Broker, rows: Path):
        self.rows: list[dict[str, Any]] = []
        self._broker, self._file = broker, rows
        self._number = int(time.time()) % 100_000 * 100
        self._mine, self._theirs = all_cores_but_one()

    def stage(self, system: System, pinned: bool = True) -> Stage:
        """A fresh place for a run; pinned: the worker to its core, all else to the others."""
        self._number += 1
        every = set(range(os.cpu_count() or 1))
        for pid in (os.getpid(), self._broker.pid):
            _pin(pid, self._mine if pinned else every)
        return Stage(system, self._broker, self._number, self._theirs if pinned else None)

    def note(self, row: dict[str, Any]) -> None:
        """Keep a row, and say that there is one."""
        self.rows.append(row)
        with self._file.open("a") as out:
            out.write(json.dumps(row) + "\n")
        brief = {name: value for name, value in row.items() if name not in ("log", "durability")}
        print(json.dumps(brief), file=sys.stderr, flush=True)


def _pin(pid: int, cores: set[int]) -> None:
    """All threads of a process."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            os.sched_setaffinity(int(task.name), cores)
        except ProcessLookupError:
            continue  # it ended meanwhile


@contextmanager
def on_kafka(out: Path, asked: dict[str, Any]) -> Iterator[Bench]:
    """A broker under ``out``, gone afterwards; rows are added to those that are there."""
    out.mkdir(parents=True, exist_ok=True)
    folder = out / "broker"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with RealKafka(KAFKA, folder) as kafka:
            broker = Broker(kafka.bootstrap, kafka.pid or 0, folder / "data")
            one = Bench(broker, out / "rows.jsonl")
            one.note(header(asked, KAFKA))
            yield one
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def warmed(on: Bench, system: System, told: Input) -> None:
    """A run that does not count: the broker is a JVM, and whoever came first would warm it up."""
    on.note(drain(on.stage(system), told) | {"what": "broker warm-up"})


def drains(on: Bench, inputs: Sequence[tuple[System, Input]], count: int) -> None:
    """Every system once a round, in an order that turns."""
    for number in range(count):
        turn = number % len(inputs) if inputs else 0
        for system, told in [*inputs[turn:], *inputs[:turn]]:
            on.note({"round": number} | drain(on.stage(system), told))


def two_workers(on: Bench, systems: Sequence[System], told: Input, count: int) -> None:
    """One worker and two, nobody pinned, in turn."""
    for number in range(count):
        for system in systems:
            for workers in (1, 2):
                row = drain(on.stage(system, pinned=False), told, workers)
                on.note({"round": number} | row | {"what": "workers"})


def recoveries(on: Bench, jobs: Sequence[tuple[System, Cast, int]], contacts: int) -> None:
    """Each with customers and with none: all are filled and killed, one after the other, then
    restarted, so that all together wait only once until they are forgotten."""
    with ExitStack() as stages:
        killed = [
            fill_and_kill(stages.enter_context(on.stage(system)), cast, count, contacts)
            for system, cast, customers in jobs
            for count in (0, customers)
        ]
        for one in killed:
            on.note(restarted(one))


def pauses(on: Bench, customers: int, policies: Sequence[str]) -> None:
    """Under the worker's policy (``worker``) or Python's own (``python``), each in a process."""
    for policy in policies:
        asked = [str(customers), "100000", policy]
        command = [sys.executable, "-m", "benchmarks.jbench.pause", *asked]
        ran = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        on.note(json.loads(ran.stdout.splitlines()[-1]))


def latency(
    on: Bench, systems: Sequence[System], rates: Sequence[str], seconds: float, floor: bool
) -> None:
    """At each rate: touchpoints a second, or ``50%`` of what the system drained in this run."""
    if floor and systems:
        parts = [Part(float(rate), seconds, rate) for rate in rates if not rate.endswith("%")]
        for row in latencies(on.stage(systems[0]), parts, floor=True):
            on.note(row)
    drained = medians(on.rows)
    for system in systems:
        own = drained.get(system.name, {}).get("drained_per_s", 0.0)
        asked = [_part(rate, own, seconds) for rate in rates]
        parts = sorted(part for part in asked if part.rate_per_s)
        for row in latencies(on.stage(system), parts):
            on.note(row)


def _part(asked: str, own: float, seconds: float) -> Part:
    """As long as asked for, as far as that many records can be drawn beforehand."""
    rate = own * float(asked[:-1]) / 100 if asked.endswith("%") else float(asked)
    return Part(rate, min(seconds, _DRAWN_MAX / max(rate, 1.0)), asked)
