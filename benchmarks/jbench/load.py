"""Open-loop load, a process of its own.

Arguments BROKER TOPIC RATE SECONDS CUSTOMERS SEED FIRST TOTAL EVERY PARTITIONS. Draws its records,
says ``ready``, waits for a line, says when it begins (monotonic seconds, the same clock in every
process of a machine), and sends record *n* at ``begin + n / RATE`` whatever the system under test
does. In the end it says by how much it was late itself at most.

Every few milliseconds one request carries what is due to all partitions: the broker shall be busy
with the system under test, not with thousands of small requests of ours.
"""

import asyncio
import sys
import time
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from benchmarks.jbench import workload
from benchmarks.jbench.workload import Drawn
from streams.engine.partitioning import partition_of

_TICK_S = 0.005
_AHEAD_S = 0.5


def due_by(elapsed_s: float, rate: float, count: int) -> int:
    """How many records should have left by now: none before the beginning, then one at once."""
    return min(count, int(elapsed_s * rate) + 1) if elapsed_s >= 0 else 0


async def _send(
    producer: AIOKafkaProducer, topic: str, due: Sequence[tuple[int, Drawn]]
) -> list[asyncio.Future]:
    """One batch a partition; a batch that is full makes room for another."""
    batches, sent = {}, []
    for partition, (key, value, _) in due:
        batch = batches.get(partition) or producer.create_batch()
        if batch.append(key=key, value=value, timestamp=None) is None:
            sent.append(await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
            batch.append(key=key, value=value, timestamp=None)
        batches[partition] = batch
    for partition, batch in batches.items():
        sent.append(await producer.send_batch(batch, topic, partition=partition))
    return sent


async def load(broker: str, topic: str, rate: float, drawn: Sequence[tuple[int, Drawn]]) -> None:
    """Send on schedule, and say when it began and how late it was."""
    async with AIOKafkaProducer(bootstrap_servers=broker, max_batch_size=900_000) as producer:
        await producer.partitions_for(topic)
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        begin_s, sent, late_s = time.monotonic() + _AHEAD_S, 0, 0.0
        print(begin_s, flush=True)
        waiting: set[asyncio.Future] = set()
        while sent < len(drawn):
            due = due_by(time.monotonic() - begin_s, rate, len(drawn))
            if sent < due:
                late_s = max(late_s, time.monotonic() - begin_s - sent / rate)
                waiting.update(await _send(producer, topic, drawn[sent:due]))
                sent = due
            await asyncio.sleep(_TICK_S)
            done = {one for one in waiting if one.done()}
            waiting -= done
            await asyncio.gather(*done)  # a refusal ends the load
        await asyncio.gather(*waiting)
        print(late_s, flush=True)


def main() -> None:
    """Draw and send."""
    broker, topic = sys.argv[1:3]
    rate, seconds = float(sys.argv[3]), float(sys.argv[4])
    customers, seed, first, total, every, partitions = (int(one) for one in sys.argv[5:11])
    drawn = workload.records(int(rate * seconds), customers, seed, first, total, every)
    placed = [(partition_of(one.key, partitions), one) for one in drawn]
    asyncio.run(load(broker, topic, rate, placed))


if __name__ == "__main__":
    main()
