"""How long from when a touchpoint was to be sent until its alert is heard, at a given rate.

The load is open: records leave on a schedule that does not wait for the system, and latency counts
from the schedule, so that a stall is felt by everything that should have been sent meanwhile. A
probe is an escalation of a customer nobody knows: exactly one alert.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from benchmarks.jbench import workload
from benchmarks.jbench.listener import Listener
from benchmarks.jbench.measure import used
from benchmarks.jbench.stage import PARTITIONS, NoResult, Stage, produce

WARM_S = 8.0
_CUSTOMERS, _SEED, _WARM_UP = 100_000, 11, 100_000
_PROBES_PER_S = 200.0
_PATIENCE_S = 15.0
FLOOR = "no processing"


class Part(NamedTuple):
    """A stretch at one rate.

    Args:
        rate_per_s: touchpoints a second.
        seconds: measured, after ``WARM_S`` of the same that are not.
        name: what the rate is, for tables.
    """

    rate_per_s: float
    seconds: float
    name: str

    @property
    def records(self) -> int:
        """Of warm-up and measured part."""
        return int(self.rate_per_s * (WARM_S + self.seconds))


def latencies(stage: Stage, parts: Sequence[Part], floor: bool = False) -> list[dict[str, Any]]:
    """A row a part, one after the other on the same worker.

    Args:
        stage: of the system under test.
        parts: slowest first, so that a rate which cannot be kept spoils no other.
        floor: no worker at all; the listener reads the input. What Kafka and we cost by ourselves.
    """
    first, total = _WARM_UP, _WARM_UP + sum(part.records for part in parts)
    rows = []
    with stage:
        listener = stage.listener
        if floor:
            listener = Listener(stage.place, stage.place.source, probes_only=True)
        try:
            if not floor:
                _warmed(stage, total)
            for part in parts:
                rows.append(_one(stage, listener, part, first, total))
                first += part.records
        except NoResult as why:
            rows.append(_row(stage, "") | {"failed": str(why), "log": stage.log()})
        finally:
            if floor:
                listener.close()
    return [row | {"system": FLOOR} for row in rows] if floor else rows


def _warmed(stage: Stage, total: int) -> None:
    stage.start()
    produce(stage.place, list(workload.records(_WARM_UP, _CUSTOMERS, _SEED, 0, total)))
    stage.heard(_WARM_UP // workload.PROBE_EVERY)  # more than that: others alert, too
    time.sleep(3.0)


def _one(stage: Stage, listener: Listener, part: Part, first: int, total: int) -> dict[str, Any]:
    every = max(2, min(workload.PROBE_EVERY, int(part.rate_per_s / _PROBES_PER_S)))
    begin_s, late_s, cpu_s = _loaded(stage, part, first, total, every)
    wanted = {
        n for n in range(first, first + part.records)
        if n % every == 0 and n % 1_000 != 1 and (n - first) / part.rate_per_s >= WARM_S
    }  # fmt: skip
    deadline_s = time.monotonic() + _PATIENCE_S
    while True:
        heard = _heard(listener, wanted)
        if len(heard) == len(wanted) or time.monotonic() > deadline_s:
            break
        time.sleep(0.2)
    waits_ms = sorted(
        (at_s - begin_s - (n - first) / part.rate_per_s) * 1_000 for n, at_s in heard.items()
    )
    row = _row(stage, part.name) | {
        "rate_per_s": part.rate_per_s, "seconds": part.seconds, "probes": len(wanted),
        "unheard": len(wanted) - len(waits_ms), "load_late_ms": round(late_s * 1_000, 1),
        "worker_cores": round(cpu_s / (WARM_S + part.seconds), 3),
    }  # fmt: skip
    return row | percentiles(waits_ms)


def percentiles(waits_ms: Sequence[float]) -> dict[str, float]:
    """Of sorted waits; nothing of none."""
    if not waits_ms:
        return {}
    last = len(waits_ms) - 1
    shares = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999, "max_ms": 1.0}
    return {name: round(waits_ms[round(last * share)], 1) for name, share in shares.items()}


def _row(stage: Stage, name: str) -> dict[str, Any]:
    return {"what": "latency", "system": stage.system.name, "load": name}


def _loaded(
    stage: Stage, part: Part, first: int, total: int, every: int
) -> tuple[float, float, float]:
    """Send; when it began, how late the sender was at most, and CPU seconds of the workers."""
    asked = [
        stage.place.broker, stage.place.source, part.rate_per_s, WARM_S + part.seconds, _CUSTOMERS,
        _SEED, first, total, every, PARTITIONS,
    ]  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.jbench.load", *map(str, asked)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as load:
        assert load.stdin and load.stdout
        load.stdout.readline()
        before_s = sum(used(worker.pid).total_s for worker in stage.workers)
        load.stdin.write("go\n")
        load.stdin.flush()
        begin_s, late_s = float(load.stdout.readline()), float(load.stdout.readline())
        spent_s = sum(used(worker.pid).total_s for worker in stage.workers) - before_s
    return begin_s, late_s, spent_s


def _heard(listener: Listener, wanted: set[int]) -> dict[int, float]:
    found: dict[int, float] = {}
    for key, at_s in listener.probes.copy().items():
        if (n := int(key[len(workload.PROBE) :])) in wanted:
            found[n] = at_s
    return found
