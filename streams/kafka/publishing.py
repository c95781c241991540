"""Producing to a topic from outside a worker: in batches, every one acknowledged, by murmur2."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import aiokafka
from aiokafka.errors import KafkaConnectionError, KafkaError, UnknownTopicOrPartitionError

from streams.engine.partitioning import partition_of
from streams.kafka.client import connection
from streams.kafka.reading import no_topic
from streams.kafka.refusal import Refusal
from streams.kafka.topics import no_broker
from streams.settings import Settings
from streams.wire.jsonl import Carried

BATCH_BYTES = 512 * 1024
"""Below what topics take by default (1 MiB), so that nobody has to be asked."""


class Publisher:
    """One producer, of which every record is acknowledged before ``send`` returns.

    Args:
        settings: of the deployment.
        producer: a started one.
    """

    def __init__(self, settings: Settings, producer: aiokafka.AIOKafkaProducer) -> None:
        self._settings, self._producer = settings, producer
        self._widths: dict[str, int] = {}
        self._partition_by_key: dict[bytes, int] = {}

    async def width(self, topic: str) -> int:
        """How many partitions a topic has."""
        if topic not in self._widths:
            try:
                known = await self._producer.partitions_for(topic)
            except UnknownTopicOrPartitionError:
                raise no_topic(self._settings, topic) from None
            self._widths[topic] = len(known)
        return self._widths[topic]

    async def send(self, topic: str, records: Iterable[Carried]) -> None:
        """Produce records in order per partition.

        Args:
            topic: its real name.
            records: those without a key go to partition 0.

        Raises:
            Refusal: the broker did not take one of them; which ones it took is not known.
        """
        width = await self.width(topic)
        batches: dict[int, aiokafka.producer.message_accumulator.BatchBuilder] = {}
        waiting = []
        try:
            for key, value, headers, timestamp_ms in records:
                partition = self._partition_of(key, width)
                batch = batches.get(partition) or self._producer.create_batch()
                record = {
                    "key": key,
                    "value": value,
                    "timestamp": timestamp_ms,
                    "headers": list(headers),
                }
                if batch.append(**record) is None:  # full
                    waiting.append(
                        await self._producer.send_batch(batch, topic, partition=partition)
                    )
                    batch = self._producer.create_batch()
                    batch.append(**record)  # the first one always fits
                batches[partition] = batch
            for partition, batch in batches.items():
                waiting.append(await self._producer.send_batch(batch, topic, partition=partition))
            await asyncio.gather(*waiting)
        except KafkaError as fault:
            raise Refusal(
                "not_published",
                f"The broker did not take all records for {topic}.",
                f"{type(fault).__name__}: {fault}",
                "Mend that and publish again: what was taken already is recognised as a duplicate.",
            ) from None

    def _partition_of(self, key: bytes | None, width: int) -> int:
        if key is None:
            return 0
        partition = self._partition_by_key.get(key)
        if partition is None:
            if len(self._partition_by_key) > 1_000_000:
                self._partition_by_key.clear()
            partition = self._partition_by_key[key] = partition_of(key, width)
        return partition


@asynccontextmanager
async def publisher(settings: Settings, idempotent: bool = True) -> AsyncIterator[Publisher]:
    """A publisher on the deployment's broker.

    Args:
        settings: of the deployment.
        idempotent: number batches so that a retry cannot double one; not every broker can.

    Raises:
        Refusal: no broker answers.
    """
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    producer = aiokafka.AIOKafkaProducer(
        **connection(settings),
        client_id="throughline-publisher",
        acks="all",
        enable_idempotence=idempotent,
        max_batch_size=BATCH_BYTES,
        max_request_size=2 * 1024 * 1024,
        compression_type="snappy",
    )
    try:
        await producer.start()
    except KafkaConnectionError as fault:
        await producer.stop()
        raise no_broker(settings, fault) from None
    try:
        yield Publisher(settings, producer)
    finally:
        await producer.stop()
