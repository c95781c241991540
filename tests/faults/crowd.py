"""O6: what was said of the crowd is what the logs say, whatever was broken on the way.

First stage. Portions are numbered by their source, and one number is one text. All that were sent,
each number once, and those still owed come to the sums of the replay, however batches were cut; and
what they heard adds up to the touchpoints that O2 counted without our core.

Second stage. The line of cohorts over the portions as they lie, up to where workers got, gives the
windows they kept and every metric and alert they said, byte for byte.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from streams.cohorts import portion, state
from streams.cohorts.cell import Cell
from streams.cohorts.collector import Collected
from streams.cohorts.line import CohortLine
from streams.cohorts.portion import Page, Portion
from streams.engine.record import Record
from streams.kafka import topics
from streams.policy import Policy
from streams.replay.crowd import CrowdHouse
from streams.settings import Settings
from streams.wire import progress
from tests.faults.watch import LEASE, PROGRESS, read_topic

_collected = msgspec.msgpack.Decoder(Collected)

SAID = (topics.METRICS, topics.COHORT_ALERTS, *topics.LEARNED)

Where = tuple[int, int, str]  # kind of window, window, of what
Told = dict[tuple[int, int], bytes]  # (source, number) -> portion


class Found(NamedTuple):
    """What there is to say of a deployment's crowd.

    Args:
        portions: of different number.
        records: metrics and cohort alerts said.
        repeated: of those, more often than once.
        wrong: everything that must not be, in words.
    """

    portions: int
    records: int
    repeated: int
    wrong: list[str]


class KeptCrowd(CrowdHouse):
    """The second stage of a replay that keeps the portions as they come."""

    def __init__(self, policy: Policy, sources: int):
        super().__init__(policy, sources)
        self.told: Told = {}

    def _put(self, value: bytes) -> None:
        read = portion.decode(value)
        self.told[read.source, read.number] = value
        super()._put(value)


class CrowdJudge:
    """The oracle over one deployment that has come to rest.

    Args:
        settings: of the deployment.
        direct: the broker's own address.
        policy: in force.
    """

    def __init__(self, settings: Settings, direct: str, policy: Policy):
        assert settings.cohort_places == 1, "the bench knows one partition of the second stage"
        self._settings, self._direct, self._policy = settings, direct, policy

    def judge(self, metas: Sequence[bytes | None], replayed: Told, heard: int) -> Found:
        """Compare everything.

        Args:
            metas: progress of each partition of the touchpoints topic.
            replayed: portions of the replay.
            heard: touchpoints by O2.
        """
        log = read_topic(self._direct, self._settings.topic(topics.PORTIONS))
        sent = [message.value() for message in log]
        told, wrong = numbered([*sent, *self._owed(metas)])
        wrong += sums_differ(sums_of(told.values()), sums_of(replayed.values()))
        if (counted := heard_by(told.values())) != heard:
            wrong.append(f"portions heard {counted} touchpoints of {heard}")
        want, unlike = self._second_stage(log)
        said = self._said()
        missing, unknown = want.keys() - said.keys(), said.keys() - want.keys()
        wrong += unlike
        wrong += [f"never said: {one!r:.300}" for one in sorted(missing)]
        wrong += [f"nothing accounts for: {one!r:.300}" for one in sorted(unknown)]
        twice = sum(times - 1 for times in said.values())
        return Found(len(told), said.total(), twice, wrong)

    def _owed(self, metas: Sequence[bytes | None]) -> Iterator[bytes]:
        """Portions that lie in a partition's progress and are not known to have left."""
        for meta in metas:
            kept = b"" if meta is None else progress.decode(meta).crowd
            if kept:
                yield from (value for _, value in _collected.decode(kept).outbox)

    def _second_stage(self, log: Sequence[Any]) -> tuple[Counter, list[str]]:
        """What is said over the log up to where workers got, and windows that are not theirs."""
        changelog = topics.changelog_of(self._settings, self._settings.topic(topics.PORTIONS))
        theirs, meta = _believed(read_topic(self._direct, changelog))
        done = 0 if meta is None else state.standing(meta).next_offset
        policy = self._policy
        line = CohortLine(
            policy.rules, policy.cohorts, policy.cohort_questions, self._settings.partitions
        )
        mine: dict[bytes, bytes] = {}
        desk = line.open(0, None, mine)
        want: Counter = Counter()
        for message in log:
            if message.offset() < done:
                record = Record(message.offset(), 0, message.key(), message.value())
                outcome = line.run(desk, [record], message.offset() + 1)
                line.settle(desk, outcome)
                want.update((s.topic, s.key, s.value) for s in outcome.sends if s.topic in SAID)
        unlike = [
            f"kept otherwise: {key!r}: {_plainly(theirs.get(key))!r:.300} "
            f"of {_plainly(mine.get(key))!r:.300}"
            for key in sorted(mine.keys() | theirs.keys())
            if _plainly(mine.get(key)) != _plainly(theirs.get(key))
        ]
        return want, unlike

    def _said(self) -> Counter:
        said: Counter = Counter()
        for name in SAID:
            for message in read_topic(self._direct, self._settings.topic(name)):
                said[name, message.key(), message.value()] += 1
        return said


def numbered(values: Iterable[bytes]) -> tuple[Told, list[str]]:
    """Portions by source and number; the first of a number counts, and there must be no other."""
    told: Told = {}
    wrong = []
    for value in values:
        read = portion.decode(value)
        if told.setdefault((read.source, read.number), value) != value:
            wrong.append(f"two portions of source {read.source} are number {read.number}")
    return told, wrong


def _portions(values: Iterable[bytes]) -> Iterator[Portion]:
    return (portion.decode(value) for value in values)


def sums_of(values: Iterable[bytes]) -> dict[Where, Cell]:
    """All that was told of each window, in whichever hour it was heard."""
    sums: dict[Where, Cell] = {}
    for told in _portions(values):
        for page in told.pages:
            for name, cell in _cells(page):
                sums.setdefault((page.kind, page.window, name), Cell()).merge(cell)
    return sums


def sums_differ(have: Mapping[Where, Cell], want: Mapping[Where, Cell]) -> list[str]:
    """Windows with other sums than they should have, in words."""
    return [
        f"sums of {where}: {_plain(have.get(where))} of {_plain(want.get(where))}"
        for where in sorted(have.keys() | want.keys())
        if _plain(have.get(where)) != _plain(want.get(where))
    ]


def _cells(page: Page) -> Iterator[tuple[str, Cell]]:
    """The sums of a page, by the name of whatever they are sums of."""
    for field in page.__struct_fields__:
        held = getattr(page, field)
        if isinstance(held, dict):
            yield from ((str(name), cell) for name, cell in held.items())


def _plain(cell: Cell | None) -> Any:
    """A cell without the order in which it was added up."""
    if cell is None:
        return None
    marks = sorted((mark.at_ms, mark.what, mark.customer, mark.about) for mark in cell.marks)
    return cell.counts, sorted(cell.customers), marks


def heard_by(values: Iterable[bytes]) -> int:
    """How many touchpoints went into portions."""
    return sum(
        cell["heard"]
        for told in _portions(values)
        for page in told.pages
        for name, cell in _cells(page)
        if name.startswith("source=")
    )


def _believed(messages: Iterable[Any]) -> tuple[dict[bytes, bytes], bytes | None]:
    """What a changelog comes to: later wins, a record of an outlived lease is not believed."""
    kept: dict[bytes, bytes] = {}
    highest = 0
    for message in messages:
        lease = int.from_bytes(dict(message.headers() or ()).get("l", b""), "big")
        if lease < highest or message.key() in (None, LEASE):
            continue
        highest = lease
        if message.value() is None:
            kept.pop(message.key(), None)
        else:
            kept[message.key()] = message.value()
    return kept, kept.pop(PROGRESS, None)


def _plainly(encoded: bytes | None) -> Any:
    """Without the order in which sums were first met."""
    return None if encoded is None else msgspec.msgpack.decode(encoded)
