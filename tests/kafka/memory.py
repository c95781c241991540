"""A small world in memory that lanes can live in: logs, transactions, a consumer, a group, a clock.

It keeps the promises of Kafka that the protocol leans on: a log only grows, a RecordBatch is taken
whole or not at all, an open transaction is invisible to readers, a later producer of the same
transactional id shuts the earlier one out, and reading starts where one seeks to.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence

from streams.engine.record import Record, Send
from streams.kafka.ports import (
    Batch,
    Bounds,
    Fenced,
    NotDurable,
    Pair,
    Tail,
    TooLarge,
    TopicPartition,
    Unsure,
)
from streams.kafka.store import lease_headers

SOURCE = TopicPartition("cx.touchpoints.v1", 0)


class Crash(BaseException):
    """The process dies here: nothing after this point happens."""


class World:
    """Everything that survives a crash: the logs, and who holds which transactional id."""

    def __init__(self) -> None:
        self.logs: dict[TopicPartition, list[Record]] = defaultdict(list)
        self.starts: dict[TopicPartition, int] = defaultdict(int)
        self.epochs: dict[TopicPartition, int] = defaultdict(int)
        self.committed: dict[TopicPartition, int] = {}

    def write(
        self, tp: TopicPartition, key: bytes | None, value: bytes | None, headers: Sequence = ()
    ) -> int:
        log = self.logs[tp]
        log.append(Record(self.end(tp), 1_000, key, value, tuple(headers)))
        return log[-1].offset

    def mark(self, tp: TopicPartition) -> None:
        """A transaction marker: an offset that no reader is ever given."""
        self.logs[tp].append(Record(self.end(tp), 0, b"\x00marker", None))

    def end(self, tp: TopicPartition) -> int:
        return len(self.logs[tp])

    def read(self, tp: TopicPartition, start: int, end: int) -> list[Record]:
        return [r for r in self.logs[tp][start:end] if r.key != b"\x00marker"]


class MemoryChangelog:
    """One changelog partition, for reading."""

    def __init__(self, world: World, tp: TopicPartition):
        self._world, self._tp = world, tp

    async def bounds(self) -> Bounds:
        return Bounds(self._world.starts[self._tp], self._world.end(self._tp))

    async def read(self, start: int, end: int) -> AsyncIterator[tuple[Sequence[Record], int]]:
        while start < end:
            upto = min(end, start + 7)
            await asyncio.sleep(0)
            yield self._world.read(self._tp, start, upto), upto
            start = upto


class MemoryWriter:
    """One lane's producer. Transactional: nothing shows before ``commit``, whose answer may come
    "at once", "when asked again", or may say what "but it is not so"."""

    def __init__(
        self,
        world: World,
        changelog: TopicPartition,
        transactional: bool,
        most_entries: int = 10_000,
        refuse: Callable[[str], bool] = lambda topic: False,
        answer: Callable[[], str] = lambda: "at once",
    ):
        self.transactional = transactional
        self._answer, self._unsure = answer, False
        self._world, self._changelog = world, changelog
        self._most_entries, self._refuse = most_entries, refuse
        self._epoch = -1
        self._open: list[tuple[TopicPartition, bytes | None, bytes | None, Sequence]] = []

    async def fence(self) -> None:
        if self.transactional:
            self._world.epochs[self._changelog] += 1
            self._epoch = self._world.epochs[self._changelog]
        self._unsure = False

    def _alive(self) -> None:
        if self.transactional and self._epoch != self._world.epochs[self._changelog]:
            raise Fenced

    async def begin(self) -> None:
        if self._unsure:
            raise Unsure
        self._open = []

    def _put(self, tp: TopicPartition, key: bytes | None, value: bytes | None, headers) -> None:
        if self.transactional:
            self._open.append((tp, key, value, headers))
        else:
            self._world.write(tp, key, value, headers)

    async def send(self, sends: Sequence[Send]) -> None:
        self._alive()
        for send in sends:
            if self._refuse(send.topic):
                raise NotDurable(f"{send.topic}: refused")
            self._put(TopicPartition(send.topic, 0), send.key, send.value, send.headers)
            await asyncio.sleep(0)

    async def fits(self, entries: Sequence[Pair], lease: int) -> bool:
        return self.transactional or len(entries) <= self._most_entries

    async def append(self, entries: Sequence[Pair], lease: int) -> int:
        await asyncio.sleep(0)
        self._alive()
        if not self.transactional and len(entries) > self._most_entries:
            raise TooLarge
        if self._refuse(self._changelog.topic):
            raise NotDurable("changelog: refused")
        base = self._world.end(self._changelog)
        for key, value in entries:
            self._put(self._changelog, key, value, lease_headers(lease))
        return base

    async def commit(self) -> None:
        self._alive()
        answer = self._answer()
        self._unsure = self.transactional and answer != "at once"
        if answer == "but it is not so":
            self._open = []
        places = set()
        for tp, key, value, headers in self._open:
            self._world.write(tp, key, value, headers)
            places.add(tp)
        for tp in places:
            self._world.mark(tp)
        self._open = []
        await asyncio.sleep(0)

    async def abort(self) -> None:
        self._open = []

    async def close(self) -> None:
        self._open = []


class MemorySource:
    """The consumer: stands somewhere in each partition and hands batches over on request."""

    def __init__(self, world: World, clock: "MemoryClock", fetch_records: int = 5):
        self._world, self._clock, self._fetch = world, clock, fetch_records
        self._stands: dict[TopicPartition, tuple[int, int]] = {}  # (seek, position)
        self._seeks = 0
        self.seeks_to: list[int] = []
        self.answering = True
        self.poked = asyncio.Event()

    async def seek(self, tp: TopicPartition, offset: int) -> int:
        self._seeks += 1
        self.seeks_to.append(offset)
        self._stands[tp] = (self._seeks, offset)
        return self._seeks

    async def bounds(self, tp: TopicPartition) -> Bounds:
        return Bounds(self._world.starts[tp], self._world.end(tp))

    async def committed(self, tp: TopicPartition) -> int | None:
        return self._world.committed.get(tp)

    def tail(self, tp: TopicPartition) -> Tail | None:
        if tp not in self._stands:
            return None
        seek, position = self._stands[tp]
        answered_ms = self._clock.wall_ms() if self.answering else 0
        return Tail(seek, position, position, self._world.end(tp), answered_ms)

    def poke(self) -> None:
        self.poked.set()

    def fetch(self, tp: TopicPartition) -> Batch | None:
        """What a poll of this partition gives now."""
        seek, position = self._stands[tp]
        upto = min(self._world.end(tp), position + self._fetch)
        if upto == position:
            return None
        self._stands[tp] = (seek, upto)
        return Batch(tp, seek, position, upto, self._world.read(tp, position, upto), 10)


class MemoryGroup:
    """Membership that a test can age or end."""

    def __init__(self) -> None:
        self.now = 1
        self.age_s = 0.0

    def generation(self) -> int:
        return self.now

    def alive_age_s(self) -> float:
        return self.age_s


class MemoryClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def monotonic_s(self) -> float:
        return self.now_s

    def wall_ms(self) -> int:
        return int(self.now_s * 1_000)

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        await asyncio.sleep(0)
