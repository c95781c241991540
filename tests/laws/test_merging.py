"""Laws of merging: whichever order merges and touchpoints come in, and whoever dies on the way.

What holds for every story (``test_nothing_is_lost_or_counted_twice``): each distinct touchpoint of
either id is taken in once, and the identities heard are those told.

What holds where the two ids are about different things, and say which
(``test_the_order_does_not_matter``): issues, contacts, cases, promises, instants, effort by
component, profile, consent and evidence are the same whenever the merge was heard, and so is JEI.

What cannot hold, and why:

- ``chain`` hashes the order in which the log had it, which is what differs.
- Evidence is numbered and lies as heard, and bears the place where it was heard; ``first_ms`` is the time of
  whichever touchpoint was heard first, and a fact of the profile is the last that was heard.
- A second contact about the *same* thing is a repeat only if the first is known by then. A merge
  joins what was counted; it does not count anew, for the touchpoints are no longer there.
- A detector that looks at all of a customer (contact frequency, effort as a whole) says what it saw
  when it was asked, and keeps as evidence what mattered to it then: of two bad endings it may have
  noted the newer only. A merge asks nobody: it is nothing that the customer did. So of the evidence
  the law holds for what bears effort, and for all that an issue, contact, case or promise names.
- A timer falls due by the clock of the partition that keeps the journey, and what is heard before
  then still counts. Whether a word that comes after its time (kept late, promised anew) comes
  before the clock depends on what else that partition has heard. Here all promises fall due later.
- An episode keeps the alert id under which it was first told, which names the id it was told of.
"""

import types
import typing
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from streams import policy as policies
from streams.engine import effort
from streams.engine.admission import identities, identity_of
from streams.engine.identity_kept import Alias
from streams.engine.journey import Journey
from streams.engine.merging import BY_HAND
from streams.engine.shapes import is_mark, joined, latest_ms, renumbered
from streams.wire.journey import JourneyCodec
from tests.partitions import START_MS, Topic, id_in

POLICY = policies.with_everything(policies.load())
A, B = id_in(0), id_in(1)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
DUE_MS = START_MS + 20 * DAY_MS
END_MS = START_MS + 40 * DAY_MS

kinds = st.sampled_from(
    ["contact", "ended", "transferred", "case", "promise", "kept", "consent", "profile", "waited"]
)
steps = st.lists(st.tuples(st.sampled_from([A, B]), kinds, st.integers(1, 2)), max_size=14)


def touchpoint(customer: str, kind: str, number: int) -> tuple[str, dict]:
    """Type and fields: about a thing of that customer's own, which it names."""
    own = f"{customer}-{number}"
    about = {"issue_id": own, "contact_id": own}
    mine = "segment" if customer == A else "tier"
    return {
        "contact": ("contact.started", {**about, "channel": "phone", "direction": "inbound"}),
        "ended": ("contact.ended", {**about, "outcome": "pending"}),
        "transferred": ("contact.transferred", {**about, "mode": "cold"}),
        "waited": ("contact.hold", {**about, "duration_s": 600.0}),
        "case": ("case.opened", {"issue_id": own, "case_id": own}),
        "promise": (
            "promise.made",
            {"issue_id": own, "promise_id": own, "kind": "fix", "due_at": DUE_MS},
        ),
        "kept": ("promise.kept", {"issue_id": own, "promise_id": own}),
        "consent": ("consent.changed", {"purpose": f"p{number}", "status": "granted"}),
        "profile": ("customer.profile_changed", {mine: f"s{number}"}),
    }[kind]


def told(story, merged_after: int, seed: int, deaths: float = 0.0) -> Topic:
    """The story with the merge after so many steps; partitions read as chance has it."""
    chance, logs = Random(seed), Topic(POLICY.rules, POLICY.questions)
    for number in range(len(story) + 1):
        at_ms = START_MS + number * 5 * HOUR_MS
        if number == merged_after:
            logs.tell(
                A, "identity.merged", at_ms, event_id="m", from_customer_id=A, into_customer_id=B
            )
        if number < len(story):
            customer, kind, which = story[number]
            type_, fields = touchpoint(customer, kind, which)
            logs.tell(customer, type_, at_ms, event_id=f"e-{number}", **fields)
        for partition in (0, 1):
            if chance.random() < 0.5:
                logs.read(partition, chance.choice((1, 2, None)), chance.random() < deaths)
    logs.settle()
    for partition, desk in enumerate(logs.desks):
        outcome = logs.line.step(desk, END_MS)
        logs.line.settle(desk, outcome)
        logs.metas[partition] = outcome.meta
    return logs


def journey_of(logs: Topic) -> Journey:
    """The journey of the one customer; the other id is an alias."""
    assert isinstance(logs.kept(A), Alias)
    kept = logs.kept(B)
    assert isinstance(kept, Journey)
    return kept


def in_words(value, events: dict[int, str]):
    """Plain values, every number of a touchpoint replaced by its event id."""
    if isinstance(value, Struct):
        return {
            name: _named(part, events) if is_mark(name) else in_words(part, events)
            for name in value.__struct_fields__
            for part in (getattr(value, name),)
        }
    if isinstance(value, list):
        return [in_words(one, events) for one in value]
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-9, abs=1e-9)
    return value


def _named(part, events):
    if isinstance(part, list):
        return sorted(events.get(number, "?") for number in part)
    return events.get(part, "")


def state(journey: Journey) -> dict:
    """What is the same whenever the merge was heard."""
    events = {mark.n: mark.event_id for mark in journey.recent}
    rules = POLICY.rules.effort
    points = effort.parts_at(journey.effort, END_MS)
    return {
        "n": journey.n,
        "last": journey.last_ms,
        "heard": sorted(identities(journey.seen)),
        "evidence": sorted(
            (m.event_id, m.type, m.at_ms, m.points) for m in journey.recent if m.points
        ),
        "times": journey.contact_times,
        "points": {name: pytest.approx(value, rel=1e-9) for name, value in sorted(points.items())},
        "jei": pytest.approx(effort.index(sum(points.values()), rules), rel=1e-9),
        "consents": sorted((c.purpose, c.status, c.at_ms) for c in journey.consents),
        "profile": (journey.profile.segment, journey.profile.tier),
        "stage": journey.profile.stage,
        "issues": _by(journey.issues, "key", events),
        "contacts": _by(journey.contacts, "contact_id", events),
        "cases": _by(journey.cases, "case_id", events),
        "promises": _by(journey.promises, "promise_id", events),
    }


def _by(things, key: str, events):
    """Effort of an issue is normalised to a base that depends on who was first: left to ``points``."""
    words = {getattr(one, key): in_words(one, events) for one in things}
    for one in words.values():
        one.pop("effort", None)
    return words


@settings(max_examples=25, deadline=None)
@given(steps, st.integers(0, 14), st.integers(0, 99))
def test_nothing_is_lost_or_counted_twice(story, merged_after, seed):
    """Workers die between their sends and their journeys; every touchpoint is taken in once."""
    logs = told(story, min(merged_after, len(story)), seed, deaths=0.3)
    journey = journey_of(logs)
    assert journey.n == len(story)
    assert sorted(identities(journey.seen)) == sorted(
        identity_of("urn:test", f"e-{number}") for number in range(len(story))
    )
    assert not logs.refused


@settings(max_examples=25, deadline=None)
@given(steps, st.integers(0, 14), st.integers(0, 14), st.integers(0, 99))
def test_the_order_does_not_matter(story, one, other, seed):
    """The merge heard before all, after all or in the midst: the same state, the same effort."""
    first = told(story, min(one, len(story)), seed)
    second = told(story, min(other, len(story)), seed + 1, deaths=0.3)
    assert state(journey_of(first)) == state(journey_of(second))


@settings(max_examples=15, deadline=None)
@given(steps, st.integers(0, 14), st.integers(0, 99))
def test_a_merge_leaves_no_timer_behind(story, merged_after, seed):
    """Whatever was planned for either id has happened when time has passed."""
    logs = told(story, min(merged_after, len(story)), seed)
    journey = journey_of(logs)
    assert not journey.next_due_ms or journey.next_due_ms > END_MS
    assert all(promise.broken_ms for promise in journey.promises)


@settings(max_examples=15, deadline=None)
@given(steps, st.integers(0, 14), st.integers(0, 99), st.sampled_from([A, B]))
def test_an_erasure_leaves_nothing(story, merged_after, seed, asked):
    """Of either id, wherever it lies: no journey, no alias, no timer, no progress that names it."""
    logs = told(story, min(merged_after, len(story)), seed)
    logs.tell(asked, "customer.erasure_requested", END_MS, event_id="x", scope="all")
    logs.settle()
    for desk, meta in zip(logs.desks, logs.metas, strict=True):
        assert desk.next_due_ms is None
        assert not desk.journeys
        assert A.encode() not in (meta or b"")
        assert B.encode() not in (meta or b"")


# -- memories of detectors ----------------------------------------------------------------------

MEMORIES = {q.kind: q for q in POLICY.questions if q.detector.memory is not None}
every_memory = pytest.mark.parametrize("kind", sorted(MEMORIES))


def structs_of(shape, seen=None) -> set[type]:
    """A Struct and all those it holds."""
    seen = set() if seen is None else seen
    if isinstance(shape, type) and issubclass(shape, Struct):
        if shape not in seen:
            seen.add(shape)
            for one in shape.__annotations__.values():
                structs_of(one, seen)
    for argument in getattr(shape, "__args__", ()):
        structs_of(argument, seen)
    return seen


@every_memory
def test_a_memory_says_what_its_numbers_are(kind):
    """A list of integers holds numbers of touchpoints or instants, and its name says which: else a
    merge would leave it pointing at somebody else's touchpoints."""
    for struct in structs_of(MEMORIES[kind].detector.memory):
        for name, shape in struct.__annotations__.items():
            if shape == list[int]:
                assert is_mark(name) or name.endswith(("_ms", "times")), f"{struct}.{name}"


@every_memory
def test_a_memory_survives_a_merge(kind):
    """What one of the two ids remembered is not lost to the other's empty memory, in either
    direction; what both remember becomes one memory that can be written and read."""
    question, codec = MEMORIES[kind], JourneyCodec(POLICY.questions)
    made = filled(question.detector.memory, Random(7), 0)
    blank, merge = question.detector.memory(), question.detector.merge
    assert merge(copy(made), copy(blank)) == made
    assert merge(copy(blank), copy(made)) == made
    both = merge(copy(made), renumbered(filled(question.detector.memory, Random(8), 5), 100))
    journey = codec.blank("c", 0)
    setattr(journey.memories, kind, both)
    assert getattr(codec.decode(codec.encode(journey)).memories, kind) == both
    assert latest_ms(both) >= latest_ms(made)


def copy(value):
    """Another of the same."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type(value))


def filled(shape, chance: Random, depth: int):
    """A value of a shape, with something everywhere."""
    if isinstance(shape, type) and issubclass(shape, Struct):
        hints = typing.get_type_hints(shape)
        return shape(*[filled(hints[name], chance, depth + 1) for name in shape.__struct_fields__])
    origin, arguments = typing.get_origin(shape), typing.get_args(shape)
    if origin in (typing.Union, types.UnionType):
        return filled(next(one for one in arguments if one is not type(None)), chance, depth)
    if origin is list:
        return [filled(arguments[0], chance, depth + 1) for _ in range(2)]
    if origin is dict:
        return {filled(arguments[0], chance, depth): filled(arguments[1], chance, depth + 1)}
    if origin is tuple:
        return tuple(filled(one, chance, depth) for one in arguments if one is not Ellipsis)
    makes = {
        int: lambda: chance.randrange(1, 1_000_000),
        str: lambda: f"s{chance.randrange(10_000)}",
        float: chance.random,
        bool: lambda: True,
        bytes: lambda: b"b" * 4,
    }
    return makes[shape]()


def test_every_part_of_a_journey_is_thought_of():
    """What is joined by its shape, because nobody named it, has a shape that the rule is good for:
    a field added to the journey fails here until somebody has looked at it."""
    by_shape = {name for name in Journey.__struct_fields__ if name not in BY_HAND}
    assert by_shape <= KNOWN_BY_SHAPE, "say in streams/engine/merging how it is joined"


KNOWN_BY_SHAPE = {"ratings", "moments", "diary", "outreach", "crowd"}


@given(st.lists(st.integers(0, 9), max_size=6), st.lists(st.integers(0, 9), max_size=6))
def test_joining_does_not_depend_on_which_is_mine(mine, theirs):
    """Numbers: the same list, whoever joins whom."""
    assert joined(list(mine), list(theirs)) == joined(list(theirs), list(mine))
