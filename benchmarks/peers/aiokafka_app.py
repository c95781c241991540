"""J-bench on plain aiokafka: arguments BROKER GROUP SOURCE ALERTS DLQ PAD.

The ceiling of any design on aiokafka: one loop over ``getmany``; alerts and changed states of a
poll are acknowledged before its offsets are committed, once a second. At least once; no restore.
"""

import asyncio
import signal
import sys
import time

import aiokafka

from benchmarks.jbench.rules import Kept, Unreadable, alert_json, fresh, pack, read, step

BROKER, GROUP, SOURCE, ALERTS, DLQ, PAD = sys.argv[1:7]


async def send(producer, topic: str, partition: int, pairs: list) -> list:
    """Pairs of key and value as few, large batches; their futures."""
    futures, batch = [], producer.create_batch()
    for key, value in pairs:
        if batch.append(key=key, value=value, timestamp=None) is None:
            futures.append(await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
            batch.append(key=key, value=value, timestamp=None)
    futures.append(await producer.send_batch(batch, topic, partition=partition))
    return futures


def fold(kept_of: dict[bytes, Kept], records: list) -> tuple[list, list, dict[bytes, Kept]]:
    """Alerts, unreadable records and changed states of one partition's records."""
    alerts, dead, touched = [], [], {}
    for record in records:
        key = record.key
        try:
            touchpoint = read(record.value)
        except Unreadable:
            dead.append((key, record.value))
            continue
        kept = kept_of.get(key)
        if kept is None:
            kept = kept_of[key] = fresh(key, int(PAD))
        touched[key] = kept
        alert = step(kept, touchpoint)
        if alert is not None:
            alerts.append((key, alert_json(alert)))
    return alerts, dead, touched


async def main() -> None:
    """Poll, fold, send, and commit once a second."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    consumer = aiokafka.AIOKafkaConsumer(
        SOURCE, bootstrap_servers=BROKER, group_id=GROUP, auto_offset_reset="earliest",
        enable_auto_commit=False, session_timeout_ms=30_000, max_partition_fetch_bytes=1_048_576,
    )  # fmt: skip
    producer = aiokafka.AIOKafkaProducer(
        bootstrap_servers=BROKER, acks="all", enable_idempotence=True, compression_type="snappy",
        max_batch_size=1_048_576, max_request_size=4_194_304,
    )  # fmt: skip
    await producer.start()
    await consumer.start()
    states: dict[int, dict[bytes, Kept]] = {}
    committed_s = time.monotonic()
    while not ended.is_set():
        fetched = await consumer.getmany(timeout_ms=200, max_records=5_000)
        futures = []
        for tp, records in fetched.items():
            kept_of = states.setdefault(tp.partition, {})
            alerts, dead, touched = fold(kept_of, records)
            changed = [(key, pack(kept)) for key, kept in touched.items()]
            for topic, pairs in ((ALERTS, alerts), (DLQ, dead), (f"{GROUP}-state", changed)):
                if pairs:
                    futures += await send(producer, topic, tp.partition, pairs)
        await asyncio.gather(*futures)
        if time.monotonic() - committed_s >= 1.0:
            await consumer.commit()
            committed_s = time.monotonic()
    await consumer.commit()
    await consumer.stop()
    await producer.stop()


if __name__ == "__main__":
    asyncio.run(main())
