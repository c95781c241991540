"""The line over as many partitions as the topic has, in one thread, by event time alone.

Same records, same order per customer, same policy: same bytes as the workers published, and the
same bytes again the next time. Time passes with the records; at the end of the input it stands
still, unless told how far it went on (``pass_time``, ``drain``).

Order of what comes out. Records are taken in rounds; of a round, sends come in the order of the
record timestamps that caused them, ties by partition. So it depends on the input and nothing else,
and the sends of one customer keep their order.

What one partition sends another (merges, aliases) lies in a topic already when it is replayed. A
file has it not: there it is put behind the record that caused it, as the newest of its partition,
and the places of what follows move on by one, as they would have had it been published.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from streams.engine.desk import Desk
from streams.engine.journey import Journey
from streams.engine.partitioning import partition_of
from streams.engine.record import Record, Send
from streams.engine.units import DAY_MS
from streams.line import TOUCHPOINTS, Line, Outcome
from streams.policy import Policy
from streams.replay.crowd import CrowdHouse
from streams.replay.places import Placed
from streams.wire.journey import is_alias

_IDENTITY = (b"identity.merged", b"customer.erasure_requested", b"source.heartbeat")
"""What the bytes of a record hold that may have something sent to another partition."""

ROUND_RECORDS = 20_000
"""Large rounds encode a busy customer's journey less often; this many cost about 40 MB."""

DRAIN_DAYS = 3_650
"""How far ``drain`` lets time go on at most, days after the latest touchpoint."""

Steps = Mapping[int, Sequence[tuple[int, int]]]
"""Per partition, (offset, epoch ms): before that offset was read, the worker's clock moved time."""


class ReplayHouse:
    """Desks for every partition, and the totals of what went over them.

    Args:
        policy: in force for the whole replay.
        partitions: how many the topic has, or would have.
        topic: full name of the touchpoints topic, for the coordinates of evidence.
        steps: what workers' progress records of a topic's wall-clock steps; none for a file.
        explain: keep every contribution to effort, not only the largest; for looking at customers.
        crowd: say what there is to say of cohorts too; then ``finish`` is to be called.
    """

    def __init__(
        self,
        policy: Policy,
        partitions: int,
        topic: str = "cx." + TOUCHPOINTS,
        steps: Steps | None = None,
        explain: bool = False,
        crowd: bool = False,
    ) -> None:
        rules = policy.rules
        if explain:
            rules = replace(rules, limits=replace(rules.limits, top_contributions_max=100_000))
        self.rules = rules
        self.crowd = CrowdHouse(policy, partitions) if crowd and policy.cohorts.enabled else None
        collects = self.crowd.crowd if self.crowd is not None else None
        self.line = Line(rules, policy.questions, partitions, topic, collects)
        self.desks = [self.line.open(partition, None, {}) for partition in range(partitions)]
        self.counts: Counter[str] = Counter()
        self.records = 0
        self._steps = {p: list(given) for p, given in (steps or {}).items()}
        self._said_ms = [0] * partitions
        self._feeds = steps is None
        self._fed: deque[Send] = deque()
        self._ends = [0] * partitions
        self._moved_on = [0] * partitions
        self._aliases: set[bytes | None] = set()

    def run(self, records: Iterable[Placed], round_records: int = ROUND_RECORDS) -> Iterator[Send]:
        """Run records, in offset order per partition; what they cause comes out round by round.

        Args:
            records: where they lie, and they.
            round_records: how many are taken at once.
        """
        waiting: list[list[Record]] = [[] for _ in self.desks]
        taken = 0
        for partition, record in records:
            alone = False
            if self._feeds:
                record = self._in_its_place(partition, record)  # noqa: PLW2901
                alone = self._may_move(record)
            waiting[partition].append(record)
            taken += 1
            if alone or taken == round_records:
                yield from self._round(waiting)
                waiting, taken = [[] for _ in self.desks], 0
        yield from self._round(waiting)
        yield from self._steps_left()

    def pass_time(self, until_ms: int) -> Iterator[Send]:
        """Let time pass everywhere to an instant: timers due by then fire, in order of time."""
        yield from self._sorted(
            (desk.partition, self._done(desk, self.line.step(desk, until_ms)))
            for desk in self.desks
        )

    def drain(self) -> Iterator[Send]:
        """Let time pass until nothing waits for it any more, ``DRAIN_DAYS`` at most."""
        latest_ms = max(desk.watermark_ms for desk in self.desks)
        yield from self.pass_time(latest_ms + DRAIN_DAYS * DAY_MS)

    def finish(self) -> Iterator[Send]:
        """The input is at its end, and time stands still: what is still to be said of cohorts."""
        if self.crowd is None:
            return
        for desk in self.desks:
            while (outcome := self.line.tell(desk, 0)) is not None:
                self._done(desk, outcome)
        yield from self.crowd.said(self.counts)
        self.crowd.never_heard(desk.partition for desk in self.desks if not desk.next_offset)
        yield from self.crowd.said(self.counts)

    @property
    def customers(self) -> int:
        """How many customers have a journey."""
        return sum(
            not is_alias(encoded) for desk in self.desks for encoded in desk.journeys.values()
        )

    def journeys(self) -> Iterator[tuple[Desk, Journey]]:
        """Every journey, decoded one at a time, by partition and then as first met."""
        for desk in self.desks:
            for encoded in desk.journeys.values():
                if not is_alias(encoded):
                    yield desk, self.line.codec.decode(encoded)

    def _in_its_place(self, partition: int, record: Record) -> Record:
        """The record of a file, behind all that was put before it."""
        if self._moved_on[partition]:
            record = record._replace(offset=record.offset + self._moved_on[partition])
        self._ends[partition] = record.offset + 1
        return record

    def _may_move(self, record: Record) -> bool:
        """Whether it may have something sent to another partition, which then must lie next."""
        if record.key in self._aliases:
            return True
        value = record.value
        return value is not None and any(word in value for word in _IDENTITY)

    def _round(self, waiting: list[list[Record]]) -> Iterator[Send]:
        self.records += sum(map(len, waiting))
        yield from self._once(waiting)
        while self._fed:
            yield from self._feed(self._fed.popleft())

    def _feed(self, send: Send) -> Iterator[Send]:
        """What one partition sent another is the newest record there."""
        key, partition = send.key or b"", send.partition
        if partition is None:
            partition = partition_of(key, len(self.desks))
        offset = self._ends[partition]
        self._ends[partition] += 1
        self._moved_on[partition] += 1
        waiting: list[list[Record]] = [[] for _ in self.desks]
        waiting[partition] = [Record(offset, send.timestamp_ms, key, send.value, send.headers)]
        yield from self._once(waiting)

    def _once(self, waiting: list[list[Record]]) -> Iterator[Send]:
        yield from self._sorted(
            (partition, sends)
            for partition, records in enumerate(waiting)
            if records
            for sends in self._partition(self.desks[partition], records)
        )

    def _partition(self, desk: Desk, records: list[Record]) -> Iterator[list[Send]]:
        steps = self._steps.get(desk.partition)
        while steps and steps[0][0] <= records[-1].offset:
            before, to_ms = steps.pop(0)
            cut = sum(record.offset < before for record in records)
            if cut:
                head, records = records[:cut], records[cut:]
                yield self._done(desk, self.line.run(desk, head, head[-1].offset + 1))
            yield self._done(desk, self.line.step(desk, to_ms))
        yield self._done(desk, self.line.run(desk, records, records[-1].offset + 1))

    def _steps_left(self) -> Iterator[Send]:
        yield from self._sorted(
            (
                partition,
                self._done(self.desks[partition], self.line.step(self.desks[partition], ms)),
            )
            for partition, steps in sorted(self._steps.items())
            for _, ms in steps
        )

    def _done(self, desk: Desk, outcome: Outcome) -> list[Send]:
        self.line.settle(desk, outcome)
        self.counts.update(outcome.counts)
        if self._feeds:
            self._fed.extend(send for send in outcome.sends if send.topic == TOUCHPOINTS)
            for key, encoded in outcome.changed.items():
                if encoded is not None and is_alias(encoded):
                    self._aliases.add(key)
        return outcome.sends if self.crowd is None else self.crowd.take(outcome)

    def _sorted(self, caused: Iterable[tuple[int, list[Send]]]) -> Iterator[Send]:
        # By the latest timestamp said so far in the partition, not by the send's own: a record
        # from the past must not carry its alert in front of the same customer's earlier ones.
        said: list[tuple[int, int, int, Send]] = []
        for partition, sends in caused:
            at_ms = self._said_ms[partition]
            for send in sends:
                at_ms = max(at_ms, send.timestamp_ms)
                said.append((at_ms, partition, len(said), send))
            self._said_ms[partition] = at_ms
        said.sort(key=lambda one: one[:3])
        for *_, send in said:
            yield send
        if self.crowd is not None:
            yield from self.crowd.said(self.counts)
