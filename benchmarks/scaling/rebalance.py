"""For how long does a partition stand still when workers come, go and die?

    .venv/bin/python -m benchmarks.scaling.rebalance [CUSTOMERS]

Two workers on a real Kafka under a steady load, with so many customers in their changelogs; a third
joins, one leaves in order, one is killed. Once without and once with somebody standing by. A pause
is the longest time, in any partition, between two commits to its changelog around what was done;
the journeys are those of the small counting line, so this is what the protocol costs and not the
detectors. One JSON object a pause.
"""

import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from streams.kafka.broker.real import RealKafka
from tests.live.workers import Deployment, deployed, produce, read_all, wait_for

_RATE = 1_000
_AROUND_S = 9.0


async def load(place: Deployment, seconds: float) -> None:
    """A steady load on few customers."""
    await produce(place, int(seconds * _RATE), rate=_RATE, customers=500)


def pauses(place: Deployment, done_s: dict[str, float]) -> dict[str, float]:
    """The longest pause after each thing that was done, over all partitions."""
    records = asyncio.run(read_all(place.settings, f"{place.settings.app_id}-journeys-changelog"))
    commits: dict[int, list[float]] = defaultdict(list)
    for record in records:
        commits[record.partition].append(record.timestamp / 1_000)
    longest = {}
    for what, at_s in done_s.items():
        gaps = [
            later - earlier
            for times in commits.values()
            for earlier, later in itertools.pairwise(times)
            if later > at_s and earlier < at_s + _AROUND_S
        ]
        longest[what] = round(max(gaps, default=0.0), 2)
    return longest


def one(bootstrap: str, standby: int, customers: int) -> None:
    """One deployment through all of it."""
    with tempfile.TemporaryDirectory() as folder, deployed(
        bootstrap, Path(folder), partitions=8, standby=standby, session_timeout_s=6.0
    ) as place:  # fmt: skip
        asyncio.run(produce(place, customers, customers=customers * 2))
        workers = [place.start(), place.start()]
        for worker in workers:
            wait_for(worker, "lag 0", 90)
        if standby:
            for worker in workers:
                wait_for(worker, "are up to date", 90)
        done_s: dict[str, float] = {}

        async def story() -> None:
            loaded = asyncio.create_task(load(place, 5 + 3 * (_AROUND_S + 3)))
            await asyncio.sleep(5)
            done_s["joins"] = time.time()
            workers.append(place.start())
            await asyncio.sleep(_AROUND_S + 3)
            done_s["leaves"] = time.time()
            workers[0].terminate()
            await asyncio.sleep(_AROUND_S + 3)
            done_s["is killed"] = time.time()
            workers[1].kill()
            await loaded

        asyncio.run(story())
        time.sleep(8)
        for what, pause_s in pauses(place, done_s).items():
            told = {"a worker": what, "standby": standby, "customers": customers,
                    "longest_pause_s": pause_s}  # fmt: skip
            print(json.dumps(told), flush=True)


def main(customers: int = 150_000) -> None:
    """Without, then with somebody standing by."""
    with RealKafka() as kafka:
        for standby in (0, 1):
            one(kafka.bootstrap, standby, customers)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
