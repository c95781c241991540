"""Does a worker's memory stay under its setting, however many customers there are?

    .venv/bin/python -m benchmarks.scaling.memory disk 5000000 1024 [TOUCHPOINTS]
    .venv/bin/python -m benchmarks.scaling.memory memory 1000000

One process with all that a worker loads, eight partitions; journeys are set as a restore sets them,
then the store is closed and taken up again, and touchpoints of customers drawn evenly (the worst
there is for a cache) are worked off by the real line. One JSON object per phase.
"""

import asyncio
import gc
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.scaling.company import PARTITIONS, Company, share
from streams import app  # noqa: F401  all that a worker has loaded
from streams.kafka.disk_store import DiskStore
from streams.kafka.ports import Bounds
from streams.kafka.shelf import Shelf
from streams.kafka.store import JourneyStore

_PORTION, _BATCH = 5_000, 1_000


class Ended:
    """A changelog of which nothing is left to read."""

    def __init__(self, end: int) -> None:
        self._end = end

    async def bounds(self) -> Bounds:
        return Bounds(0, self._end, "bench")

    async def read(self, start: int, end: int) -> Any:
        return
        yield


def rss_mb() -> float:
    """Resident memory of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096 / 1e6


def say(phase: str, **figures: object) -> None:
    """One line of the result."""
    rounded = {k: round(v, 2) if isinstance(v, float) else v for k, v in figures.items()}
    print(json.dumps({"phase": phase, "rss_mb": round(rss_mb()), **rounded}), flush=True)


class Stage:
    """The stores of one worker."""

    def __init__(self, kind: str, folder: Path, memory_mb: int) -> None:
        self._kind, self._folder, self._memory_mb = kind, folder, memory_mb
        self.ends = [0] * PARTITIONS
        self.take_up()

    def take_up(self) -> None:
        """Open the stores, as after a restart."""
        if self._kind == "memory":
            self.stores: list[JourneyStore] = [JourneyStore() for _ in range(PARTITIONS)]
        else:
            self._shelf = Shelf(self._folder, self._memory_mb)
            self.stores = [DiskStore(self._shelf, "log", p) for p in range(PARTITIONS)]
        for store, end in zip(self.stores, self.ends, strict=True):
            asyncio.run(store.restore(Ended(end)))

    def fill(self, company: Company, customers: int) -> list[int]:
        """Set everybody's journey; some of their sizes."""
        sizes, peak = [], 0.0
        for number, (key, encoded) in enumerate(company.journeys(customers)):
            store = self.stores[number % PARTITIONS]
            store.journeys[key] = encoded
            store.next_offset += 1
            if store.next_offset % _PORTION == 0:
                store.meta = None
                store.kept()
                peak = max(peak, rss_mb())
            if number % 97 == 0:
                sizes.append(len(encoded))
        for store in self.stores:
            store.kept()
        self.ends = [store.next_offset for store in self.stores]
        say("peak while filling", peak_mb=peak)
        return sizes

    def settle(self, at_most_s: float = 120) -> None:
        """Wait until RocksDB has put in order what came at once, as it never does in a worker."""
        asked = ("rocksdb.num-running-compactions", "rocksdb.compaction-pending")
        for _ in range(int(at_most_s)):
            stores = [store for store in self.stores if isinstance(store, DiskStore)]
            if not any(s.journeys._db.property_int_value(one) for s in stores for one in asked):
                return
            time.sleep(1)

    def close(self) -> None:
        """As a worker that stops."""
        for store in self.stores:
            store.close()
        if self._kind == "disk":
            self._shelf._lock.close()


def work(stage: Stage, company: Company, customers: int, touchpoints: int) -> None:
    """Let the line work touchpoints off."""
    line, peak, taken = company.line, 0.0, 0
    desks = [line.open(p, None, stage.stores[p].journeys) for p in range(PARTITIONS)]
    gc.collect()
    gc.freeze()
    say("opened", timers=sum(len(desk._entered) for desk in desks))
    batches: list[list] = [[] for _ in range(PARTITIONS)]
    began_s, cpu_s = time.perf_counter(), time.process_time()
    told = company.next(touchpoints, customers, random.Random(3))
    for n, (number, record) in enumerate(told, 1):
        p = number % PARTITIONS
        batches[p].append(record)
        if len(batches[p]) < _BATCH and n < touchpoints:
            continue
        for full in range(PARTITIONS) if n == touchpoints else (p,):
            outcome = line.run(desks[full], batches[full], record.offset + 1)
            line.settle(desks[full], outcome)
            stage.stores[full].meta = outcome.meta
            stage.stores[full].next_offset += len(outcome.changed)
            stage.stores[full].kept()
            taken += len(batches[full])
            batches[full] = []
            peak = max(peak, rss_mb())
    took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    live = sum(len(desk.live) for desk in desks)
    say("worked", touchpoints=taken, us=took_s / taken * 1e6, cpu_us=cpu_s / taken * 1e6,
        peak_mb=peak, live=live)  # fmt: skip


def main(kind: str, customers: int, memory_mb: int = 1_024, touchpoints: int = 200_000) -> None:
    """Fill, close, take up again, work."""
    company = Company()
    gc.collect()
    say("company", kind=kind, customers=customers, setting_mb=memory_mb)
    before_mb = rss_mb()
    folder = Path(tempfile.mkdtemp(prefix="throughline-memory-"))
    try:
        stage = Stage(kind, folder, memory_mb)
        began_s = time.perf_counter()
        sizes = stage.fill(company, customers)
        took_s = time.perf_counter() - began_s
        gc.collect()
        say("filled", s=took_s, us_a_customer=took_s / customers * 1e6,
            bytes_a_customer=(rss_mb() - before_mb) * 1e6 / customers,
            encoded_mean=sum(sizes) / len(sizes), encoded_p50=share(sizes, 50),
            encoded_p99=share(sizes, 99))  # fmt: skip
        if kind == "disk":
            began_s = time.perf_counter()
            stage.close()
            closed_s = time.perf_counter()
            on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            stage.take_up()
            opened_s = time.perf_counter()
            stage.settle()
            say("compacted", s=time.perf_counter() - opened_s)
            say("taken up again", closing_s=closed_s - began_s,
                opening_s=opened_s - closed_s,
                disk_bytes_a_customer=on_disk / customers)  # fmt: skip
        work(stage, company, customers, touchpoints)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
