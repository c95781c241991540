"""What the embedded broker can do, as aiokafka meets it: the demo stands on this."""

import asyncio
import subprocess
import sys
import time

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import (
    TopicAuthorizationFailedError,
)

from streams.kafka.broker.embedded import PARTITIONS_DEFAULT
from streams.kafka.broker.unavailable import BrokerUnavailable
from tests.kafka.embedded import ZERO, read, send_numbers, with_producer, with_reader

PRODUCE, NOT_LEADER, NOT_AUTHORISED = 0, 6, 29


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
