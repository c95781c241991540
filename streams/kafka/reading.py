"""Reading topics from outside a worker, up to where they end or for as long as one likes.

In plain calls, so that a command needs no loop of its own; they belong to no group.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import aiokafka
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from streams.engine.record import Record
from streams.kafka.client import connection
from streams.kafka.refusal import NOT_READY, Refusal
from streams.kafka.topics import TOUCHPOINTS, changelog_of, no_broker
from streams.settings import Settings
from streams.wire import progress

_PORTION_RECORDS = 5_000
_FETCH_BYTES = 4 * 1024 * 1024
_PATIENCE_S = 30.0


class Lying(NamedTuple):
    """A record where it lies."""

    topic: str
    partition: int
    record: Record


class TopicReading:
    """Topics being read, outside any group, committed records only.

    Args:
        runner: what its consumer lives in.
        consumer: started, with every partition assigned.
    """

    def __init__(self, runner: asyncio.Runner, consumer: aiokafka.AIOKafkaConsumer) -> None:
        self._runner, self._consumer = runner, consumer

    @property
    def partitions(self) -> int:
        """How many partitions are read in all."""
        return len(self._consumer.assignment())

    def ends(self) -> dict[TopicPartition, int]:
        """The offset after the last committed record, by partition."""
        return self._ask(self._consumer.end_offsets(self._consumer.assignment()))

    def starts(self) -> dict[TopicPartition, int]:
        """The first offset there is, by partition."""
        return self._ask(self._consumer.beginning_offsets(self._consumer.assignment()))

    def placed(self) -> Iterator[tuple[int, Record]]:
        """(partition, record) of everything up to where the topic ends now."""
        for _, partition, record in self.up_to_now(self.starts()):
            yield partition, record

    def up_to_now(self, starts: dict[TopicPartition, int]) -> Iterator[Lying]:
        """Records from these offsets up to where the topics end now."""
        ends = self.ends()
        left = {tp for tp, start in starts.items() if start < ends[tp]}
        for tp, start in starts.items():
            self._consumer.seek(tp, start)
        silent_s = 0.0
        while left:
            fetched = self._ask(self._fetch(left, 0.25))
            silent_s = 0.0 if fetched else silent_s + 0.25
            if silent_s > _PATIENCE_S:
                raise Refusal(
                    "reading_stalled",
                    "The broker sends nothing more.",
                    f"{len(left)} partitions are not read to their end after {_PATIENCE_S:.0f} s.",
                    "See whether each has a leader (throughline doctor).",
                )
            for tp, records in fetched.items():
                for record in records:
                    if record.offset < ends[tp]:
                        yield Lying(tp.topic, tp.partition, _plain(record))
            left = {tp for tp in left if self._ask(self._consumer.position(tp)) < ends[tp]}

    def follow(self, starts: dict[TopicPartition, int]) -> Iterator[Lying | None]:
        """Records from these offsets on, for ever; None whenever there is nothing for a second."""
        for tp, start in starts.items():
            self._consumer.seek(tp, start)
        everything = set(starts)
        while True:
            fetched = self._ask(self._fetch(everything, 1.0))
            if not fetched:
                yield None
            for tp, records in fetched.items():
                for record in records:
                    yield Lying(tp.topic, tp.partition, _plain(record))

    async def _fetch(self, tps: set[TopicPartition], wait_s: float) -> dict:
        return await self._consumer.getmany(
            *tps, timeout_ms=int(wait_s * 1000), max_records=_PORTION_RECORDS
        )

    def _ask(self, question):  # type: ignore[no-untyped-def]
        async def asked():  # type: ignore[no-untyped-def]
            return await question

        try:
            return self._runner.run(asked())
        except KafkaError as fault:
            raise Refusal(
                "not_readable",
                "The broker did not let us read.",
                f"{type(fault).__name__}: {fault}",
                "See what it has against it (throughline doctor).",
            ) from None


def _plain(record) -> Record:  # type: ignore[no-untyped-def]
    return Record(record.offset, record.timestamp, record.key, record.value, record.headers)


@contextmanager
def reading(settings: Settings, *topics: str) -> Iterator[TopicReading]:
    """Every partition of topics of the deployment's broker.

    Args:
        settings: of the deployment.
        topics: real names.

    Raises:
        Refusal: no broker answers, or a topic does not exist.
    """
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with asyncio.Runner() as runner:
        consumer = runner.run(_started(settings, topics))
        try:
            yield TopicReading(runner, consumer)
        finally:
            runner.run(consumer.stop())


async def _started(settings: Settings, topics: Sequence[str]) -> aiokafka.AIOKafkaConsumer:
    consumer = aiokafka.AIOKafkaConsumer(
        **connection(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_partition_fetch_bytes=_FETCH_BYTES,
        fetch_max_wait_ms=min(100, settings.fetch_wait_ms),
    )
    try:
        await consumer.start()
        known = await consumer.topics()
        tps = []
        for topic in topics:
            if topic not in known and settings.topics != "auto":
                raise no_topic(settings, topic)
            # Where topics spring up by being used, asking by name is using.
            partitions = await consumer._client._wait_on_metadata(topic)
            tps += [TopicPartition(topic, partition) for partition in sorted(partitions)]
        consumer.assign(tps)
    except KafkaConnectionError as fault:
        await consumer.stop()
        raise no_broker(settings, fault) from None
    except BaseException:
        await consumer.stop()
        raise
    return consumer


class Kept(NamedTuple):
    """What the changelog of the touchpoints holds, by partition.

    Args:
        progress: how far the workers have come.
        journeys: how many there are.
    """

    progress: dict[int, progress.Progress]
    journeys: dict[int, int]


def progress_of(settings: Settings) -> dict[int, progress.Progress]:
    """How far the workers have come, by partition of the touchpoints, as their changelog says.

    Args:
        settings: of the deployment. Empty if no worker ever ran.
    """
    return kept_of(settings).progress


def kept_of(settings: Settings) -> Kept:
    """What workers have kept.

    Args:
        settings: of the deployment. Empty if no worker ever ran.
    """
    changelog = changelog_of(settings, settings.topic(TOUCHPOINTS))
    done: dict[int, progress.Progress] = {}
    keys: dict[int, set[bytes]] = {}
    try:
        with reading(settings, changelog) as read:
            for partition, record in read.placed():
                held, key = keys.setdefault(partition, set()), record.key
                if key == progress.KEY and record.value is not None:
                    done[partition] = progress.decode(record.value)
                elif key is None or key.startswith(b"\x00"):
                    continue
                elif record.value is None:
                    held.discard(key)
                else:
                    held.add(key)
    except Refusal as refusal:
        if refusal.name != "topic_missing":
            raise
    return Kept(done, {partition: len(held) for partition, held in keys.items()})


def wall_clock_steps(settings: Settings) -> dict[int, list[tuple[int, int]]]:
    """The steps in time that workers took from the wall clock, by partition of the touchpoints.

    Args:
        settings: of the deployment.
    """
    return {partition: done.watermark.steps for partition, done in progress_of(settings).items()}


def no_topic(settings: Settings, topic: str) -> Refusal:
    """A topic is not there."""
    return Refusal(
        "topic_missing",
        f"There is no topic {topic} at {settings.broker}.",
        "Nobody has made it there.",
        "throughline topics create, or set THROUGHLINE_PREFIX to the one in use.",
        code=NOT_READY,
    )
