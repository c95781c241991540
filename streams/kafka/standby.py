"""Standing by: following the changelogs of partitions that others own, so as to take them over.

What is followed is held in stores like any other partition's, in memory or on disk. A partition
that becomes ours is handed to its lane as it stands, and the lane reads what little was written
since. Nobody relies on this being up to date, or there at all: without it a restore takes longer.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

import aiokafka
from aiokafka import TopicPartition as KafkaPartition

from streams.engine.record import Record
from streams.kafka.client import connection, let_go, started
from streams.kafka.ports import Bounds, TopicPartition
from streams.kafka.store import JourneyStore
from streams.kafka.topic_id import topic_id
from streams.settings import Settings

log = logging.getLogger("throughline.worker")

_FETCH_BYTES = 4 * 1024 * 1024
_PORTION_RECORDS = 2_500
_WAIT_MS = 250

#: After a failure, all is begun anew, not sooner than this.
_AGAIN_S = 2.0

#: How often a copy that is up to date notes that it is, while nothing is written.
_NOTE_EVERY_S = 60.0


class Follower(Protocol):
    """Whoever keeps stores of others' partitions up to date."""

    def take(self, tp: TopicPartition) -> JourneyStore | None:
        """A partition is ours now: its store, followed no more; None if there is none."""

    def follow(self, stores: Mapping[TopicPartition, JourneyStore]) -> None:
        """From now on follow these, and no others."""

    def following(self) -> list[TopicPartition]:
        """What is followed."""


class Nobody:
    """Follows nothing (``Follower``)."""

    def take(self, tp: TopicPartition) -> JourneyStore | None:
        return None

    def follow(self, stores: Mapping[TopicPartition, JourneyStore]) -> None:
        for store in stores.values():
            store.close()

    def following(self) -> list[TopicPartition]:
        return []


class KafkaFollower:
    """Follows changelogs on Kafka (``Follower``), with one consumer for all of them.

    Args:
        settings: of the deployment.
        changelog_of: real name of the changelog topic of a source topic.
    """

    def __init__(self, settings: Settings, changelog_of: Callable[[str], str]) -> None:
        self._settings, self._changelog_of = settings, changelog_of
        self._stores: dict[TopicPartition, JourneyStore] = {}
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._current: set[TopicPartition] = set()  # of these, all there was has been read once

    def take(self, tp: TopicPartition) -> JourneyStore | None:
        """See ``Follower``."""
        return self._stores.pop(tp, None)

    def follow(self, stores: Mapping[TopicPartition, JourneyStore]) -> None:
        """See ``Follower``; stores no longer followed are closed."""
        for tp, store in self._stores.items():
            if stores.get(tp) is not store:
                store.close()
        if stores.keys() != self._stores.keys() and stores:
            log.info("standing by for %d partitions", len(stores))
        self._stores = dict(stores)
        self._current.clear()
        self._changed.set()
        if self._task is None and stores:
            self._task = asyncio.get_running_loop().create_task(self._live(), name="standby")

    def following(self) -> list[TopicPartition]:
        """See ``Follower``."""
        return list(self._stores)

    async def stop(self) -> None:
        """Follow nothing any more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.follow({})

    async def _live(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self._follow_until_changed()
            except asyncio.CancelledError:
                raise
            except Exception as fault:  # noqa: BLE001  nobody waits for us: try again
                log.info("standing by was interrupted, beginning again: %r", fault)
                await asyncio.sleep(_AGAIN_S)

    async def _follow_until_changed(self) -> None:
        if not self._stores:
            await self._changed.wait()
            return
        consumer = await started(self._made)
        try:
            places = {self._log_of(tp): tp for tp in self._stores}
            consumer.assign(list(places))
            for place, bounds in (await _bounds(consumer, places)).items():
                store = self._stores.get(places[place])
                if store is not None:
                    consumer.seek(place, store.stand(bounds))
            await self._read(consumer, places)
        finally:
            await let_go(consumer)

    def _log_of(self, tp: TopicPartition) -> KafkaPartition:
        return KafkaPartition(self._changelog_of(tp.topic), tp.partition)

    def _made(self) -> aiokafka.AIOKafkaConsumer:
        return aiokafka.AIOKafkaConsumer(
            **connection(self._settings),
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_partition_fetch_bytes=_FETCH_BYTES,
            fetch_max_wait_ms=min(100, self._settings.fetch_wait_ms),
        )

    async def _read(
        self, consumer: aiokafka.AIOKafkaConsumer, places: Mapping[KafkaPartition, TopicPartition]
    ) -> None:
        loop = asyncio.get_running_loop()
        noted_s = dict.fromkeys(places, loop.time())
        while not self._changed.is_set():
            fetched = await consumer.getmany(timeout_ms=_WAIT_MS, max_records=_PORTION_RECORDS)
            for place, tp in places.items():
                position = await consumer.position(place)
                if self._changed.is_set():
                    return  # a store may have come back to us from further on than we have read
                store = self._stores.get(tp)  # no await between here and its being written to
                if store is None:
                    continue
                if position > store.next_offset:
                    store.take(cast(Sequence[Record], fetched.get(place, ())), position)
                end = consumer.last_stable_offset(place)
                if end is not None and position >= end:
                    self._note(tp)
                    if loop.time() - noted_s[place] > _NOTE_EVERY_S:
                        noted_s[place] = loop.time()
                        store.kept()

    def _note(self, tp: TopicPartition) -> None:
        if tp not in self._current:
            self._current.add(tp)
            if len(self._current) == len(self._stores):
                log.info("standing by: %d partitions are up to date", len(self._current))


async def _bounds(
    consumer: aiokafka.AIOKafkaConsumer, places: Mapping[KafkaPartition, TopicPartition]
) -> dict[KafkaPartition, Bounds]:
    starts = await consumer.beginning_offsets(list(places))
    ends = await consumer.end_offsets(list(places))
    ids = {
        name: await topic_id(consumer._client, name)
        for name in sorted({place.topic for place in places})
    }
    return {place: Bounds(starts[place], ends[place], ids[place.topic]) for place in places}
