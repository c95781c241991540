"""A real Kafka, behind the real adapters, keeps every promise the simulated world keeps.

The consumer is Faust's with our transport, in a real app; only its lanes are replaced by a hand
that takes batches, so that nothing else moves the offsets.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import asynccontextmanager, suppress

import aiokafka
import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition as KafkaPartition

from streams.app import Throughline, build_app
from streams.kafka import topics
from streams.kafka.changelog import KafkaChangelog
from streams.kafka.inbox import Arrival
from streams.kafka.lane import Lane
from streams.kafka.lanes import Standing
from streams.kafka.ports import Batch, Offsets, TopicPartition, Writer
from streams.kafka.writer import SharedProducer, SharedWriter, TransactionalWriter
from streams.settings import Settings
from tests.kafka.counting_line import CountingLine
from tests.kafka.port_contract import ALERTS, BATCH_BYTES, PortContract
from tests.live.workers import read_all


class Hand:
    """In place of the lanes: wants every partition's records and keeps the batches."""

    def __init__(self, app: Throughline):
        self.rig = app.lanes.rig
        self.assigned: list[TopicPartition] = []
        self.batches: asyncio.Queue[Batch] = asyncio.Queue()
        self.there = asyncio.Event()

    def assign(
        self,
        assigned: Iterable[TopicPartition],
        generation: int,
        standing_by: Iterable[TopicPartition] = (),
    ) -> None:
        self.assigned = list(assigned)
        self.there.set()

    async def release(self, revoked: Iterable[TopicPartition], budget_s: float) -> bool:
        self.assigned = []
        return True

    def wanting(self) -> list[TopicPartition]:
        return self.assigned

    def on_its_way(self, batch: Batch) -> None:
        """Nothing is counted."""

    def accept(self, batch: Batch) -> Arrival:
        self.batches.put_nowait(batch)
        return Arrival.TAKEN

    def tick(self) -> None:
        """Nothing wakes."""

    def __iter__(self) -> Iterator[Lane]:
        return iter(())

    def applied(self) -> Offsets:
        return {}

    def standing(self) -> Standing:
        return Standing(len(self.assigned), len(self.assigned), 1.0, 0, 0.0, Counter())


class KafkaReading:
    """The real consumer with a hand that takes its batches."""

    def __init__(self, app: Throughline, hand: Hand, tp: TopicPartition):
        self.source, self._app, self._hand, self._tp = hand.rig.source, app, hand, tp

    async def batch(self) -> Batch:
        while True:
            batch = await asyncio.wait_for(self._hand.batches.get(), 20.0)
            if batch.tp == self._tp:
                return batch

    async def commit(self, offset: int) -> None:
        assert await self._app.consumer.reader.commit_applied({self._tp: offset})


class KafkaPlace:
    """One deployment on the session's broker."""

    def __init__(self, bootstrap: str):
        name = f"contract-{secrets.token_hex(4)}"
        self.settings = Settings(
            _env_file=None,
            broker=bootstrap,
            app_id=name,
            prefix=name,
            partitions=1,
            changelog_batch_bytes=BATCH_BYTES,
            session_timeout_s=6.0,
            rebalance_s=10.0,
        )
        self.tp = TopicPartition(self.settings.topic(topics.TOUCHPOINTS), 0)
        self._log = topics.changelog_of(self.settings, self.tp.topic)
        self.changelog = KafkaChangelog(self.settings, self._log, 0)
        self.shared: list[SharedProducer] = []

    def writer(self, transactional: bool) -> Writer:
        if transactional:
            return TransactionalWriter(self.settings, self.tp.topic, self._log, 0)
        self.shared.append(SharedProducer(self.settings))
        return SharedWriter(self.settings, self.shared[-1], self._log, 0)

    async def produce(self, values: Sequence[bytes]) -> None:
        producer = aiokafka.AIOKafkaProducer(bootstrap_servers=self.settings.bootstrap, acks="all")
        async with producer:
            for value in values:
                await producer.send_and_wait(self.tp.topic, value, b"c1", 0)

    async def produce_in_transaction(self, values: Sequence[bytes]) -> Callable[[bool], Awaitable]:
        name = secrets.token_hex(4)
        producer = aiokafka.AIOKafkaProducer(
            bootstrap_servers=self.settings.bootstrap, transactional_id=name
        )
        await producer.start()
        await producer.begin_transaction()
        for value in values:
            await producer.send_and_wait(self.tp.topic, value, b"c1", 0)

        async def end(committed: bool) -> None:
            await (producer.commit_transaction() if committed else producer.abort_transaction())
            await producer.stop()
            # An end is answered before its marker is written; whoever starts next waits for it.
            async with aiokafka.AIOKafkaProducer(
                bootstrap_servers=self.settings.bootstrap, transactional_id=name
            ):
                pass

        return end

    async def alerts(self) -> list[bytes]:
        return [r.value for r in await read_all(self.settings, self.settings.topic(ALERTS))]

    async def delete_before(self, offset: int) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.bootstrap)
        await admin.start()
        try:
            await admin.delete_records({KafkaPartition(*self.tp): RecordsToDelete(offset)})
        finally:
            await admin.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[KafkaReading]:
        app = build_app(self.settings, lambda settings: CountingLine())
        app.lanes = hand = Hand(app)
        await app.start()
        try:
            await asyncio.wait_for(hand.there.wait(), 20.0)
            yield KafkaReading(app, hand, self.tp)
        finally:
            with suppress(Exception):
                await asyncio.wait_for(app.consumer.reader.leave(), 5.0)
            with suppress(Exception):
                await asyncio.wait_for(app.stop(), 10.0)


class TestKafka(PortContract):
    """The list, on a real broker."""

    @pytest.fixture(autouse=True)
    def _broker(self, kafka):
        self._bootstrap, self._places = kafka.bootstrap, []

    async def place(self) -> KafkaPlace:
        self._places.append(KafkaPlace(self._bootstrap))
        await topics.prepare(self._places[-1].settings)
        return self._places[-1]

    def run(self, story: Coroutine) -> None:
        async def whole() -> None:
            try:
                await asyncio.wait_for(story, 120.0)
            finally:
                for place in self._places:
                    for shared in place.shared:
                        await shared.close()

        asyncio.run(whole())
