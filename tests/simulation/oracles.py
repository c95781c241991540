"""What must be true at the end of a run, whatever happened in it.

O1  Replaying the source log through the same pure line gives the journeys, the progress, the
    alerts and the dead letters that the workers left behind, byte for byte.
O2  Per customer, the number of touchpoints taken in and the hash over their offsets are what lines
    that share no code with the core compute from the logs (``chains``).
O3  In each changelog ``meta.next`` never decreases, and the group's committed offset was never
    ahead of it.
O4  Everything is applied, and timers have fired, within a given time after the last fault; and
    whoever stopped on the way named a reason.
O5  An alert said twice is the same bytes; without a fault nothing is said twice, and in
    exactly_once nothing ever is.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from streams.engine.record import Send
from streams.gate import TOUCHPOINTS
from streams.kafka.ports import TopicPartition
from streams.kafka.store import LEASE_KEY, META_KEY
from streams.wire import progress
from streams.wire.journey import is_alias
from tests.simulation import chains, faults
from tests.simulation.load import home
from tests.simulation.log import Log
from tests.simulation.small_line import LATENESS_S

if TYPE_CHECKING:
    from tests.simulation.world import World

#: Reasons to stop that some plans bring about; any other is a violation.
_FENCED, _SUPERSEDED, _WRITE_REFUSED = "fenced", "superseded", "write_refused"

Said = tuple[str, bytes | None, bytes | None, tuple]


class Violation(NamedTuple):
    """What an oracle found."""

    oracle: str
    text: str


class Restored(NamedTuple):
    """What a new owner of a partition would believe, and every progress record on the way."""

    journeys: dict[bytes, bytes]
    meta: bytes | None
    metas: list[bytes]


def judged(world: "World") -> list[Violation]:
    """All that is wrong with a run that has ended."""
    found = list(_alive(world))
    sends: Counter[Said] = Counter()
    told = chains.expected([list(world.broker.log(tp).visible()) for tp in world.sources])
    for tp, expected in zip(world.sources, told, strict=True):
        held = restored(world.broker.log(world.changelog_of(tp)))
        found += _invariants(world, tp, held)
        found += _chains(world, tp, held, expected)
        found += _replayed(world, tp, held, sends)
    found += _said(world, sends)
    return found


def restored(log: Log) -> Restored:
    """Read a changelog by the rule: later wins, an outlived lease is not believed."""
    journeys: dict[bytes, bytes] = {}
    meta, metas, highest = None, [], 0
    for record in log.visible():
        lease = int.from_bytes(record.headers[0][1], "big")
        if lease < highest:
            continue
        highest = lease
        if record.key == META_KEY:
            meta = record.value
            metas.append(meta)
        elif record.key == LEASE_KEY:
            continue
        elif record.value is None:
            journeys.pop(record.key, None)
        else:
            journeys[record.key] = record.value
    return Restored(journeys, meta, metas)


def overdue(world: "World") -> list[str]:
    """Timers that a caught-up partition may fire by now (on the machine whose clock is fastest)."""
    late_ms = world.wall_ms() + max(0, *world.plan.skew_ms) - LATENESS_S * 1_000
    found = []
    for tp in world.sources:
        for key, value in restored(world.broker.log(world.changelog_of(tp))).journeys.items():
            due_ms = int.from_bytes(value[1:9], "big")
            if due_ms and due_ms <= late_ms:
                found.append(f"{key.decode()} by {late_ms - due_ms:.0f} ms")
    return found


def _invariants(world: "World", tp: TopicPartition, held: Restored) -> Iterable[Violation]:
    covered = [progress.decode(meta).next_offset for meta in held.metas]
    for before, after in pairwise(covered):
        if after < before:
            yield Violation("O3", f"[{tp.partition}] progress went back from {before} to {after}")
    for at_ms, committed, covered in world.ahead.get(tp, ()):
        yield Violation(
            "O3",
            f"[{tp.partition}] the group committed {committed} at {at_ms:.0f} ms, progress "
            f"covered {covered}",
        )


def _chains(
    world: "World", tp: TopicPartition, held: Restored, expected: dict[bytes, chains.Chain]
) -> Iterable[Violation]:
    """O2: independent of the line, down to reading the journeys' bytes."""
    codec = world.line.codec
    actual = {}
    for key, value in held.journeys.items():
        if not is_alias(value):
            journey = codec.decode(value)
            actual[key] = (journey.n, journey.chain)
    for key in sorted(expected.keys() | actual.keys()):
        want, have = expected.get(key, (0, 0)), actual.get(key, (0, 0))
        if want != have:
            what = "lost" if have[0] < want[0] else "doubled" if have[0] > want[0] else "reordered"
            yield Violation(
                "O2",
                f"[{tp.partition}] {key.decode()}: {what}: {have[0]} taken in, {want[0]} in the log",
            )


def _replayed(
    world: "World", tp: TopicPartition, held: Restored, sends: Counter[Said]
) -> Iterable[Violation]:
    """O1: journeys and progress; what the replay would have sent is added to ``sends``."""
    line, log = world.line, world.broker.log(tp)
    place = f"[{tp.partition}]"
    if held.meta is None:
        return
    done = progress.decode(held.meta)
    desk = line.open(tp.partition, None, {})
    outcomes, at = [], 0
    for before, to_ms in [*done.watermark.steps, (done.next_offset, 0)]:
        records = log.read(at, log.end, before)[0]
        if records or before > at:
            outcomes.append(line.run(desk, records, before))
            line.settle(desk, outcomes[-1])
            at = before
        if to_ms:
            outcomes.append(line.step(desk, to_ms))
            line.settle(desk, outcomes[-1])
    for outcome in outcomes:
        sends.update(_as_said(send, world) for send in outcome.sends)
    if outcomes and outcomes[-1].meta != held.meta:
        mine = progress.decode(outcomes[-1].meta)
        yield Violation("O1", f"{place} progress: replay has {mine}, workers left {done}")
    for key in sorted(desk.journeys.keys() | held.journeys.keys()):
        mine, theirs = desk.journeys.get(key), held.journeys.get(key)
        if mine != theirs:
            yield Violation("O1", f"{place} {key.decode()}: {_difference(world, mine, theirs)}")


def _difference(world: "World", mine: bytes | None, theirs: bytes | None) -> str:
    if mine is None or theirs is None:
        return "only the replay has it" if theirs is None else "only the workers have it"
    decode = world.line.codec.decode
    one, other = decode(mine), decode(theirs)
    parts = [
        f"{name} {getattr(one, name)!r} != {getattr(other, name)!r}"
        for name in one.__struct_fields__
        if getattr(one, name) != getattr(other, name)
    ]
    return "replay != workers: " + ("; ".join(parts) or "its header")


def _as_said(send: Send, world: "World") -> Said:
    topic = send.topic
    if topic == TOUCHPOINTS:
        topic += f"[{home(send.key, world.plan.partitions)}]"
    return (topic, send.key, send.value, tuple(send.headers))


def _said(world: "World", expected: Counter[Said]) -> Iterable[Violation]:
    """O1 for what was sent, and O5."""
    heard = _heard(world)
    for said, times in expected.items():
        if heard[said] < times:
            yield Violation("O1", f"missing: {_named(said)} ({heard[said]} of {times})")
    strict = world.plan.transactional or not world.plan.can_repeat
    for said, times in heard.items():
        if said not in expected:
            yield Violation("O1", f"unknown to the replay: {_named(said)}")
        elif times > expected[said] and strict:
            yield Violation("O5", f"said {times} times instead of {expected[said]}: {_named(said)}")
        else:
            world.repeats += times - expected[said]


def _heard(world: "World") -> Counter[Said]:
    """All that a committed reader finds in the topics the workers write to."""
    heard: Counter[Said] = Counter()
    for log in list(world.broker):
        if not log.tp.topic.startswith("cx."):
            continue  # a changelog
        topic = log.tp.topic.removeprefix("cx.")
        if topic != TOUCHPOINTS:
            heard.update((topic, r.key, r.value, r.headers) for r in log.visible())
        else:
            topic += f"[{log.tp.partition}]"
            here = Counter((topic, r.key, r.value, r.headers) for r in log.visible())
            here.subtract(
                (topic, sent.entry.key, sent.entry.value, ())
                for sent in world.plan.sent
                if sent.partition == log.tp.partition and sent.committed
            )
            heard.update(+here)
    return heard


def _named(said: Said) -> str:
    topic, key, value, _ = said
    return f"{topic} {key.decode()} {(value or b'')[:120].decode(errors='replace')}"


def _alive(world: "World") -> Iterable[Violation]:
    """O4, as far as reasons go."""
    for fault in world.loop.faults:
        yield Violation("O4", f"nobody noticed {type(fault).__name__}: {fault}")
    plan = world.plan
    refusable = any(f.kind in (faults.LOST, faults.UNANSWERED) for f in plan.upon)
    allowed = {_WRITE_REFUSED} if refusable else set()
    allowed |= {_FENCED} if plan.transactional else {_SUPERSEDED}
    for name, refusal, fault in world.refusals:
        if refusal.name not in allowed:
            yield Violation(
                "O4", f"{name} stopped with {refusal.name}: {type(fault).__name__}: {fault}"
            )
