"""Producing for a lane: every future is awaited, and a batch is one RecordBatch.

``TransactionalWriter`` owns a producer whose ``transactional.id`` names application, topic and
partition. ``SharedWriter`` is one lane's view of the producer that all lanes share where there are
no transactions.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import aiokafka
from aiokafka.producer.message_accumulator import BatchBuilder

from streams.engine.partitioning import murmur2
from streams.engine.record import Send
from streams.kafka.acknowledged import all_of, translated
from streams.kafka.client import connection, let_go, started
from streams.kafka.ports import NotDurable, Pair, TooLarge, Unsure
from streams.kafka.short_ways import fill, fill_with_sends
from streams.kafka.store import lease_headers
from streams.settings import Settings

#: A transaction older than this is aborted by the broker; longer than any batch takes.
_TRANSACTION_TIMEOUT_MS = 60_000

#: At most what the format adds to a record (lengths, deltas, the lease) and to a batch.
_RECORD_BYTES, _BATCH_BYTES = 48, 128

#: Taking back a transaction must not hold anything up.
_ABORT_S = 2.0


@lru_cache(maxsize=65_536)
def _hash(key: bytes) -> int:
    """Positive murmur2 of a key, as Java's default partitioner takes it; customers come again."""
    return murmur2(key) & 0x7FFFFFFF


def partition_of(send: Send, partitions: int) -> int:
    """Where a record goes: as told (as far as the topic is that wide), else by its key."""
    if send.partition is not None:
        return send.partition % partitions
    return _hash(send.key) % partitions if send.key is not None else 0


class _Writer:
    """What both kinds share: sending with awaited futures, and appending one RecordBatch."""

    transactional = False

    def __init__(self, settings: Settings, changelog: str, partition: int):
        self._settings = settings
        self._changelog, self._partition = changelog, partition

    async def _producer(self) -> aiokafka.AIOKafkaProducer:
        raise NotImplementedError

    async def send(self, sends: Sequence[Send]) -> None:
        """Produce in order per partition, grouped into batches; await every acknowledgement."""
        producer = await self._producer()
        groups: dict[tuple[str, int], list[Send]] = defaultdict(list)
        counts: dict[str, int] = {}
        for send in sends:
            count = counts.get(send.topic)
            if count is None:
                count = counts[send.topic] = await self._partitions(producer, send.topic)
            groups[send.topic, partition_of(send, count)].append(send)
        with translated():
            futures = []
            for (topic, partition), group in groups.items():
                futures += await self._send_group(producer, topic, partition, group)
            await all_of(futures)

    async def _partitions(self, producer: aiokafka.AIOKafkaProducer, topic: str) -> int:
        name = self._settings.topic(topic)
        with translated():
            known = await producer.partitions_for(name)
        if not known:
            raise NotDurable(f"{name} has no partitions")
        return len(known)

    async def _send_group(
        self,
        producer: aiokafka.AIOKafkaProducer,
        topic: str,
        partition: int,
        group: Sequence[Send],
    ) -> list[asyncio.Future]:
        name, futures = self._settings.topic(topic), []
        while group:
            batch = producer.create_batch()
            group = group[max(1, fill_with_sends(batch, group)) :]  # the first one always fits
            futures.append(await self._put(producer, batch, name, partition))
        return futures

    async def _put(
        self, producer: aiokafka.AIOKafkaProducer, batch: BatchBuilder, topic: str, partition: int
    ) -> asyncio.Future:
        """Give a batch to the producer, once it has room for that partition; what it will hear."""
        return await producer.send_batch(batch, topic, partition=partition)

    async def fits(self, entries: Sequence[Pair], lease: int) -> bool:
        """Whether they make one RecordBatch; built to see, unless they are far from filling it."""
        size = sum(len(key) + len(value or b"") + _RECORD_BYTES for key, value in entries)
        if self.transactional or size < self._settings.changelog_batch_bytes - _BATCH_BYTES:
            return True
        batch = (await self._producer()).create_batch()
        return fill(batch, entries, lease_headers(lease)) == len(entries)

    async def append(self, entries: Sequence[Pair], lease: int) -> int:
        """The entries as one RecordBatch of the changelog; its base offset."""
        producer = await self._producer()
        headers, batches = lease_headers(lease), []
        while entries:
            batch = producer.create_batch()
            entries = entries[max(1, fill(batch, entries, headers)) :]  # the first one always fits
            if entries and not self.transactional:
                raise TooLarge
            batches.append(batch)
        with translated():
            futures = [
                await self._put(producer, batch, self._changelog, self._partition)
                for batch in batches
            ]
            metadata = await all_of(futures)
        return metadata[0].offset

    async def begin(self) -> None:
        """Nothing to begin without transactions."""

    async def commit(self) -> None:
        """Nothing to commit without transactions."""

    async def abort(self) -> None:
        """Nothing to take back without transactions."""


class TransactionalWriter(_Writer):
    """A lane's own producer (``ports.Writer``); starting it fences whoever held the partition.

    Args:
        settings: of the deployment.
        source: real name of the lane's source topic, part of the transactional id.
        changelog, partition: where journeys and progress go.
    """

    transactional = True

    def __init__(self, settings: Settings, source: str, changelog: str, partition: int):
        super().__init__(settings, changelog, partition)
        self._id = f"{settings.app_id}-{source}-{partition}"
        self._own: aiokafka.AIOKafkaProducer | None = None
        self._unanswered = False

    async def _producer(self) -> aiokafka.AIOKafkaProducer:
        if self._own is None:
            raise NotDurable("the lane's producer is not started")
        return self._own

    async def fence(self) -> None:
        """Start the producer: InitProducerId aborts what an earlier owner left open."""
        with translated():
            self._own = await started(self._made)
        self._unanswered = False

    def _made(self) -> aiokafka.AIOKafkaProducer:
        producer = aiokafka.AIOKafkaProducer(
            **connection(self._settings),
            client_id=self._id,
            transactional_id=self._id,
            transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
            max_batch_size=self._settings.changelog_batch_bytes,
            max_request_size=self._settings.changelog_batch_bytes,
            compression_type="snappy",
        )
        producer.client.send = self._watched(producer.client.send)
        return producer

    def _watched(self, send):
        async def watched(*args, **kwargs):
            try:
                return await send(*args, **kwargs)
            except BaseException:  # given up on as well: it may be on its way all the same
                self._unanswered = True
                raise

        return watched

    async def begin(self) -> None:
        if self._unanswered:
            raise Unsure
        producer = await self._producer()
        if producer._txn_manager.is_fatal_error():
            raise NotDurable("the lane's producer was broken by an earlier failure")
        with translated():
            await producer.begin_transaction()

    async def commit(self) -> None:
        producer = await self._producer()
        with translated():
            await producer.commit_transaction()

    async def abort(self) -> None:
        """Best effort: a transaction left open is aborted by the next owner's start."""
        producer = await self._producer()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(producer.abort_transaction(), _ABORT_S)

    async def close(self) -> None:
        producer, self._own = self._own, None
        if producer is not None:
            await let_go(producer)


class SharedProducer:
    """The one producer of all lanes where there are no transactions.

    It holds one batch per partition at a time. aiokafka lets whoever comes first have the room that
    becomes free, and counts the time of those who wait again and again: of many lanes that write to
    one partition (what the crowd is told), some were refused after ten seconds by a broker in the
    best of health. So lanes take turns, and only one at a time waits for the producer.
    """

    def __init__(self, settings: Settings):
        self._settings = settings
        self._producer: aiokafka.AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._turns: dict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    def turn(self, topic: str, partition: int) -> asyncio.Lock:
        """Held by the lane whose batch for that partition is given to the producer next."""
        return self._turns[topic, partition]

    async def get(self) -> aiokafka.AIOKafkaProducer:
        """The started producer."""
        async with self._starting:
            if self._producer is None:
                with translated():
                    self._producer = await started(self._made)
            return self._producer

    def _made(self) -> aiokafka.AIOKafkaProducer:
        return aiokafka.AIOKafkaProducer(
            **connection(self._settings),
            client_id=f"{self._settings.app_id}-worker",
            acks="all",
            enable_idempotence=self._settings.idempotence,
            max_batch_size=self._settings.changelog_batch_bytes,
            max_request_size=self._settings.changelog_batch_bytes,
            compression_type="snappy",
        )

    async def close(self) -> None:
        """Let go of the connections."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await let_go(producer)


class SharedWriter(_Writer):
    """One lane's view of the shared producer (``ports.Writer``); it cannot fence."""

    def __init__(self, settings: Settings, shared: SharedProducer, changelog: str, partition: int):
        super().__init__(settings, changelog, partition)
        self._shared = shared

    async def _producer(self) -> aiokafka.AIOKafkaProducer:
        return await self._shared.get()

    async def _put(
        self, producer: aiokafka.AIOKafkaProducer, batch: BatchBuilder, topic: str, partition: int
    ) -> asyncio.Future:
        async with self._shared.turn(topic, partition):
            return await super()._put(producer, batch, topic, partition)

    async def fence(self) -> None:
        """There is no fence; the lease in the changelog is what readers go by."""

    async def close(self) -> None:
        """The producer belongs to all lanes."""
