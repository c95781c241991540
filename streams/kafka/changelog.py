"""Reading one changelog partition back, in large portions and only what is committed."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import cast

import aiokafka
from aiokafka import TopicPartition as KafkaPartition

from streams.engine.record import Record
from streams.kafka.client import connection
from streams.kafka.ports import Bounds
from streams.kafka.refusal import Refusal
from streams.kafka.short_ways import hand_out_ours
from streams.kafka.topic_id import topic_id
from streams.settings import Settings

_FETCH_BYTES = 4 * 1024 * 1024
_PORTION_RECORDS = 1_000

#: Longest we wait for the next portion before we say that the changelog does not answer.
_PATIENCE_S = 60.0


class KafkaChangelog:
    """One partition of a changelog topic (``ports.Changelog``).

    Its consumer belongs to no group and lives only while something is being read.

    Args:
        settings: of the deployment.
        topic, partition: the changelog's.
    """

    def __init__(self, settings: Settings, topic: str, partition: int):
        self._settings = settings
        self._tp = KafkaPartition(topic, partition)
        self._consumer: aiokafka.AIOKafkaConsumer | None = None

    async def bounds(self) -> Bounds:
        """First offset and the end a ``read_committed`` reader may reach."""
        async with self._reading() as consumer:
            starts = await consumer.beginning_offsets([self._tp])
            ends = await consumer.end_offsets([self._tp])
            log = await topic_id(consumer._client, self._tp.topic)
            return Bounds(starts[self._tp], ends[self._tp], log)

    async def read(self, start: int, end: int) -> AsyncIterator[tuple[Sequence[Record], int]]:
        """Committed records of [start, end) in portions, with the position after each."""
        if start >= end:
            return  # aiokafka's stop() raises CancelledError when it comes before any of its turns
        async with self._reading() as consumer:
            consumer.seek(self._tp, start)
            position, waited_s = start, 0.0
            while position < end:
                hand_out_ours(consumer._fetcher, self._tp)
                fetched = await consumer.getmany(
                    self._tp, timeout_ms=250, max_records=_PORTION_RECORDS
                )
                reached = await consumer.position(self._tp)
                if reached == position:
                    waited_s += 0.25
                    if waited_s > _PATIENCE_S:
                        raise self._silent(position, end)
                    continue
                position, waited_s = reached, 0.0
                # The first of a fetch come as aiokafka's own: of what a Record is, only the time
                # has another name there, and nobody looks at when a journey was written.
                yield cast(Sequence[Record], fetched.get(self._tp, ())), position

    @contextlib.asynccontextmanager
    async def _reading(self) -> AsyncIterator[aiokafka.AIOKafkaConsumer]:
        consumer = aiokafka.AIOKafkaConsumer(
            **connection(self._settings),
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_partition_fetch_bytes=_FETCH_BYTES,
            fetch_max_wait_ms=min(100, self._settings.fetch_wait_ms),
        )
        try:
            await consumer.start()
            consumer.assign([self._tp])
            yield consumer
        finally:
            await consumer.stop()

    def _silent(self, position: int, end: int) -> Refusal:
        return Refusal(
            "restore_stalled",
            f"Restoring {self._tp.topic}[{self._tp.partition}] stopped at {position} of {end}.",
            f"The broker sent nothing new for {_PATIENCE_S:.0f} s.",
            "See whether the partition has a leader; then restart.",
        )
