"""The consumer's thread: whole partition fetches, seeks, and our standing in the group.

Faust runs aiokafka's consumer in a thread with a loop of its own, so heartbeats go on while the
main loop works. Everything below that begins with an underscore runs in that thread; the public
methods are called from the main loop.
"""

import asyncio
import os
import socket
import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import aiokafka
from aiokafka.errors import ConsumerStoppedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata
from aiokafka.structs import TopicPartition as KafkaPartition
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread

from streams.kafka.assignor import following
from streams.kafka.client import connection
from streams.kafka.ports import Abandoned, Batch, Bounds, Offsets, Tail, TopicPartition
from streams.kafka.short_ways import hand_out_ours
from streams.kafka.topics import TOUCHPOINTS
from streams.kafka.unheard import hear
from streams.settings import Settings

T = TypeVar("T")

#: aiokafka's loops look for work at least this often; also how long one fetch call may last.
_FETCH_S = 0.5


class Reader(AIOKafkaConsumerThread):
    """The consumer thread of a worker (``ports.Source`` and ``ports.Membership``)."""

    settings: Settings

    def __post_init__(self) -> None:
        super().__post_init__()
        self.settings = self.app.settings
        self._tails: dict[TopicPartition, Tail] = {}
        self._seeks = 0
        self._poked = False
        self._waiter: asyncio.Future | None = None
        self._alive_at_s = time.monotonic()
        followed = [self.settings.topic(TOUCHPOINTS)] if self.settings.standby else []
        self._own_assignor = following(followed)

    # -- called from the main loop -----------------------------------------------------------

    async def fetch(self, wanted: Sequence[TopicPartition]) -> list[Batch]:
        """The next batch of each wanted partition that has one; waits a while when none has.

        Raises:
            KafkaError: the broker refuses to serve a partition.
        """
        return await self._there(self._fetch(wanted))

    def poke(self) -> None:
        """End a waiting ``fetch``: what is wanted has changed."""
        self.thread_loop.call_soon_threadsafe(self._on_poke)

    async def seek_to(self, tp: TopicPartition, offset: int) -> int:
        """See ``ports.Source.seek``."""
        return await self._there(self._seek_to(tp, offset))

    async def bounds(self, tp: TopicPartition) -> Bounds:
        """See ``ports.Source.bounds``."""
        return await self._there(self._bounds(KafkaPartition(*tp)))

    async def committed(self, tp: TopicPartition) -> int | None:
        """See ``ports.Source.committed``."""
        return await self._there(self._committed(KafkaPartition(*tp)))

    def tail(self, tp: TopicPartition) -> Tail | None:
        """See ``ports.Source.tail``; one immutable value, so no lock."""
        return self._tails.get(tp)

    async def commit_applied(self, offsets: Offsets) -> bool:
        """Commit the group's offsets; False when the group or the broker would not have it."""
        return await self._there(self._commit_applied(dict(offsets)))

    def generation(self) -> int:
        """See ``ports.Membership``; -1 as soon as the group has thrown us out."""
        return self._ensure_consumer()._coordinator.generation

    def alive_age_s(self) -> float:
        """See ``ports.Membership``."""
        return time.monotonic() - self._alive_at_s

    def assigned_now(self) -> None:
        """The group has just given us partitions: that is a sign of membership, too."""
        self._alive_at_s = time.monotonic()

    def standing_by(self) -> list[TopicPartition]:
        """Partitions of others whose changelogs the last assignment asks us to follow."""
        if not self.settings.standby:
            return []
        return [TopicPartition(*tp) for tp in self._own_assignor.standing_by]

    def forget(self, revoked: Sequence[TopicPartition]) -> None:
        """These partitions are not ours any more."""
        for tp in revoked:
            self._tails.pop(TopicPartition(*tp), None)

    async def leave(self) -> None:
        """Leave the group and close the consumer, so that others take over at once."""
        if self._consumer is not None:
            await self._there(self._consumer.stop())

    async def _there(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the thread's loop and wait for it in ours."""
        return await asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(coroutine, self.thread_loop)
        )

    # -- overrides of Faust ------------------------------------------------------------------

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        """Faust's own would read uncommitted records, fall back to the earliest offset when ours is
        gone, and wait 1.5 s in each fetch (a seek waits for the fetch in flight)."""
        settings = self.settings
        session_ms = int(settings.session_timeout_s * 1_000)
        options = connection(settings)
        rebalance_ms = int(settings.rebalance_s * 1_000)
        options["request_timeout_ms"] = max(options["request_timeout_ms"], rebalance_ms + 5_000)
        self._assignor = self._own_assignor
        return aiokafka.AIOKafkaConsumer(
            **options,
            client_id=f"{settings.app_id}-{socket.gethostname()}-{os.getpid()}",
            group_id=settings.app_id,
            partition_assignment_strategy=[self._own_assignor],
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_partition_fetch_bytes=settings.fetch_bytes,
            fetch_max_wait_ms=settings.fetch_wait_ms,
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=min(3_000, session_ms // 4),
            rebalance_timeout_ms=rebalance_ms,
            max_poll_interval_ms=rebalance_ms * 4,
            metadata_max_age_ms=30_000,
        )

    async def on_start(self) -> None:
        """Faust keeps no account of when the group last confirmed us; note it. And what ends the
        consumer ends the worker, whoever fetches just then."""
        await super().on_start()
        hear(self._ensure_consumer(), self.consumer.cannot_go_on)
        coordinator = self._ensure_consumer()._coordinator
        beat = coordinator._do_heartbeat

        async def noted() -> bool:
            # Counted from the asking: an answer that lay in the socket while we were paused would
            # make us believe in a membership long lost.
            asked_at_s = time.monotonic()
            confirmed = await beat()
            if confirmed:
                self._alive_at_s = asked_at_s
            return confirmed

        coordinator._do_heartbeat = noted

    # -- in the thread -----------------------------------------------------------------------

    def _on_poke(self) -> None:
        self._poked = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _fetch(self, wanted: Sequence[TopicPartition]) -> list[Batch]:
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher
        deadline_s = time.monotonic() + _FETCH_S
        # The context tells aiokafka that we are alive; without it, it leaves the group.
        with fetcher._subscriptions.fetch_context():
            while True:
                if consumer._closed or fetcher._closed:
                    raise ConsumerStoppedError
                if fetcher._subscriptions.reassignment_in_progress:
                    await asyncio.sleep(0.01)
                    return []
                batches = [batch for tp in wanted if (batch := await self._take(fetcher, tp))]
                self._look()
                left_s = deadline_s - time.monotonic()
                if batches or self._poked or left_s <= 0:
                    self._poked = False
                    return batches
                self._waiter = fetcher._create_fetch_waiter()
                await asyncio.wait([self._waiter], timeout=left_s)
                if not self._waiter.done():
                    self._waiter.cancel()
                elif self._waiter.exception() is not None:
                    raise self._waiter.exception()

    async def _take(self, fetcher: Any, tp: TopicPartition) -> Batch | None:
        """One partition's fetched records, and where the consumer stands after them."""
        tail, state = self._tails.get(tp), self._standing(tp)
        if tail is None or state is None:
            return None
        before = state.position
        hand_out_ours(fetcher, tp)
        fetched = await fetcher.fetched_records(
            [tp], timeout=0, max_records=self.settings.batch_records
        )
        records: Any = fetched.get(tp)  # ours: see ``hand_out_ours``
        after = state.position
        moved_by_others = before != tail.position
        if not records:
            if not moved_by_others:
                self._tails[tp] = tail._replace(position=after)
            return None
        size = sum([len(key or b"") + len(value or b"") for _, _, key, value, _ in records])
        self._tails[tp] = tail._replace(handed=after, position=after)
        start = before if moved_by_others else tail.handed
        return Batch(tp, tail.seek, start, after, records, size)

    def _standing(self, tp: TopicPartition) -> Any:
        """aiokafka's own state of a partition, None while it has no position."""
        subscription = self._ensure_consumer()._subscription.subscription
        if subscription is None or subscription.assignment is None:
            return None
        state = subscription.assignment.state_value(tp)
        return state if state is not None and state.has_valid_position else None

    def _look(self) -> None:
        """Note how far each partition's log reached at its last fetch answer."""
        for tp, tail in self._tails.items():
            state = self._standing(tp)
            if state is not None and state.timestamp != tail.answered_ms:
                self._tails[tp] = tail._replace(end=state.highwater, answered_ms=state.timestamp)

    async def _seek_to(self, tp: TopicPartition, offset: int) -> int:
        try:
            self._ensure_consumer().seek(KafkaPartition(*tp), offset)
        except IllegalStateError as fault:
            raise Abandoned from fault
        self._seeks += 1
        self._tails[tp] = Tail(self._seeks, offset, offset, None, None)
        return self._seeks

    async def _bounds(self, tp: KafkaPartition) -> Bounds:
        consumer = self._ensure_consumer()
        starts = await consumer.beginning_offsets([tp])
        ends = await consumer.end_offsets([tp])
        return Bounds(starts[tp], ends[tp])

    async def _committed(self, tp: KafkaPartition) -> int | None:
        try:
            return await self._ensure_consumer().committed(tp)
        except IllegalStateError as fault:
            raise Abandoned from fault

    async def _commit_applied(self, offsets: Offsets) -> bool:
        consumer = self._ensure_consumer()
        assigned = consumer.assignment()
        mine = {
            KafkaPartition(*tp): OffsetAndMetadata(offset, "")
            for tp, offset in offsets.items()
            if tp in assigned
        }
        try:
            if mine:
                await consumer.commit(mine)
        except (KafkaError, IllegalStateError) as fault:
            self.log.info("group offsets not committed, will try again: %r", fault)
            return False
        return True
