"""Faust's Kafka transport, fed whole partition fetches and freed of Faust's own offset keeping.

What is overridden and why stands at each override, in ``docs/decisions``, and in
``tests/live/test_contract_faust.py``, which fails when the code beneath changes.
"""

import asyncio
from collections.abc import Set
from typing import Any, ClassVar, cast

from aiokafka.errors import (
    ConsumerStoppedError,
    CorruptRecordException,
    GroupAuthorizationFailedError,
    KafkaError,
    OffsetOutOfRangeError,
    TopicAuthorizationFailedError,
)
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from streams.kafka.ports import Batch, TopicPartition
from streams.kafka.reader import Reader
from streams.kafka.refusal import NOT_READY, Refusal, unexpected

#: Part of the rebalance timeout that draining may take; the rest is for joining again.
_DRAIN_SHARE = 0.6

_COMMIT_S = 5.0


class Consumer(driver.Consumer):
    """Hands each fetched partition batch to its agent as one message.

    Positions, acknowledgements and commits are ours: a lane seeks to its own progress, and what the
    group commits is what lanes have made durable. Topics are declared with ``acks=False``, so that
    Faust keeps no account of messages at all.
    """

    _thread: Reader

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self._told: dict[TopicPartition, int] = {}  # what the group was told last

    def _new_consumer_thread(self) -> Reader:
        """Faust's thread, with our fetches."""
        return Reader(self, loop=self.loop, beacon=self.beacon)

    @property
    def reader(self) -> Reader:
        """The consumer's thread."""
        return self._thread

    def cannot_go_on(self, fault: Exception) -> None:
        """The reader cannot, and says why; from any thread."""
        self.app.life.fail(fetch_refusal(fault), fault)

    async def perform_seek(self) -> None:
        """Faust seeks all partitions to their committed offsets when flow resumes. Committed
        offsets are not our progress, and a lane may already have sought."""

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Commit what lanes have applied; Faust would commit what its acks say (A1, A10, B1)."""
        news = {tp: at for tp, at in self.app.lanes.applied().items() if self._told.get(tp) != at}
        if not news:
            return False
        try:
            done = await asyncio.wait_for(self._thread.commit_applied(news), _COMMIT_S)
        except TimeoutError:
            return False
        if done:
            self._told.update(news)
            self.app.lanes.rig.reached("offsets.committed")
        return done

    async def on_partitions_revoked(self, revoked: Set[TP]) -> None:
        """Drain our lanes and commit before Faust forgets the partitions; it forgets first (B1)."""
        self.stop_flow()
        if not self.app.life.ending:
            await self.app.lanes.release(revoked, self.app.settings.rebalance_s * _DRAIN_SHARE)
            await self.commit()
        self._thread.forget([TopicPartition(*tp) for tp in revoked])
        self._told.clear()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: Set[TP], generation_id: int = 0) -> None:
        """Open lanes at once; each restores in its own task, because aiokafka sends no heartbeat
        while this callback runs."""
        self._thread.assigned_now()
        if not self.app.life.ending:
            places = [TopicPartition(*tp) for tp in sorted(assigned)]
            self.app.lanes.assign(places, generation_id, self._thread.standing_by())
        await super().on_partitions_assigned(assigned, generation_id)

    async def _drain_messages(self, fetcher: Any) -> None:
        """The fetch loop. Faust's own advances its offset whether or not a message was delivered,
        turns what was not into a gap, and commits over it (A1, A2); it also drops records of
        partitions it has paused (A3)."""
        lanes = self.app.lanes
        try:
            while not (self.should_stop or fetcher.should_stop):
                if not self.flow_active:
                    await self.wait(self.can_resume_flow)
                    continue
                for batch in await self._thread.fetch(lanes.wanting()):
                    if not self.flow_active:
                        break
                    lanes.on_its_way(batch)
                    await self.wait_first(
                        self.callback(self._as_message(batch)), self.suspend_flow.wait()
                    )
        except (ConsumerStoppedError, asyncio.CancelledError):
            if not self.app.life.ending:
                raise
        except Exception as fault:  # noqa: BLE001  whatever it is, it ends the worker by name
            self.app.life.fail(fetch_refusal(fault), fault)

    def _as_message(self, batch: Batch) -> ConsumerMessage:
        """A batch as the one message Faust sees. No header of any record gets near Faust: an agent
        would answer to whatever topic ``Faust-Ag-ReplyTo`` names."""
        tp = cast(TP, batch.tp)
        return ConsumerMessage(
            batch.tp.topic,
            batch.tp.partition,
            batch.next_offset - 1,
            None,
            0,
            None,
            None,
            batch,
            None,
            0,
            batch.size_bytes,
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's livelock detector goes by its own acks and crashes before the consumer is up
        (C8); the watchdog in ``life.py`` goes by what lanes apply."""


class Transport(driver.Transport):
    """The transport of a Throughline worker."""

    Consumer: ClassVar[type[driver.Consumer]] = Consumer


def fetch_refusal(fault: Exception) -> Refusal:
    """Why records cannot be had."""
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, OffsetOutOfRangeError):
        return Refusal(
            "offset_gone",
            "The offset we were about to read is no longer in the log.",
            f"{fault}: retention deleted it, or the topic was recreated, while we were reading.",
            "Raise retention.ms of the topic; on restart the start guards say which it was.",
            code=NOT_READY,
        )
    if isinstance(fault, TopicAuthorizationFailedError | GroupAuthorizationFailedError):
        return Refusal(
            "not_authorised",
            "Kafka does not let this worker read.",
            f"{type(fault).__name__}: {fault}",
            "Give its principal Read and Describe on the source topics and the group.",
            code=NOT_READY,
        )
    if isinstance(fault, CorruptRecordException):
        return Refusal(
            "corrupt_record",
            "A record batch fails its checksum.",
            str(fault),
            "Compare replicas of that partition; a damaged one must be rebuilt from the others.",
        )
    if isinstance(fault, KafkaError):
        return Refusal(
            "fetch_refused",
            "Kafka refuses to serve records.",
            f"{type(fault).__name__}: {fault}",
            "See the broker's log; restart when it is mended.",
        )
    return unexpected("Fetching", fault)
