"""J-bench: ``python -m benchmarks.jbench.run`` (``make bench``; ``make bench-full``).

Interleaved rounds of every system on one real Kafka; medians, and the ratio to the others in the
same run. A row whose alerts are not the oracle's has no figures. Rows go to
``build/jbench/rows.jsonl``, the table to stdout and beside them.
"""

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.jbench import report, same_job, whole
from benchmarks.jbench.header import header
from benchmarks.jbench.stage import Broker, Stage, all_cores_but_one
from benchmarks.jbench.trial import Input, drain
from benchmarks.peers.systems import SYSTEMS, WHOLE, System
from streams.kafka.broker.real import RealKafka

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
        every = range(os.cpu_count() or 1)
        for pid in (0, self._broker.pid):
            _pin(pid, self._mine if pinned else set(every))
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
    for task in Path(f"/proc/{pid or 'self'}/task").iterdir():
        os.sched_setaffinity(int(task.name), cores)


@contextmanager
def bench(out: Path, asked: dict[str, Any]) -> Iterator[Bench]:
    """A broker under ``out``, gone afterwards; rows are added to those that are there."""
    out.mkdir(parents=True, exist_ok=True)
    folder = out / "broker"
    shutil.rmtree(folder, ignore_errors=True)
    with RealKafka(KAFKA, folder) as kafka:
        one = Bench(Broker(kafka.bootstrap, kafka.pid or 0, folder / "data"), out / "rows.jsonl")
        one.note(header(asked, KAFKA))
        yield one
    shutil.rmtree(folder, ignore_errors=True)


def rounds(on: Bench, inputs: Sequence[tuple[System, Input]], count: int) -> None:
    """Every system once a round, in an order that turns."""
    for number in range(count):
        turn = number % len(inputs)
        for system, told in [*inputs[turn:], *inputs[:turn]]:
            if not (system.once and number):
                on.note({"round": number} | drain(on.stage(system), told))


def chosen(systems: Sequence[System], full: bool, only: str) -> list[System]:
    """The systems asked for."""
    if only:
        return [one for one in systems if any(part in one.name for part in only.split(","))]
    return [one for one in systems if full or not one.only]


def main() -> None:
    """Run and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--touchpoints", type=int, default=200_000)
    asked.add_argument("--warm-up", type=int, default=200_000)
    asked.add_argument("--customers", type=int, default=100_000)
    asked.add_argument("--company", type=int, default=4_000, help="customers of the whole product")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--full", action="store_true", help="also the systems left out otherwise")
    asked.add_argument("--only", default="", help="systems whose name has one of these, by comma")
    asked.add_argument("--out", type=Path, default=Path("build/jbench"))
    given = asked.parse_args()
    systems = chosen(SYSTEMS, given.full, given.only)
    wholes = chosen(WHOLE, given.full, given.only)
    inputs: list[tuple[System, Input]] = []
    if systems:
        told = same_job.drawn(given.warm_up, given.touchpoints, given.customers, given.seed)
        inputs += [(system, told) for system in systems]
    if wholes:
        inputs += [(system, whole.told(given.company, 60, given.seed)) for system in wholes]
    settings = {name: str(value) for name, value in vars(given).items()}
    (given.out / "rows.jsonl").unlink(missing_ok=True)
    with bench(given.out, settings) as on:
        rounds(on, inputs, given.rounds)
    said = report.whole_report(on.rows)
    (given.out / "table.md").write_text(said)
    print(said)


if __name__ == "__main__":
    main()
