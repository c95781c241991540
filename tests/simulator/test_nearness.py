"""Near misses are near, look-alikes are not, and no detector is without either.

A near miss that would not be raised whatever the thresholds proves nothing about them.
"""

import json
from random import Random
from typing import Any

import pytest

from schemas.instants import instant_ms
from streams import catalogue, policy
from streams.engine.record import Record
from streams.replay.house import ReplayHouse
from streams.simulator.kinds import MISHANDLED
from streams.simulator.kinds import words as words_of
from streams.simulator.stories import Story, stories
from streams.simulator.telling import DAY_MS

MONDAY_MS = 1_767_600_000_000  # 2026-01-05T08:00:00Z
STORIES = stories().values()
NEAR = [(story, kind) for story in STORIES for kind in story.nearly]
THERE = {entry.kind: entry for entry in catalogue.entries()}
PER_CUSTOMER = [kind for kind, entry in THERE.items() if entry.family != "systemic"]
# A moment is told when it is there, and held to a standard: each has its three stories.
PER_CUSTOMER += sorted(word for word in MISHANDLED if word.partition(":")[0] in THERE)

NO_POSITIVE: dict[str, str] = {}
"""Kinds without a planted positive, and why."""

NO_NEAR_MISS: dict[str, str] = {
    "payment_trouble": "the first failed payment is a finding: nothing lies just below one",
    "first_contact_after_onboarding": "an onboarding was completed, or it was not",
    "renewal_conversation": "a renewal is talked about, or it is not",
    "leaving": "somebody asks to leave or to have less, or does not",
    "recovery": "something is made good, or it is not",
    "recovery_verified": "something was made good and is watched, or it was not",
}
"""Kinds that nothing can only just miss, and why."""

NO_LOOK_ALIKE: dict[str, str] = {}
"""Kinds that nothing merely looks like, and why."""


def with_thresholds(word: str, thresholds: dict[str, Any]) -> policy.Policy:
    """The default policy with some of it changed; ``section.name`` is not the detector's own."""
    kind = word.partition(":")[0]
    table: dict[str, Any] = {"version": "nearly"}
    for name, value in thresholds.items():
        section, dot, key = name.rpartition(".")
        where = table.setdefault(section, {}) if dot else _own(table, kind)
        where[key] = value
    if not THERE[kind].detector.by_default:
        _own(table, kind)["enabled"] = True
    return policy.with_everything(policy.from_table(table))


def _own(table: dict[str, Any], kind: str) -> dict[str, Any]:
    return table.setdefault("detectors", {}).setdefault(kind, {})


def raised(story: Story, in_force: policy.Policy, seed: int = 1) -> dict[str, int]:
    """Kinds raised by the story under a policy, and when first, once all of it has come due."""
    told = story.tell(Random(seed), "c-000412", MONDAY_MS)
    records = [
        (0, Record(n, instant_ms(t["occurred_at"]), b"c-000412", json.dumps(t).encode()))
        for n, t in enumerate(told)
    ]
    house = ReplayHouse(in_force, partitions=1)
    end_ms = MONDAY_MS + int(story.span_d * DAY_MS)
    alerts = [
        json.loads(send.value)
        for send in [*house.run(records), *house.pass_time(end_ms)]
        if send.topic.startswith("alerts.")
    ]
    first: dict[str, int] = {}
    for alert in alerts:
        if alert["action"] in ("trigger", "update"):
            for word in words_of(alert["kind"], alert["reason"]["code"]):
                first.setdefault(word, instant_ms(alert["occurred_at"]))
    return first


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("story", "kind"), NEAR, ids=[f"{s.name}-{kind}" for s, kind in NEAR])
def test_a_near_miss_is_raised_by_a_slightly_stricter_policy(
    story: Story, kind: str, seed: int
) -> None:
    """The story names the thresholds under which it is no miss any more, and they make it one."""
    if kind.partition(":")[0] not in THERE:
        pytest.skip(f"there is no {kind} yet")
    assert story.nearly[kind], "says by which thresholds it is missed"
    assert kind in raised(story, with_thresholds(kind, dict(story.nearly[kind])), seed)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_what_is_nearly_or_only_alike_is_silent(story: Story) -> None:
    """What a story nearly is, or looks like, stands among the kinds it must not raise."""
    assert {*story.nearly, *story.alike} <= story.silent
    assert not {*story.nearly} & story.alike, "near by its thresholds, or alike: not both"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_trouble_begins_with_a_touchpoint_of_the_story(story: Story) -> None:
    """``SINCE`` names expected kinds only, and a touchpoint that is told whatever the chance."""
    assert set(story.since) <= story.expects
    for seed in range(3):
        told = [t["type"] for t in story.tell(Random(seed), "c-1", MONDAY_MS)]
        for kind, (what, number) in story.since.items():
            assert told.count(what) >= number >= 1, kind


@pytest.mark.parametrize("story", [s for s in STORIES if s.since], ids=lambda story: story.name)
def test_nothing_is_found_before_its_trouble_begins(story: Story) -> None:
    """Time to detect is never negative: ``SINCE`` is the beginning, not a later consequence."""
    found = raised(story, policy.with_everything(policy.load()))
    told = story.tell(Random(1), "c-000412", MONDAY_MS)
    for kind in found.keys() & story.since.keys():
        what, number = story.since[kind]
        instants = [t["occurred_at"] for t in told if t["type"] == what]
        assert found[kind] >= instant_ms(instants[number - 1]), kind


@pytest.mark.parametrize("kind", PER_CUSTOMER)
def test_no_detector_without_its_three_stories(kind: str) -> None:
    """One in which it must speak, one that it only just misses, one that merely looks like it."""
    planted = {
        "positive": (any(kind in story.expects for story in STORIES), NO_POSITIVE),
        "near miss": (any(kind in story.nearly for story in STORIES), NO_NEAR_MISS),
        "look-alike": (any(kind in story.alike for story in STORIES), NO_LOOK_ALIKE),
    }
    for what, (there, excused) in planted.items():
        assert there != (kind in excused), f"{what} of {kind}: {excused.get(kind, 'missing')}"
