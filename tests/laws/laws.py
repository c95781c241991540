"""The law-book: what holds of every detector, whatever the story.

Each law takes a kit, a story and chance, and asserts. ``test_detectors.py`` tries them on every
detector there is; ``test_faulty.py`` shows that each of them can fail.
"""

from collections.abc import Callable
from itertools import accumulate
from random import Random

import msgspec

from schemas.alerts import Alert
from streams.engine.asking import Asking
from streams.engine.journey import Journey
from streams.line import Line
from tests.laws import touchpoints
from tests.laws.kits import Kit, Step, on_wire
from tests.laws.tellings import START_MS, Told, outcomes, record, tell

Story = list[Step]
Law = Callable[[Kit, Story, Random], None]

CUSTOMER = "c-1"


def _told(kit: Kit, story: Story, **how) -> Told:
    records = [record(n, t) for n, t in enumerate(on_wire(story, CUSTOMER, START_MS))]
    return tell(kit.line, records, **how)


def _alerts(told: Told) -> list[bytes | None]:
    return [value for topic, _, value in told.sends if topic.startswith("alerts.")]


def _some(story: Story, chance: Random) -> set[int]:
    return {index for index in range(1, len(story)) if chance.random() < 0.3}


def nothing_fails(kit: Kit, story: Story, chance: Random) -> None:
    """No touchpoint crashes the line, no timer is dropped, and the drawn stories can be read."""
    counts = _told(kit, story).counts
    failed = {
        name: n
        for name, n in counts.items()
        if name == "wake_dropped" or name.startswith("dead_letter.")
    }
    assert not failed, failed


def same_story_same_alerts(kit: Kit, story: Story, chance: Random) -> None:
    """Told twice, it says the same to the byte: nothing is kept outside the journey."""
    first, second = _told(kit, story), _told(kit, story)
    assert first.raw == second.raw
    assert first.journeys == second.journeys


def cut_anywhere(kit: Kit, story: Story, chance: Random) -> None:
    """In one batch or in many: batches are ours, not the customer's."""
    whole, cut = _told(kit, story), _told(kit, story, cut=_some(story, chance))
    assert cut.raw == whole.raw
    assert cut.journeys == whole.journeys


def restart_anywhere(kit: Kit, story: Story, chance: Random) -> None:
    """The worker dies and another restores: what matters was in the encoded journey."""
    whole, torn = _told(kit, story), _told(kit, story, crash=_some(story, chance))
    assert torn.raw == whole.raw
    assert torn.journeys == whole.journeys


def another_partition_meanwhile(kit: Kit, story: Story, chance: Random) -> None:
    """The same worker works on a story of the same ids on another partition in between."""
    other = chance.sample(story, len(story))
    whole = _told(kit, story)
    between = _told(kit, story, cut=_some(story, chance), meanwhile=lambda: _told(kit, other))
    assert between.raw == whole.raw
    assert between.journeys == whole.journeys


def whenever_it_is_noticed(kit: Kit, story: Story, chance: Random) -> None:
    """A timer noticed while idle says what it says when noticed at the next touchpoint."""
    times = [t["occurred_at"] for t in on_wire(story, CUSTOMER, START_MS)]
    latest = [0, *accumulate(times, max)]
    later = list(accumulate(reversed(times), min))[::-1]
    # Only moments before everything still to come: otherwise a touchpoint would come late.
    quiet = {
        n: chance.randint(latest[n], times[n])
        for n in _some(story, chance)
        if latest[n] <= times[n] <= later[n]
    }
    whole, noticed = _told(kit, story), _told(kit, story, notice=quiet)
    assert noticed.sends == whole.sends
    assert noticed.journeys == whole.journeys


def hear_it_twice(kit: Kit, story: Story, chance: Random) -> None:
    """Every touchpoint twice at once and once more in the end: duplicates, and nothing else.

    What comes again beyond the horizon goes to the late topic like anything of that age; a request
    to forget is known the second time, and what happened before it is dropped after it. A heartbeat
    belongs to no journey: it says each time that its source is there, which is nothing new.
    """
    once = [record(2 * n, t) for n, t in enumerate(on_wire(story, CUSTOMER, START_MS))]
    once = once[: kit.line.rules.limits.seen_max]
    twice = [again for one in once for again in (one, one._replace(offset=one.offset + 1))]
    again = [one._replace(offset=len(twice) + n) for n, one in enumerate(once)]
    cut = {n for n in range(len(twice)) if chance.random() < 0.3}
    whole, heard = tell(kit.line, once), tell(kit.line, [*twice, *again], cut=cut)
    assert _alerts(heard) == _alerts(whole)
    assert heard.journeys == whole.journeys
    if not any(name.startswith(("merge.", "alias.")) for name in whole.counts):
        fates = ("duplicate", "beyond_horizon", "erasure.known", "after_erasure", "heartbeats")
        counted = sum(heard.counts[name] for name in fates)
        counted += whole.counts["touchpoints"] + whole.counts["erased"]
        assert counted == len(twice) + len(again)


def _among_strangers(kit: Kit, story: Story, chance: Random, ahead_ms: int) -> None:
    own = on_wire(story, CUSTOMER, START_MS)
    later = list(accumulate([t["occurred_at"] for t in reversed(own)], min))[::-1]
    mixed = []
    for touchpoint, earliest_ms in zip(own, later, strict=True):
        for _ in range(chance.choice((0, 0, 1, 2))):
            other = on_wire([chance.choice(story)], f"x-{chance.randint(1, 2)}", START_MS)[0]
            identity = f"x-{len(mixed)}"
            at_ms = chance.randint(earliest_ms - ahead_ms, earliest_ms + ahead_ms)
            mixed.append({**other, "event_id": identity, "occurred_at": max(START_MS, at_ms)})
        mixed.append(touchpoint)
    records = [record(n, t) for n, t in enumerate(mixed)]
    alone = tell(kit.line, [one for one in records if one.key == CUSTOMER.encode()])
    among = tell(kit.line, records)
    assert among.of(CUSTOMER) == alone.of(CUSTOMER)


def strangers_do_not_matter(kit: Kit, story: Story, chance: Random) -> None:
    """Other customers with the same ids in between change nothing about this one."""
    _among_strangers(kit, story, chance, 0)


def late_within_the_allowance(kit: Kit, story: Story, chance: Random) -> None:
    """Nor do strangers who are ahead in time, up to the lateness that is allowed."""
    _among_strangers(kit, story, chance, int(kit.line.rules.time.lateness_s * 1000))


class _Watching(Asking):
    """Looks whether asking a detector changed more than its memory, one question at a time."""

    def _ask_each(self, asks, heard, alerts) -> None:
        for ask in asks:
            before = _shared(heard.journey)
            super()._ask_each((ask,), heard, alerts)
            assert _shared(heard.journey) == before, f"{ask[1]} laid hands on the journey"

    def one(self, question, heard, alerts) -> None:
        before = _shared(heard.journey)
        super().one(question, heard, alerts)
        assert _shared(heard.journey) == before, f"{question.kind} laid hands on the journey"


def _shared(journey: Journey) -> bytes:
    mine = (
        "memories",
        "episodes",
        "wakes",
        "recent",
        "alerts_day",
        "alerts_today",
        "forgotten",
        "moments",
    )
    return msgspec.msgpack.encode(
        [getattr(journey, name) for name in journey.__struct_fields__ if name not in mine]
    )


def hands_off_the_journey(kit: Kit, story: Story, chance: Random) -> None:
    """A detector reads the journey and changes only its own memory."""
    line = Line(kit.line.rules, kit.questions, partitions=1)
    line.engine._asking = _Watching(kit.line.rules, kit.questions)
    records = [record(n, t) for n, t in enumerate(on_wire(story, CUSTOMER, START_MS))]
    nothing_crashed = tell(line, records).counts
    assert not nothing_crashed["wake_dropped"], "a detector laid hands on the journey"
    assert not nothing_crashed["dead_letter.processing_error"], "laid hands on the journey"


def says_it_well(kit: Kit, story: Story, chance: Random) -> None:
    """Every alert keeps the contract; a new one has a reason, evidence or a due time, and a deed."""
    for topic, _, value in _told(kit, story).sends:
        if not topic.startswith("alerts."):
            continue
        alert = Alert.model_validate_json(value)
        assert alert.suggested_action and alert.reason.text, alert
        if alert.action in ("trigger", "update"):
            assert alert.reason.text.lstrip("-")[0].isalnum() and len(alert.reason.text) > 10, (
                alert.reason
            )
            assert alert.reason.code == alert.reason.code.lower().replace(" ", "_")


ENDLESS = 3_000
SHARED_BYTES_MAX = 10_240
"""All of a journey but the detectors' memories, with ids as long as a UUID and every list full."""
MEMORY_BYTES_MAX = 1_536
"""One detector's slice of a journey."""


def _endless(kit: Kit, types: tuple[str, ...], chance: Random) -> list[dict]:
    """Touchpoints of a customer who never stops: all ids are new, and as long as a UUID."""
    told, now_ms = [], START_MS
    for number in range(ENDLESS):
        made = touchpoints.make(chance.choice(types), chance, kit.gaps_ms)
        fresh = {name: f"{name}-{number:>028d}" for name in made if name.endswith("_id")}
        now_ms += chance.choice((1_000, 60_000, 3_600_000, 20 * 3_600_000))
        told += on_wire([Step(0, {**made, **fresh})], CUSTOMER, now_ms)
        told[-1]["event_id"] = f"{number:0>36d}"
    return told


def an_endless_customer_stays_small(kit: Kit, story: Story, chance: Random) -> None:
    """However long a customer goes on, and always about something new: what is kept has a limit."""
    encode = msgspec.msgpack.encode
    types = kit.types if len(kit.about) == 1 else kit.all_types
    records = [record(n, t) for n, t in enumerate(_endless(kit, types, chance))]
    for outcome in outcomes(kit.line, records):
        for value in outcome.changed.values():
            journey = kit.line.codec.decode(value)
            slices = {k: getattr(journey.memories, k) for k in journey.memories.__struct_fields__}
            sizes = {kind: len(encode(memory)) for kind, memory in slices.items()}
            big = {kind: size for kind, size in sizes.items() if size > MEMORY_BYTES_MAX}
            assert not big, f"memory of more than {MEMORY_BYTES_MAX} bytes: {big}"
            shared = len(value) - len(encode(journey.memories))
            assert shared <= SHARED_BYTES_MAX, f"a journey of {shared} bytes without memories"


LAWS: tuple[Law, ...] = (
    nothing_fails,
    same_story_same_alerts,
    cut_anywhere,
    restart_anywhere,
    another_partition_meanwhile,
    whenever_it_is_noticed,
    hear_it_twice,
    strangers_do_not_matter,
    late_within_the_allowance,
    hands_off_the_journey,
    says_it_well,
)
