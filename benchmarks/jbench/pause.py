"""How long does a worker with a million customers stand still?

``python -m benchmarks.jbench.pause CUSTOMERS TOUCHPOINTS POLICY``: one process, eight partitions
of the whole product, no Kafka. Journeys are set as a restore sets them, then touchpoints of
customers drawn evenly are worked off. Timed are the collections of garbage, in CPU (which a busy
machine does not stretch as it does time), under the worker's policy (``worker``) or Python's own
(``python``). One JSON object, in the last line.
"""

import contextlib
import gc
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.scaling.company import PARTITIONS, Company
from benchmarks.scaling.memory import Stage
from streams.kafka.garbage import Garbage

_BATCH = 1_000


class Quiet:
    """A lane that is restored, and never idle."""

    doing = "running"

    def caught_up(self) -> bool:
        """There is always more."""
        return False


class Stopwatch:
    """The longest collection of each generation, milliseconds of CPU."""

    def __init__(self) -> None:
        self.longest_ms: dict[int, float] = {}
        self._began_s = 0.0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        """As ``gc.callbacks`` want it."""
        if phase == "start":
            self._began_s = time.process_time()
            return
        took_ms, generation = (time.process_time() - self._began_s) * 1_000, info["generation"]
        self.longest_ms[generation] = max(took_ms, self.longest_ms.get(generation, 0.0))


def paused(customers: int, touchpoints: int, policy: str) -> dict[str, Any]:
    """The row of one policy."""
    company = Company()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage("memory", Path(folder), 0)
        stage.fill(company, customers)
    garbage = Garbage([Quiet()])
    watch = Stopwatch()
    gc.callbacks.append(watch)
    with garbage.kept_away() if policy == "worker" else contextlib.nullcontext():
        if policy == "worker":
            garbage.beat()
        began_s = time.process_time()
        longest_ms = _worked(company, stage, customers, touchpoints)
        took_s = time.process_time() - began_s
    gc.callbacks.remove(watch)
    return {
        "what": "pause", "customers": customers, "touchpoints": touchpoints, "policy": policy,
        "collection_ms": round(max(watch.longest_ms.values(), default=0.0), 1),
        "by_generation_ms": {str(n): round(ms, 1) for n, ms in watch.longest_ms.items()},
        "batch": _BATCH, "batch_ms": round(longest_ms, 1),
        "cpu_us": round(took_s / touchpoints * 1e6, 1),
    }  # fmt: skip


def _worked(company: Company, stage: Stage, customers: int, touchpoints: int) -> float:
    """Work touchpoints off; CPU milliseconds of the longest batch."""
    line, longest_s = company.line, 0.0
    desks = [line.open(p, None, stage.stores[p].journeys) for p in range(PARTITIONS)]
    batches: list[list] = [[] for _ in range(PARTITIONS)]
    for number, record in company.next(touchpoints, customers, random.Random(3)):
        p = number % PARTITIONS
        batches[p].append(record)
        if len(batches[p]) == _BATCH:
            began_s = time.process_time()
            line.settle(desks[p], line.run(desks[p], batches[p], record.offset + 1))
            longest_s = max(longest_s, time.process_time() - began_s)
            batches[p] = []
    return longest_s * 1_000


if __name__ == "__main__":
    print(json.dumps(paused(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
