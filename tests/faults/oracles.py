"""What must be true of what workers left behind, whatever was broken on the way.

O1  ``ReplayHouse`` over the source log, up to ``meta.next`` and with the steps workers took from
    the wall clock, gives the same journeys, alerts, dead letters, late and forwarded records, byte
    for byte.
O2  Per customer, ``n`` and ``chain`` are what the forty lines of ``Chains`` compute from the log
    alone; they share no code with the core.
O3  In the changelog progress never goes back, and the group's offset is never ahead of it
    (``watch.Watcher`` looks all the time).
O4  Every touchpoint is applied and every timer has fired within a given time (``bench`` asks).
O5  What is said twice is the same bytes; in ``exactly_once`` nothing is.
O6  What is counted and said of the crowd (``crowd``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from xxhash import xxh3_128_digest

from streams import policy
from streams.engine.record import Record, Send
from streams.kafka import topics
from streams.replay.house import ReplayHouse
from streams.settings import Settings
from tests.faults.chains import Chains, held_chain, held_fields
from tests.faults.crowd import SAID, CrowdJudge, KeptCrowd, Told
from tests.faults.source import HORIZON_MS
from tests.faults.unreadable import home
from tests.faults.watch import Watcher, read_topic

Placed = tuple[int, Record]
_SAMPLES = 3


class Verdict(NamedTuple):
    """What the oracles found; everything but ``repeated`` and ``stale`` must be nothing.

    Args:
        touchpoints: records in the source log.
        admitted: of these, by O2, counted once.
        lost, doubled, reordered: customers' touchpoints missing or too many, and customers whose
            chain differs although the count agrees (O2).
        states: journeys or progress that differ from the replay (O1).
        missing, unknown: alerts, dead letters, late and forwarded records (O1).
        repeated: of those, said more often than the replay says them (O5).
        letters: unreadable records without exactly one dead letter, or under another code.
        invariants: violations of the changelog's (O3).
        crowd: whatever is wrong with what was counted and said of cohorts (O6).
        portions, of_cohorts: sums sent to the second stage; metrics and alerts it said.
        stale: changelog records of an outlived lease that no reader believed.
        samples: a few of each fault, in words.
    """

    touchpoints: int = 0
    admitted: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    states: int = 0
    alerts: int = 0
    missing: int = 0
    unknown: int = 0
    repeated: int = 0
    letters: int = 0
    invariants: int = 0
    crowd: int = 0
    portions: int = 0
    of_cohorts: int = 0
    stale: int = 0
    samples: tuple[str, ...] = ()

    @property
    def wrong(self) -> int:
        """Everything that must never be."""
        return (
            self.lost + self.doubled + self.reordered + self.states + self.missing + self.unknown
            + self.letters + self.invariants + self.crowd
        )  # fmt: skip


class Judge:
    """All oracles over one deployment that has come to rest.

    Args:
        settings: of the deployment, as its workers had them.
        direct: the broker's own address.
        unreadable: (key, value) -> code of records that are no touchpoints.
        oldest_ms: see ``Chains``.
        either: keys of customers with one record of which nobody can say beforehand whether it can
            be read.
    """

    def __init__(
        self,
        settings: Settings,
        direct: str,
        unreadable: Mapping[tuple[bytes | None, bytes | None], str],
        oldest_ms: int,
        either: Set[bytes] = frozenset(),
    ):
        self._either = either
        self._settings, self._direct = settings, direct
        self._unreadable, self._oldest_ms = unreadable, oldest_ms
        self._samples: list[str] = []
        self._policy = policy.load(settings.policy and Path(settings.policy))
        self._portions: Told = {}
        self._found: Counter[str] = Counter()
        self._shown: Counter[str] = Counter()

    def judge(self, watcher: Watcher) -> Verdict:
        """Compare everything with everything."""
        self._blame("invariants", watcher.violations)
        records = self._source()
        done = [0 if m is None else msgspec.msgpack.decode(m)[2] for m in watcher.meta]
        over = [f"[{p}] offset {r.offset} not applied" for p, r in records if r.offset >= done[p]]
        self._blame("lost", over)
        admitted = self._chains(records, watcher)
        expected, spoken = self._replay(records, watcher)
        alerts = self._said(expected, spoken)
        self._letters(records)
        crowd = CrowdJudge(self._settings, self._direct, self._policy)
        crowds = crowd.judge(watcher.meta, self._portions, admitted)
        self._blame("crowd", crowds.wrong)
        self._blame("repeated", [], crowds.repeated)
        found = self._found
        return Verdict(
            touchpoints=len(records), admitted=admitted, alerts=alerts, stale=watcher.stale,
            portions=crowds.portions, of_cohorts=crowds.records,
            samples=tuple(self._samples), **{n: found[n] for n in found},
        )  # fmt: skip

    def _blame(self, name: str, faults: Sequence[str], by: int | None = None) -> None:
        self._found[name] += len(faults) if by is None else by
        for fault in faults:
            if self._shown[name] >= _SAMPLES:
                return
            self._shown[name] += 1
            self._samples.append(f"{name}: {fault}")

    def _source(self) -> list[Placed]:
        topic = self._settings.topic(topics.TOUCHPOINTS)
        return [
            (m.partition(), Record(m.offset(), m.timestamp()[1], m.key(), m.value(), _headers(m)))
            for m in read_topic(self._direct, topic)
        ]

    def _chains(self, records: Iterable[Placed], watcher: Watcher) -> int:
        chains = Chains(self._settings.partitions, frozenset(self._unreadable), self._oldest_ms)
        held = {
            key: held_chain(value)
            for journeys in watcher.journeys
            for key, value in journeys.items()
        }
        for partition, record in records:
            if record.key not in self._either:
                chains.take(partition, record.offset, record.key, record.value)
            elif record.key in held:  # then by this record alone
                chains.chains[record.key] = (1, record.offset + 1)
                chains.admitted += 1
        self._held = held.keys()
        for key in sorted(chains.chains.keys() | held.keys()):
            (n, chain), (have, other) = chains.chains.get(key, (0, 0)), held.get(key, (0, 0))
            if have != n:
                what = "lost" if have < n else "doubled"
                self._blame(what, [f"{key!r} has {have} of {n}"], abs(n - have))
            elif chain != other:
                self._blame("reordered", [f"{key!r}: other offsets than the log's"])
        return chains.admitted

    def _replay(self, records: list[Placed], watcher: Watcher) -> tuple[Counter, dict]:
        steps = {p: sorted(taken.items()) for p, taken in enumerate(watcher.steps)}
        topic = self._settings.topic(topics.TOUCHPOINTS)
        count = self._settings.partitions
        house = ReplayHouse(self._policy, count, topic, steps, crowd=True)
        house.crowd = crowd = KeptCrowd(self._policy, count)
        expected: Counter[bytes] = Counter()
        words: dict[bytes, str] = {}
        for send in (*house.run(records), *house.finish()):
            if send.topic in SAID:
                continue
            name = self._settings.topic(send.topic)
            place = self._place(send)
            digest = _digest(name, place, send.key, send.value, send.headers)
            expected[digest] += 1
            words[digest] = f"{name} {send.key!r} {(send.value or b'')[:160]!r}"
        self._portions = crowd.told
        for partition, desk in enumerate(house.desks):
            mine, theirs = desk.journeys, watcher.journeys[partition]
            for key in sorted(mine.keys() | theirs.keys()):
                if mine.get(key) != theirs.get(key):
                    self._blame("states", [f"[{partition}] {key!r}: {_differ(mine, theirs, key)}"])
            meta = watcher.meta[partition]
            watermark_ms = 0 if meta is None else msgspec.msgpack.decode(meta)[3][0]
            if watermark_ms != desk.watermark_ms:
                self._blame(
                    "states", [f"[{partition}] watermark {watermark_ms} != {desk.watermark_ms}"]
                )
        return expected, words

    def _place(self, send: Send) -> int:
        """The partition a forward goes to; -1 for topics where the key alone decides."""
        if send.topic == topics.TOUCHPOINTS:
            return home(send.key, self._settings.partitions)
        return -1

    def _said(self, expected: Counter[bytes], words: Mapping[bytes, str]) -> int:
        """O1 and O5 over every topic workers write to; how many alerts there are."""
        heard: Counter[bytes] = Counter()
        unknown: dict[bytes, str] = {}
        alerts = 0
        families = [f"alerts.{family}.v1" for family in topics.CUSTOMER_FAMILIES]
        alerting = {self._settings.topic(family) for family in families}
        for name in self._written_to():
            for message in read_topic(self._direct, name):
                alerts += name in alerting
                key, value = message.key(), message.value()
                digest = _digest(name, -1, key, value, _headers(message))
                heard[digest] += 1
                if digest not in expected:
                    unknown[digest] = f"{name} {key!r} {(value or b'')[:160]!r}"
        forwards = self._forwards(expected, words)
        for digest, times in expected.items():
            if digest in forwards:
                continue
            if heard[digest] < times:
                self._blame("missing", [words[digest]], times - heard[digest])
            elif heard[digest] > times:
                self._blame("repeated", [words[digest]], heard[digest] - times)
        self._blame("unknown", list(unknown.values()), sum(heard[d] for d in unknown))
        return alerts

    def _written_to(self) -> list[str]:
        """Every topic that workers write to, but touchpoints and changelogs."""
        settings = self._settings
        read = [settings.topic(topics.TOUCHPOINTS), settings.topic(topics.FEEDBACK)]
        read += [settings.topic(name) for name in (topics.PORTIONS, *SAID)]  # by O6
        read += [topics.changelog_of(settings, source) for source in read]
        return [topic.name for topic in topics.wanted(settings, {}) if topic.name not in read]

    def _forwards(self, expected: Counter[bytes], words: Mapping[bytes, str]) -> set[bytes]:
        """Records sent to their right partition; they lie among the touchpoints and are judged
        there, by O2."""
        name = self._settings.topic(topics.TOUCHPOINTS) + " "
        return {digest for digest in expected if words[digest].startswith(name)}

    def _letters(self, records: Iterable[Placed]) -> None:
        """Each record that is no touchpoint has exactly one dead letter, under its code."""
        letters: Counter[tuple[int, int, str]] = Counter()
        dlq = self._settings.topic(f"{topics.TOUCHPOINTS}.dlq")
        for message in read_topic(self._direct, dlq):
            said = dict(_headers(message))
            where = int(said["__streams.errors.offset"])
            letters[message.partition(), where, said["cx.error.code"].decode()] = 1
        self._either_way(records, {letter[:2] for letter in letters})
        undecided = {(p, r.offset) for p, r in records if r.key in self._either}
        for letter in [letter for letter in letters if letter[:2] in undecided]:
            del letters[letter]
        wanted = {
            (p, r.offset, code)
            for p, r in records
            if (code := self._unreadable.get((r.key, r.value))) is not None
        }
        self._blame("letters", [str(one) for one in sorted(wanted ^ letters.keys())])

    def _either_way(self, records: Iterable[Placed], letters: Set[tuple[int, int]]) -> None:
        """A record made to do harm ends as a touchpoint, a dead letter or a late one: as one."""
        late = self._settings.topic(f"{topics.TOUCHPOINTS}.late")
        too_late = {message.key() for message in read_topic(self._direct, late)}
        for partition, record in records:
            if record.key not in self._either:
                continue
            ends = (record.key in self._held) + ((partition, record.offset) in letters)
            if ends + (record.key in too_late) != 1:
                self._blame("letters", [f"[{partition}] {record.offset}: {record.value!r:.200}"])


def _headers(message: Any) -> tuple[tuple[str, bytes], ...]:
    return tuple(message.headers() or ())


def _digest(topic: str, place: int, key: bytes | None, value: bytes | None, headers: Any) -> bytes:
    return xxh3_128_digest(repr((topic, place, key, value, tuple(map(tuple, headers)))).encode())


def _differ(mine: Mapping[bytes, bytes], theirs: Mapping[bytes, bytes], key: bytes) -> str:
    if key not in mine or key not in theirs:
        return "only workers have it" if key in theirs else "only the replay has it"
    one, two = held_fields(mine[key]), held_fields(theirs[key])
    where = [i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b]
    return f"fields {where}: replay {[one[i] for i in where]} workers {[two[i] for i in where]}"[
        :600
    ]


def oldest_ms(base_ms: int) -> int:
    """Touchpoints told before this are beyond the horizon of the bench's policy."""
    return base_ms - HORIZON_MS - HORIZON_MS // 2
