"""What the embedded broker cannot do, so that nobody builds on it."""

import asyncio
import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    CorruptRecordException,
    IncompatibleBrokerVersion,
    OffsetOutOfRangeError,
)

from streams.kafka.broker.embedded import LOG_BYTES_MAX
from tests.kafka.embedded import ZERO, read, with_producer, with_reader


def test_transactions_are_not_to_be_used(broker):
    """The first producer is not fenced, and readers stop at the marker a commit leaves."""

    async def second(producer):
        async with producer.transaction():
            await producer.send_and_wait("cx.t", b"second", partition=0)

    async def first(producer):
        await asyncio.to_thread(with_producer, broker, second, transactional_id="t")
        async with producer.transaction():
            await producer.send_and_wait("cx.t", b"first", partition=0)

    async def use(reader):
        with pytest.raises(CorruptRecordException):
            await read(reader, 2)

    with_producer(broker, first, transactional_id="t")
    with_reader(broker, use, "cx.t", isolation_level="read_committed")


def test_an_empty_fetch_waits_its_whole_wait(broker):
    """So it does not spin, but a record that arrives meanwhile is seen only when the wait is over:
    what was sent 100 ms into a wait of 700 ms arrives after the other 600."""

    async def use(reader):
        fetches = fetches_of(reader)
        await reader.getmany(timeout_ms=2000)
        assert len(fetches) <= 4
        producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
        await producer.start()
        await producer.send_and_wait("cx.t", b"first", partition=0)
        await read(reader, 1)
        await asyncio.sleep(0.1)
        sent_s = time.monotonic()
        await producer.send_and_wait("cx.t", b"second", partition=0)
        await read(reader, 1)
        await producer.stop()
        assert 0.4 < time.monotonic() - sent_s < 3

    with_reader(broker, use, "cx.t", fetch_max_wait_ms=700)


def fetches_of(reader: AIOKafkaConsumer) -> list[str]:
    """A list that grows by one with each fetch request the reader sends from now on."""
    sent: list[str] = []
    client, send = reader._client, reader._client.send

    async def counted(node, request, **options):
        if type(request).__name__.startswith("FetchRequest"):
            sent.append(type(request).__name__)
        return await send(node, request, **options)

    client.send = counted
    return sent


def test_a_partition_forgets_its_oldest_batches(broker):
    """Past 5 MiB the log's start moves, without a word to whoever still wanted to read there."""

    async def send(producer):
        for _ in range(12):
            batch = producer.create_batch()
            while batch.append(key=None, value=b"x" * 10_000, timestamp=0):
                pass
            await (await producer.send_batch(batch, "cx.t", partition=0))

    async def use(reader):
        reader.assign([ZERO])
        start = (await reader.beginning_offsets([ZERO]))[ZERO]
        end = (await reader.end_offsets([ZERO]))[ZERO]
        assert start > 0
        assert (end - start) * 10_000 <= LOG_BYTES_MAX + 1_000_000
        reader.seek(ZERO, 0)
        with pytest.raises(OffsetOutOfRangeError):
            await read(reader, 1)

    with_producer(broker, send, max_batch_size=900_000)
    with_reader(broker, use, auto_offset_reset="none")


def test_admin_calls_are_not_understood(broker):
    """Neither creating topics nor reading their settings works over the wire."""

    async def run():
        admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
        await admin.start()
        try:
            assert await admin.list_topics() == ["cx.t"]
            with pytest.raises((IncompatibleBrokerVersion, AttributeError)):
                await admin.create_topics([NewTopic("cx.new", 1, 1)])
            with pytest.raises(IncompatibleBrokerVersion):
                await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "cx.t")])
        finally:
            await admin.close()

    asyncio.run(run())
