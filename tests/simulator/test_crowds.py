"""Stories of whole companies come true: what is planted is found, what is near or alike is not."""

import pytest

from streams import catalogue, policy
from streams.cli.evaluation.crowd import MADE_OF, CrowdTally, found, judge, records, told
from streams.cli.evaluation.crowd import with_thresholds as stricter
from streams.simulator.crowds import Tale, tales

NO_NEAR_MISS = {
    "upstream_insight": "a team is told of a day with a contact, or there was none",
    "agent_feedback": "a week has passed, or it has not",
}
"""Kinds that nothing can only just miss, and why."""
KINDS = sorted({entry.kind for entry in catalogue.cohort_entries()} | set(MADE_OF.values()))
every_tale = pytest.mark.parametrize("tale", tales(), ids=lambda t: f"{t.kind}-{t.variant}")


@every_tale
def test_what_is_planted_is_found_and_nothing_else_is(tale: Tale) -> None:
    """The positive raises its kind; the near miss and the look-alike do not."""
    raised = found(tale, told(tale, 1), policy.load(), CrowdTally())

    assert (tale.kind in raised) == (tale.variant == "positive")


@pytest.mark.parametrize(
    "tale", [t for t in tales() if t.variant == "near_miss"], ids=lambda t: t.kind
)
def test_a_near_miss_is_raised_by_a_slightly_stricter_policy(tale: Tale) -> None:
    """It names the thresholds under which it is no miss any more, and they make it one."""
    assert tale.nearly
    assert tale.kind in found(tale, told(tale, 1), stricter(tale), CrowdTally())


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_without_its_three_stories(kind: str) -> None:
    """One in which it must speak, one that it only just misses, one that merely looks like it."""
    variants = {tale.variant for tale in tales() if tale.kind == kind}

    assert {"positive", "look_alike"} <= variants
    assert ("near_miss" in variants) != (kind in NO_NEAR_MISS)


def test_a_story_is_the_same_for_the_same_chance() -> None:
    """Byte for byte."""
    tale = tales()[0]

    assert list(records(told(tale, 3))) == list(records(told(tale, 3)))


def test_all_of_them_are_counted() -> None:
    """Planted and found by kind; a detector that the policy does not ask is left out."""
    off = {kind: {"enabled": False} for kind in KINDS if kind not in MADE_OF.values()}
    some = {kind: table for kind, table in off.items() if kind != "account_pressure"}
    tally = judge(policy.from_table({"version": "t", "detectors": some}), seed=1)

    assert set(tally.kinds) == {"account_pressure", *MADE_OF.values()}
    assert all(of.found == of.planted == 3 and not of.false for of in tally.kinds.values())
    assert not tally.missed and not tally.wrong and tally.touchpoints > 0
