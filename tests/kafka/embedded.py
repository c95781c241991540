"""How the specs of the embedded broker write to it and read from it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from streams.kafka.broker.embedded import EmbeddedBroker

ZERO = TopicPartition("cx.t", 0)


def with_producer(
    broker: EmbeddedBroker, use: Callable[[AIOKafkaProducer], Awaitable], **settings
) -> None:
    """Run ``use`` with a started producer."""
    _run(lambda: AIOKafkaProducer(bootstrap_servers=broker.bootstrap, **settings), use)


def with_reader(
    broker: EmbeddedBroker, use: Callable[[AIOKafkaConsumer], Awaitable], *topics: str, **settings
) -> None:
    """Run ``use`` with a started consumer that commits only when told."""
    settings = {"fetch_max_wait_ms": 20, "auto_offset_reset": "earliest", **settings}
    settings |= {"bootstrap_servers": broker.bootstrap, "enable_auto_commit": False}
    _run(lambda: AIOKafkaConsumer(*topics, **settings), use)


def _run(made: Callable[[], Any], use: Callable[[Any], Awaitable]) -> None:
    """Clients are made inside the loop that they work in."""

    async def run() -> None:
        client = made()
        await client.start()
        try:
            await use(client)
        finally:
            await client.stop()

    asyncio.run(run())


async def read(reader: AIOKafkaConsumer, count: int) -> list[ConsumerRecord]:
    """The next ``count`` records of all partitions, within 10 s."""
    async with asyncio.timeout(10):
        records: list[ConsumerRecord] = []
        while len(records) < count:
            for batch in (await reader.getmany(timeout_ms=200)).values():
                records += batch
        return records


async def send_numbers(producer: AIOKafkaProducer, first: int, count: int) -> None:
    """One batch of numbered records into partition 0."""
    batch = producer.create_batch()
    for number in range(first, first + count):
        batch.append(key=None, value=b"%d" % number, timestamp=number)
    await (await producer.send_batch(batch, "cx.t", partition=0))
