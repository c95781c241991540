"""Memory per customer, the longest pause among them, and how long a worker that lost everything
needs until it alerts again.

Load many customers, look at the resident memory, send probes on a schedule and see which one waited
longest. Then kill the worker (SIGKILL), wait until the group has forgotten it, start another in an
empty folder, and count from its start to the alerts of probes sent meanwhile: to the first one, and
until every partition has answered. The same with no customers gives what starting costs; the
difference is restoring.
"""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from confluent_kafka import Producer

from benchmarks.jbench import workload
from benchmarks.jbench.cast import Cast
from benchmarks.jbench.latency import percentiles
from benchmarks.jbench.load import due_by
from benchmarks.jbench.measure import rss_mb, used
from benchmarks.jbench.stage import COMMIT_S, NoResult, Stage, end, produce
from benchmarks.jbench.workload import Drawn

_FORGOTTEN_S = 33.0  # every system's session timeout is 30 s
_PROBES = 64  # enough that every one of eight partitions has some
_PROBES_PER_S, _PROBED_S = 100, 10
_LATER_S = workload.BEGIN_S + workload.SPAN_S
_PART = 100_000


class Killed(NamedTuple):
    """What a killed worker leaves: its row so far, and when (monotonic) it died."""

    stage: Stage
    cast: Cast
    row: dict[str, Any]
    at_s: float


def fill_and_kill(stage: Stage, cast: Cast, customers: int, each: int) -> Killed:
    """The first half of a row; the stage is entered."""
    row: dict[str, Any] = {
        "what": "recovery", "system": stage.system.name, "customers": customers, "contacts": each,
    }  # fmt: skip
    try:
        row |= _loaded(stage, cast, customers, each)
    except NoResult as why:
        row |= {"failed": str(why), "log": stage.log()}
    worker = stage.workers.pop()
    worker.kill()
    worker.wait()
    return Killed(stage, cast, row, time.monotonic())


def restarted(killed: Killed) -> dict[str, Any]:
    """The whole row, once the group has forgotten the worker."""
    stage, cast, row, at_s = killed
    if "failed" in row:
        return row
    time.sleep(max(0.0, at_s + _FORGOTTEN_S - time.monotonic()))
    try:
        return row | _restored(stage, cast)
    except NoResult as why:
        return row | {"failed": str(why), "log": stage.log()}
    finally:
        for worker in stage.workers:
            end(worker)


def _loaded(stage: Stage, cast: Cast, customers: int, each: int) -> dict[str, Any]:
    """Take everybody in; memory, and the longest pause once they are there."""
    worker = stage.start()
    _answered(stage, _probes(cast, 1))
    time.sleep(COMMIT_S)
    empty_mb = rss_mb(worker.pid)
    began_s = time.monotonic()
    produce(stage.place, cast.load(customers, each))
    _answered(stage, _probes(cast, 2))  # behind the load in every partition: all of it is in
    loaded_s = time.monotonic() - began_s
    time.sleep(COMMIT_S + 1.0)
    count = _PROBES_PER_S * _PROBED_S if customers else 0
    waits_ms = _waits_ms(stage, [cast.probe(3 * _PART + n, _LATER_S) for n in range(count)])
    pauses = {f"probe_{name}": value for name, value in percentiles(waits_ms).items()}
    return pauses | {
        "loaded_s": round(loaded_s, 1),
        "empty_mb": round(empty_mb),
        "live_mb": round(rss_mb(worker.pid)),
        "written_mb": round(stage.written_bytes() / 1e6),
    }


def _restored(stage: Stage, cast: Cast) -> dict[str, Any]:
    """Start another worker and time it."""
    probes = _probes(cast, 4)
    produce(stage.place, probes)
    began_s = time.monotonic()
    worker = stage.start()
    heard_s = _heard(stage, probes)
    time.sleep(COMMIT_S)
    return {
        "first_s": round(min(heard_s) - began_s, 2),
        "all_s": round(max(heard_s) - began_s, 2),
        "restoring_cpu_s": round(used(worker.pid).total_s, 2),
        "cold_mb": round(rss_mb(worker.pid)),
    }


def _probes(cast: Cast, part: int) -> list[Drawn]:
    return [cast.probe(part * _PART + n, _LATER_S) for n in range(_PROBES)]


def _answered(stage: Stage, probes: Sequence[Drawn]) -> None:
    produce(stage.place, probes)
    _heard(stage, probes)


def _heard(stage: Stage, probes: Sequence[Drawn]) -> list[float]:
    """When each probe's alert was heard, once all are."""
    found = stage.listener.probes
    stage.until(lambda: all(probe.key in found for probe in reversed(probes)), "probes")
    return [found[probe.key] for probe in probes]


def _waits_ms(stage: Stage, probes: Sequence[Drawn]) -> list[float]:
    """How long each probe waited from when it was due, sorted."""
    producer = Producer({
        "bootstrap.servers": stage.place.broker, "partitioner": "murmur2_random", "linger.ms": 2,
    })  # fmt: skip
    begin_s, sent = time.monotonic() + 0.2, 0
    while sent < len(probes):
        due = due_by(time.monotonic() - begin_s, _PROBES_PER_S, len(probes))
        for key, value, timestamp_ms in probes[sent:due]:
            producer.produce(stage.place.source, value, key, timestamp=timestamp_ms)
        sent = due
        producer.poll(0.002)
    producer.flush(30)
    heard_s = _heard(stage, probes)
    return sorted((at_s - begin_s - n / _PROBES_PER_S) * 1_000 for n, at_s in enumerate(heard_s))
