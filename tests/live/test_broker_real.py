"""A real Kafka from its jars does what everything above it is built on, and leaves nothing."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError, ProducerFenced, UnknownTopicOrPartitionError

from streams.kafka.broker.real import RealKafka
from tests.live.conftest import create_topic


@asynccontextmanager
async def producing(bootstrap: str, **settings):
    """A started producer, stopped at the end."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, **settings)
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()


async def read_all(bootstrap: str, topic: str, **settings) -> list[bytes]:
    """The values of a one-partition topic from its start to where it ends now."""
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, **settings)
    await reader.start()
    try:
        zero = TopicPartition(topic, 0)
        end = (await reader.end_offsets([zero]))[zero]
        reader.assign([zero])
        await reader.seek_to_beginning(zero)
        values: list[bytes] = []
        while await reader.position(zero) < end:
            for batch in (await reader.getmany(zero, timeout_ms=200)).values():
                values += [record.value for record in batch]
        return values
    finally:
        await reader.stop()


def run(test: Callable[[], Awaitable[None]], limit_s: float = 60) -> None:
    """Run a coroutine, but not for ever."""
    asyncio.run(asyncio.wait_for(test(), limit_s))


def test_a_group_reads_what_was_written_and_resumes_where_it_committed(kafka, make_topic, unique):
    """Four partitions, a committed offset each; the second reader gets only what is new."""
    topic, group = make_topic(partitions=4), unique("group")

    async def read(count: int) -> set[bytes]:
        reader = AIOKafkaConsumer(
            topic,
            bootstrap_servers=kafka.bootstrap,
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await reader.start()
        try:
            values: set[bytes] = set()
            while len(values) < count:
                for batch in (await reader.getmany(timeout_ms=200)).values():
                    values |= {record.value for record in batch}
            await reader.commit()
            return values
        finally:
            await reader.stop()

    async def test() -> None:
        async with producing(kafka.bootstrap) as producer:
            for half in (range(50), range(50, 100)):
                sent = [await producer.send(topic, b"%d" % n, key=b"%d" % n) for n in half]
                await asyncio.gather(*sent)
                assert await read(50) == {b"%d" % n for n in half}

    run(test)


def test_an_aborted_transaction_is_not_read(kafka, make_topic, unique):
    """A read_committed reader sees the committed one alone; without it the aborted one shows."""
    topic = make_topic(partitions=1)

    async def test() -> None:
        async with producing(kafka.bootstrap, transactional_id=unique("tx")) as producer:
            await producer.begin_transaction()
            await producer.send_and_wait(topic, b"aborted", partition=0)
            await producer.abort_transaction()
            async with producer.transaction():
                await producer.send_and_wait(topic, b"committed", partition=0)
        committed = await read_all(kafka.bootstrap, topic, isolation_level="read_committed")
        assert committed == [b"committed"]
        assert await read_all(kafka.bootstrap, topic) == [b"aborted", b"committed"]

    run(test)


def test_a_second_producer_of_the_same_name_fences_the_first(kafka, make_topic, unique):
    """Starting the second aborts what the first had open, and the first cannot commit any more."""
    topic, name = make_topic(partitions=1), unique("tx")

    async def test() -> None:
        async with producing(kafka.bootstrap, transactional_id=name) as first:
            await first.begin_transaction()
            await first.send_and_wait(topic, b"from the first", partition=0)
            async with producing(kafka.bootstrap, transactional_id=name) as second:
                with pytest.raises(ProducerFenced):
                    await first.send_and_wait(topic, b"too late", partition=0)
                async with second.transaction():
                    await second.send_and_wait(topic, b"from the second", partition=0)
        committed = await read_all(kafka.bootstrap, topic, isolation_level="read_committed")
        assert committed == [b"from the second"]

    run(test)


def test_topics_do_not_spring_up_by_use(own_kafka):
    """A topic that was not created is not there: a typing error must not become a topic."""

    async def test() -> None:
        async with producing(own_kafka.bootstrap, request_timeout_ms=1000) as producer:
            with pytest.raises(UnknownTopicOrPartitionError):
                await producer.send("not-created", b"v")

    run(test)


def test_what_was_acknowledged_survives_a_kill_and_waits_out_a_freeze(own_kafka):
    """Killed and started again it has its data under the same address; frozen it only waits."""
    create_topic(own_kafka.bootstrap, "t", 1)
    address, first_pid = own_kafka.bootstrap, own_kafka.pid

    async def write(value: bytes) -> None:
        async with producing(address) as producer:
            await producer.send_and_wait("t", value, partition=0)

    async def freeze() -> None:
        async with producing(address) as producer:
            own_kafka.suspend()
            sending = asyncio.ensure_future(producer.send_and_wait("t", b"frozen", partition=0))
            await asyncio.sleep(1)
            assert not sending.done()
            own_kafka.resume()
            await sending
        assert await read_all(address, "t") == [b"before the kill", b"frozen"]

    run(lambda: write(b"before the kill"))
    own_kafka.kill()
    assert own_kafka.pid is None
    assert own_kafka.rss_bytes() == 0
    own_kafka.start()
    assert own_kafka.bootstrap == address
    assert own_kafka.pid != first_pid
    assert 50e6 < own_kafka.rss_bytes() < 1e9
    run(freeze)


def test_a_closed_kafka_leaves_nothing(tmp_path):
    """No process, no listener, no folder of its own; a folder it was given stays."""
    with RealKafka(settings={"num.partitions": "7"}) as broker:
        pid, address, log = broker.pid, broker.bootstrap, broker.log
        assert log.is_file()
        assert "num.partitions=7" in (log.parent / "server.properties").read_text()
        assert broker.stop() == 143
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not log.parent.exists()

    async def connect() -> None:
        async with producing(address):
            pass

    with pytest.raises(KafkaConnectionError):
        run(connect)
