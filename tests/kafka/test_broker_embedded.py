"""What the embedded broker can and cannot do, as aiokafka meets it: the demo stands on this."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    CorruptRecordException,
    IncompatibleBrokerVersion,
    OffsetOutOfRangeError,
    TopicAuthorizationFailedError,
)

from streams.kafka.broker.embedded import LOG_BYTES_MAX, PARTITIONS_DEFAULT, EmbeddedBroker
from streams.kafka.broker.unavailable import BrokerUnavailable

ZERO = TopicPartition("cx.t", 0)
PRODUCE, NOT_LEADER, NOT_AUTHORISED = 0, 6, 29


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """An embedded broker with one topic of two partitions."""
    with EmbeddedBroker({"cx.t": 2}) as broker:
        yield broker


def with_producer(
    broker: EmbeddedBroker, use: Callable[[AIOKafkaProducer], Awaitable], **settings
) -> None:
    """Run ``use`` with a started producer."""

    async def run() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, **settings)
        await producer.start()
        try:
            await use(producer)
        finally:
            await producer.stop()

    asyncio.run(run())


def with_reader(
    broker: EmbeddedBroker, use: Callable[[AIOKafkaConsumer], Awaitable], *topics: str, **settings
) -> None:
    """Run ``use`` with a started consumer that commits only when told."""
    settings = {"fetch_max_wait_ms": 20, "auto_offset_reset": "earliest", **settings}

    async def run() -> None:
        reader = AIOKafkaConsumer(
            *topics, bootstrap_servers=broker.bootstrap, enable_auto_commit=False, **settings
        )
        await reader.start()
        try:
            await use(reader)
        finally:
            await reader.stop()

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


def test_topics_have_the_partitions_asked_for(broker):
    """A topic created by name has its own count; one that springs up by use has the default."""

    async def use(producer):
        assert await producer.partitions_for("cx.t") == {0, 1}
        assert await producer.partitions_for("cx.sprung") == set(range(PARTITIONS_DEFAULT))

    with_producer(broker, use)


def test_a_topic_is_created_once(broker):
    """Creating what exists is refused in three lines, and the old topic stays."""
    with pytest.raises(BrokerUnavailable, match=r"cx\.t") as refusal:
        broker.create_topic("cx.t", 8)
    assert len(str(refusal.value).splitlines()) == 3


def test_a_record_arrives_as_it_was_sent(broker):
    """Key, value, CreateTime and headers (their order, repeats, empty ones) come back untouched."""
    headers = [("h", b"1"), ("h", b"2"), ("empty", b""), ("null", None)]

    async def send(producer):
        await producer.send_and_wait(
            "cx.t", b"v", key=b"k", partition=0, timestamp_ms=1234567, headers=headers
        )
        await producer.send_and_wait("cx.t", None, key=b"k", partition=0)

    async def use(reader):
        record, tombstone = await read(reader, 2)
        assert (record.offset, record.key, record.value) == (0, b"k", b"v")
        assert (record.timestamp, record.timestamp_type) == (1234567, 0)
        assert list(record.headers) == headers
        assert (tombstone.key, tombstone.value) == (b"k", None)

    with_producer(broker, send)
    with_reader(broker, use, "cx.t")


def test_a_batch_stays_one_batch(broker):
    """What send_batch takes is stored and fetched as one piece, its offsets without a gap."""

    async def send(producer):
        await send_numbers(producer, 0, 300)
        await send_numbers(producer, 300, 5)

    async def use(reader):
        (first,) = (await reader.getmany(timeout_ms=5000)).values()
        assert [record.offset for record in first] == list(range(300))
        assert [record.value for record in await read(reader, 5)][-1] == b"304"

    with_producer(broker, send)
    with_reader(broker, use, "cx.t")


def test_a_group_of_one_joins_at_once_and_resumes_where_it_committed(broker):
    """Earliest without a commit, the committed offset with one. Whoever comes back waits out the
    last member's session timeout less a second: a restart is slower than a start."""
    session = {"group_id": "g", "session_timeout_ms": 3000}

    async def first(reader):
        assert time.monotonic() - began_s < 1
        assert len(await read(reader, 10)) == 10
        assert reader.assignment() == {ZERO, TopicPartition("cx.t", 1)}
        await reader.commit({ZERO: 4})

    async def second(reader):
        assert 1.5 < time.monotonic() - began_s < 4
        assert await reader.committed(ZERO) == 4
        assert [record.offset for record in await read(reader, 6)] == [4, 5, 6, 7, 8, 9]

    with_producer(broker, lambda producer: send_numbers(producer, 0, 10))
    began_s = time.monotonic()
    with_reader(broker, first, "cx.t", **session)
    began_s = time.monotonic()
    with_reader(broker, second, "cx.t", **session)


def test_read_committed_reads_what_needs_no_commit(broker):
    """A read_committed reader gets everything that was written without a transaction."""

    async def use(reader):
        assert len(await read(reader, 10)) == 10

    with_producer(broker, lambda producer: send_numbers(producer, 0, 10))
    with_reader(broker, use, "cx.t", isolation_level="read_committed")


def test_an_idempotent_producer_writes_each_record_once_and_in_order(broker):
    """Also when an answer was an error that is tried again."""

    async def send(producer):
        broker.refuse(PRODUCE, NOT_LEADER, times=2)
        sent = [await producer.send("cx.t", b"%d" % n, partition=n % 2) for n in range(1000)]
        await asyncio.gather(*sent)

    async def use(reader):
        records = await read(reader, 1000)
        for partition in range(2):
            mine = [int(r.value) for r in records if r.partition == partition]
            assert mine == list(range(partition, 1000, 2))

    with_producer(broker, send, enable_idempotence=True)
    with_reader(broker, use, "cx.t")


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


def test_a_refused_request_reaches_its_sender_and_writes_nothing(broker):
    """The fault is for one request: the next record takes the offset the refused one wanted."""

    async def use(producer):
        broker.refuse(PRODUCE, NOT_AUTHORISED)
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait("cx.t", b"refused", partition=0)
        assert (await producer.send_and_wait("cx.t", b"taken", partition=0)).offset == 0

    with_producer(broker, use)


def test_another_process_can_use_it(broker):
    """Its address is a real one: a worker in a process of its own writes to the same log."""
    program = (
        "import asyncio, aiokafka\n"
        "async def run():\n"
        f"    p = aiokafka.AIOKafkaProducer(bootstrap_servers='{broker.bootstrap}')\n"
        "    await p.start()\n"
        "    await p.send_and_wait('cx.t', b'from elsewhere', partition=0)\n"
        "    await p.stop()\n"
        "asyncio.run(run())\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

    async def use(reader):
        assert [record.value for record in await read(reader, 1)] == [b"from elsewhere"]

    with_reader(broker, use, "cx.t")


def test_a_closed_broker_is_gone_and_says_so(broker):
    """Nobody answers on its port, closing again is nothing, and using it is an error of ours."""
    host, port = broker.bootstrap.split(":")
    broker.close()
    broker.close()
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(asyncio.open_connection(host, int(port)))
    with pytest.raises(RuntimeError, match="closed"):
        broker.create_topic("cx.late", 1)
