"""What a lane needs of the world, as narrow protocols.

The lane, its store and its commit protocol speak to nothing else, so that the same code runs
against Kafka (``source.py``, ``writer.py``, ``changelog.py``) and against an in-memory log, group
and clock driven by a seeded scheduler.
"""

from collections.abc import AsyncIterator, Mapping, MutableMapping, Sequence
from typing import NamedTuple, Protocol

from streams.engine.record import Record, Send


class TopicPartition(NamedTuple):
    """Equal to, and hashed like, the tuples of the same name in aiokafka and Faust."""

    topic: str
    partition: int


class Batch(NamedTuple):
    """One fetch of one partition, as handed from the consumer to its lane.

    Args:
        tp: topic and partition it was fetched from.
        seek: number of the seek it was fetched after; an older one is a leftover.
        from_offset: where the consumer stood when the previous batch had been handed over. Equal
            to the previous batch's ``next_offset`` unless one was lost on the way.
        next_offset: where the consumer stands now; covers transaction markers and compacted holes.
        records: in offset order, possibly with holes.
        size_bytes: sum of key and value sizes.
    """

    tp: TopicPartition
    seek: int
    from_offset: int
    next_offset: int
    records: Sequence[Record]
    size_bytes: int


class Entry(NamedTuple):
    """One record of a changelog: a customer's journey, the progress, or the lease."""

    key: bytes
    value: bytes | None


Pair = tuple[bytes, bytes | None]
"""An entry without names: what most of them are, because naming costs more than writing."""


class Tail(NamedTuple):
    """How far the consumer is in one partition, as of the last look.

    Args:
        seek: number of the seek in force.
        handed: next offset not yet handed over as part of a batch.
        position: next offset to be fetched (past markers, which are never handed over).
        end: the partition's high watermark at the last fetch answer; None before the first.
        answered_ms: wall clock of that answer, epoch milliseconds; None before the first.
    """

    seek: int
    handed: int
    position: int
    end: int | None
    answered_ms: int | None


class Bounds(NamedTuple):
    """First offset a log still has, and the one after the last a reader may see.

    ``log`` names the log itself: a topic made again under its old name has another. Empty where
    that is not known.
    """

    start: int
    end: int
    log: str = ""


class TooLarge(Exception):
    """The changed journeys of one poll batch do not fit one RecordBatch."""


class Fenced(Exception):
    """Another owner started the partition's producer: this one may never write again."""


class Abandoned(Exception):
    """The partition is no longer ours: drop the batch in hand; its new owner reads it again."""


class Unsure(Exception):
    """A request of the lane's producer got no answer, and its copy may still reach the broker.

    An *EndTxn* that comes late would end the next transaction half-way (KIP-890). A new fence makes
    every such copy void; nothing may be written before it.
    """


class NotDurable(Exception):
    """The broker did not take a record; the text says which and why."""


class Unanswered(Exception):
    """No broker answered for as long as we were ready to wait."""


class Outcome(Protocol):
    """What one batch or wake amounts to (``streams.line.Outcome``)."""

    sends: list[Send]
    changed: dict[bytes, bytes | None]
    meta: bytes
    next_offset: int
    counts: dict[str, int]


class Desk(Protocol):
    """A partition's memory as the line sees it (``streams.line.Desk``)."""

    partition: int
    next_offset: int
    watermark_ms: int
    next_due_ms: int | None

    def rollback(self) -> None:
        """Forget what ``run`` or ``wake`` did since the last ``settle``."""


class Line(Protocol):
    """The pure path bytes -> outcome (``streams.line.Line`` and the lines of ``agents``)."""

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> Desk:
        """A desk over a restored partition; ``journeys`` are its encoded journeys."""

    def run(self, desk: Desk, records: Sequence[Record], next_offset: int) -> Outcome:
        """Take in records not yet applied.

        A record that crashes it is set aside by the line itself, so that a replay does the same;
        whatever still leaves here is a fault of ours and ends the worker.
        """

    def wake(self, desk: Desk, wall_ms: int) -> Outcome | None:
        """Fire what is due; None when nothing is. Called again until it says None."""

    def settle(self, desk: Desk, outcome: Outcome) -> None:
        """The outcome is durable: make it the baseline and write the encoded journeys."""


class Changelog(Protocol):
    """One partition of a lane's own log, for reading."""

    async def bounds(self) -> Bounds:
        """First offset and committed end."""

    def read(self, start: int, end: int) -> AsyncIterator[tuple[Sequence[Record], int]]:
        """Committed records from ``start`` up to ``end``, with the position after each portion."""


class Writer(Protocol):
    """The producer of one lane. ``begin``/``commit``/``abort`` do nothing without transactions."""

    transactional: bool

    async def fence(self) -> None:
        """Cut off whoever held the partition before (InitProducerId), where that is possible."""

    async def begin(self) -> None:
        """Start the unit of work.

        Raises:
            Unsure: ``fence`` and restore first.
        """

    async def send(self, sends: Sequence[Send]) -> None:
        """Produce and await every acknowledgement.

        Raises:
            NotDurable: a record was not taken.
            Fenced: another owner took over.
        """

    async def fits(self, entries: Sequence[Pair], lease: int) -> bool:
        """Whether ``append`` would take them; asked before anything of their outcome leaves."""

    async def append(self, entries: Sequence[Pair], lease: int) -> int:
        """Write to the changelog as one atomic RecordBatch; its base offset, -1 if unknown.

        With transactions the transaction is what is atomic, and several batches may be used.

        Raises:
            TooLarge: they do not fit one RecordBatch.
            NotDurable, Fenced: as ``send``.
        """

    async def commit(self) -> None:
        """End the unit of work; afterwards readers see it."""

    async def abort(self) -> None:
        """Give the unit of work up."""

    async def close(self) -> None:
        """Let go of connections; what is not committed stays uncommitted."""


class Source(Protocol):
    """The consumer, as lanes see it."""

    async def seek(self, tp: TopicPartition, offset: int) -> int:
        """Stand at ``offset``; the number of this seek, greater than any before.

        Raises:
            Abandoned: the partition is not assigned to us any more.
        """

    async def bounds(self, tp: TopicPartition) -> Bounds:
        """First offset and readable end of a source partition."""

    async def committed(self, tp: TopicPartition) -> int | None:
        """The group's committed offset, None when there is none."""

    def tail(self, tp: TopicPartition) -> Tail | None:
        """How far we are; None while the partition is not being read."""

    def poke(self) -> None:
        """A lane wants records again: look now instead of at the next timeout."""


class Membership(Protocol):
    """Our standing in the consumer group."""

    def generation(self) -> int:
        """The generation we belong to; it changes as soon as we know of a rebalance."""

    def alive_age_s(self) -> float:
        """Seconds since the group last confirmed that we are a member."""


class Clock(Protocol):
    """Time, so that a scheduler can own it."""

    def monotonic_s(self) -> float: ...

    def wall_ms(self) -> int: ...

    async def sleep(self, seconds: float) -> None: ...


class Limits(NamedTuple):
    """What a lane may hold and wait for.

    Args:
        batch_records: most records applied at once, and waiting in the lane before it stops asking
            for more.
        batch_s: for so long the line may run at a stretch; larger batches are cut.
        batch_bytes: most bytes of records waiting in the lane before it stops asking for more.
        idle_after_s: caught up and quiet for this long, the wall clock may wake the lane.
        swallowed_after_s: a batch handed over but not arrived for this long is fetched again.
        alive_within_s: effectively_once: do not write on an older confirmation of membership.
        patrol_s: effectively_once: a quiet lane looks this often whether somebody else wrote to its
            changelog; far below the changelog's min.compaction.lag.ms.
        accept_loss: go on when retention has deleted records nobody read (counted), instead of
            refusing.
        rebalance_s: for so long the group may be silent while it shares partitions out.
    """

    batch_records: int = 10_000
    batch_s: float = 0.25
    batch_bytes: int = 8 * 1024 * 1024
    idle_after_s: float = 5.0
    swallowed_after_s: float = 2.0
    alive_within_s: float = 10.0
    patrol_s: float = 30.0
    accept_loss: bool = False
    rebalance_s: float = 30.0


Offsets = Mapping[TopicPartition, int]
