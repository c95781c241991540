"""How long does it take until a partition's journeys are there again?

    .venv/bin/python -m benchmarks.scaling.restore [CUSTOMERS] [PARTITIONS ...]

A changelog of simulated journeys is written to a real Kafka once per number of partitions; then it
is restored into memory, onto an empty disk, and, the process being new each time, from a disk that
has all but the last hundredth. Every partition has a task of its own, as in a worker. One JSON
object a run: when the first and the last partition was ready, CPU of the reader and of the broker.
"""

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiokafka

from benchmarks.scaling.company import Company
from streams.kafka.broker.real import RealKafka
from streams.kafka.changelog import KafkaChangelog
from streams.kafka.disk_store import DiskStore
from streams.kafka.shelf import Shelf
from streams.kafka.store import META_KEY, JourneyStore, lease_headers
from streams.settings import Settings
from tests.live.conftest import create_topic

_BATCH_BYTES = 900_000


async def write(bootstrap: str, topic: str, partitions: int, customers: int, first: int = 0) -> int:
    """Write everybody's journey, and a progress record each batch; how many bytes."""
    producer = aiokafka.AIOKafkaProducer(
        bootstrap_servers=bootstrap, max_batch_size=_BATCH_BYTES, compression_type="snappy"
    )
    await producer.start()
    written, headers, waiting = 0, lease_headers(1), []
    batches = [producer.create_batch() for _ in range(partitions)]
    company = Company()
    for number, (key, value) in enumerate(company.journeys(first + customers)):
        if number < first:
            continue
        place = number % partitions
        written += len(value)
        if batches[place].append(key=key, value=value, timestamp=None, headers=headers) is None:
            waiting.append(await producer.send_batch(batches[place], topic, partition=place))
            batches[place] = producer.create_batch()
            for k, v in ((key, value), (META_KEY, b"m")):
                batches[place].append(key=k, value=v, timestamp=None, headers=headers)
    for place, batch in enumerate(batches):
        waiting.append(await producer.send_batch(batch, topic, partition=place))
    await asyncio.gather(*waiting)
    await producer.stop()
    return written


async def restore(bootstrap: str, topic: str, partitions: int, folder: str) -> None:
    """In a process of its own: every partition at once."""
    settings = Settings(_env_file=None, broker=bootstrap)
    shelf = Shelf(Path(folder), 1_024) if folder else None
    ready_s: list[float] = []
    began_s = time.monotonic()

    async def one(place: int) -> int:
        store = JourneyStore() if shelf is None else DiskStore(shelf, topic, place)
        count = await store.restore(KafkaChangelog(settings, topic, place))
        ready_s.append(time.monotonic() - began_s)
        stores.append(store)
        return count

    stores: list[JourneyStore] = []
    counts = await asyncio.gather(*(one(place) for place in range(partitions)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {
        "records": sum(counts), "first_ready_s": round(min(ready_s), 2),
        "all_ready_s": round(max(ready_s), 2), "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_rss_mb": used.ru_maxrss // 1_024,
    }  # fmt: skip
    for store in stores:
        store.close()
    print(json.dumps(said), flush=True)


def cpu_s(pid: int | None) -> float:
    """CPU seconds another process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(customers: int, partition_counts: list[int]) -> None:
    """Write, restore, and say what it took."""
    folder = Path(tempfile.mkdtemp(prefix="throughline-restore-"))
    try:
        with RealKafka() as kafka:
            for partitions in partition_counts:
                topic = f"log-{partitions}"
                create_topic(kafka.bootstrap, topic, partitions, max_message_bytes="4000000")
                most = customers * 99 // 100
                size = asyncio.run(write(kafka.bootstrap, topic, partitions, most))
                disk = str(folder / topic)
                for how, where in (("memory", ""), ("empty disk", disk), ("warm disk", disk)):
                    if how == "warm disk":
                        asyncio.run(
                            write(kafka.bootstrap, topic, partitions, customers - most, most)
                        )
                    before_s = cpu_s(kafka.pid)
                    code = f"import asyncio; from {__spec__.name} import restore; asyncio.run(restore({kafka.bootstrap!r}, {topic!r}, {partitions}, {where!r}))"  # noqa: E501
                    run = subprocess.run(
                        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True
                    )
                    told = json.loads(run.stdout)
                    told |= {"broker_cpu_s": round(cpu_s(kafka.pid) - before_s, 2)}
                    told = {"how": how, "customers": most, "partitions": partitions,
                            "encoded_mean": size // most, **told}  # fmt: skip
                    print(json.dumps(told), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(count) for count in sys.argv[2:]] or [8])
