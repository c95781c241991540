"""One system, one run: warm up, write the backlog while it sleeps, let it drain, hold it to the
oracle.

The worker is stopped (SIGSTOP) while the measured part is written, so that every system finds the
same bytes as backlog and its clock starts at SIGCONT.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from benchmarks.jbench.listener import Listener
from benchmarks.jbench.measure import (
    Used,
    calibrated_ms,
    cpu_ticks,
    peak_rss_mb,
    stolen_share,
    used,
)
from benchmarks.jbench.stage import COMMIT_S, NoResult, Stage, produce
from benchmarks.jbench.workload import Drawn


class Input(NamedTuple):
    """What goes in, in two parts, and what must come out.

    Args:
        warm_up, measured: records, in order.
        warm_alerts: how many alerts the first part gives.
        alerts, dead: how many alerts and dead letters both give.
        judge: what is wrong with what was heard; empty if nothing.
    """

    warm_up: Sequence[Drawn]
    measured: Sequence[Drawn]
    warm_alerts: int
    alerts: int
    dead: int
    judge: Callable[[Listener], str]


def drain(stage: Stage, told: Input, workers: int = 1) -> dict[str, Any]:
    """The row of one run: figures, or why there are none."""
    row: dict[str, Any] = {
        "what": "drain", "system": stage.system.name, "durability": stage.system.durability,
        "workers": workers, "calibration_ms": calibrated_ms(),
    }  # fmt: skip
    with stage:
        started = [stage.start() for _ in range(workers)]
        try:
            return row | _measured(stage, told, started)
        except NoResult as why:
            return row | {"failed": str(why), "log": stage.log()}


def _measured(stage: Stage, told: Input, workers: list[subprocess.Popen]) -> dict[str, Any]:
    listener = stage.listener
    produce(stage.place, told.warm_up)
    stage.heard(told.warm_alerts)
    time.sleep(COMMIT_S + 1.0)
    for worker in workers:
        worker.send_signal(signal.SIGSTOP)
    produce(stage.place, told.measured)
    ticks, before = cpu_ticks(), _readings(stage)
    began_s = time.monotonic()
    for worker in workers:
        worker.send_signal(signal.SIGCONT)
    stage.heard(told.alerts, told.dead)
    drained_s = listener.heard_s - began_s
    time.sleep(COMMIT_S)
    after = _readings(stage)
    wrong = told.judge(listener)
    if wrong:
        raise NoResult(f"not what the oracle says: {wrong}")
    return figures(len(told.measured), drained_s, before, after) | {
        "peak_rss_mb": round(sum(peak_rss_mb(worker.pid) for worker in workers)),
        "alerts": len(listener.alerts),
        "stolen_share": round(stolen_share(ticks, cpu_ticks()), 3),
    }


class Readings(NamedTuple):
    """What workers and broker have used and written so far."""

    workers: Used
    broker: Used
    written_bytes: int


def _readings(stage: Stage) -> Readings:
    each = [used(worker.pid) for worker in stage.workers]
    workers = Used(sum(one.user_s for one in each), sum(one.system_s for one in each))
    return Readings(workers, used(stage.broker.pid), stage.written_bytes())


def figures(count: int, drained_s: float, before: Readings, after: Readings) -> dict[str, Any]:
    """Per touchpoint: microseconds of CPU, bytes written to the broker."""
    mine, broker = after.workers.since(before.workers), after.broker.since(before.broker)
    return {
        "touchpoints": count,
        "cpu_us": round(mine.total_s / count * 1e6, 2),
        "user_us": round(mine.user_s / count * 1e6, 2),
        "system_us": round(mine.system_s / count * 1e6, 2),
        "broker_us": round(broker.total_s / count * 1e6, 2),
        "written_bytes": round((after.written_bytes - before.written_bytes) / count, 1),
        "drained_s": round(drained_s, 2),
        "drained_per_s": round(count / drained_s),
    }
