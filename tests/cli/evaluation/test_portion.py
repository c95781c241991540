"""A company held against its truth: found and missed, silent and wrong, delays, and the load."""

from random import Random
from typing import Any

import pytest

from streams import policy
from streams.cli.evaluation.portion import CUSTOMERS_MAX, DAYS, compare, portions
from streams.cli.evaluation.tally import Tally
from streams.simulator.stories import stories
from streams.simulator.telling import DAY_MS
from streams.simulator.world import World

MONDAY_MS = 1_767_571_200_000


def told(mix: dict[str, float], customers: int = 20, days: int = 135, **thresholds: Any) -> Tally:
    """A small company with some stories, under the default policy or one that differs."""
    in_force = policy.from_table({"version": "t", "detectors": thresholds})
    return compare(World(7, customers, MONDAY_MS, days * DAY_MS, mix), in_force)


def test_what_is_planted_is_found_and_what_is_forbidden_is_silent() -> None:
    """Four customers with a bill shock and two with a bill that is only dearer."""
    of = told({"bill_shock": 0.2, "dearer_bill": 0.1}).of("bill_shock")
    assert (of.planted, of.found, of.silent, of.near, of.false) == (4, 4, 2, 2, 0)
    assert of.delays_ms == [0, 0, 0, 0]


def test_a_blunt_detector_misses_and_the_story_is_named() -> None:
    """Recall falls where thresholds are too high, and it is said where."""
    tally = told({"bill_shock": 0.2}, bill_shock={"ratio": 50, "severe_ratio": 60})
    assert (tally.of("bill_shock").planted, tally.of("bill_shock").found) == (4, 0)
    assert tally.missed == {("bill_shock", "bill_shock"): 4}


def test_a_nervous_detector_is_wrong_and_the_story_is_named() -> None:
    """A near miss raised is false, and said with its story."""
    tally = told({"dearer_bill": 0.1}, bill_shock={"ratio": 1.2})
    assert tally.of("bill_shock").false == 2
    assert tally.wrong == {("dearer_bill", "bill_shock"): 2}


def test_delay_counts_from_where_the_trouble_begins() -> None:
    """A mail unanswered is known exactly a business day after it was written."""
    tally = told({"unanswered_inquiry": 0.2}, days=14)
    assert tally.of("unanswered_inquiry").delays_ms == [DAY_MS] * 4


def test_load_is_that_of_customers_without_a_story() -> None:
    """Alerts of planted customers are no load, and days are those of the others alone."""
    tally = told({"long_wait": 0.5}, days=30)
    assert tally.background_days == 10 * 30
    assert tally.of("wait_excess").found == 10 and tally.of("wait_excess").background == 0
    tally = told({}, customers=100, days=60)
    loud = {kind: of.background for kind, of in tally.kinds.items() if of.background}
    assert loud and all(
        tally.per_thousand_a_day(kind) == count / 6_000 * 1000 for kind, count in loud.items()
    )


def test_every_detector_in_force_has_its_line_though_nothing_was_planted() -> None:
    """A detector that has no story in this company is there with zeros; one that is off is not."""
    tally = told({"long_wait": 0.1}, days=10, bill_shock={"enabled": False})
    assert tally.of("delay_chain").planted == 0
    kinds = {kind for kind in tally.kinds if ":" not in kind}
    assert kinds == {q.kind for q in policy.load().questions} - {"bill_shock"}


def test_a_moment_that_missed_its_standard_is_a_kind_of_its_own() -> None:
    """That there was a moment is no fault; that it was mishandled is, and has a line of its own."""
    tally = told({"long_wait": 0.1}, days=10)
    assert {"leaving", "leaving:mishandled"} <= set(tally.kinds)
    tally = told({"long_wait": 0.1}, days=10, leaving={"enabled": False})
    assert not {"leaving", "leaving:mishandled"} & set(tally.kinds)


def test_tallies_add_up() -> None:
    """Two worlds together are the sum of both, in every count."""
    one, other = told({"long_wait": 0.1}, days=10), told({"bill_shock": 0.1})
    both = Tally()
    both.add(one)
    both.add(other)
    assert both.touchpoints == one.touchpoints + other.touchpoints
    assert both.of("wait_excess").found == 2 and both.of("bill_shock").found == 2
    assert sorted(both.sizes) == sorted(one.sizes + other.sizes)


@pytest.mark.parametrize("touchpoints", [1, 50_000, 1_000_000])
def test_portions_hold_every_story_and_stay_small(touchpoints: int) -> None:
    """Bounded worlds, each with room for every story twice over, each with a seed of its own."""
    planned = portions(touchpoints, 7, None)
    assert all(2 * len(stories()) <= one.customers <= CUSTOMERS_MAX for one in planned)
    assert len({one.world().seed for one in planned}) == len(planned)
    assert max(story.span_d for story in stories().values()) <= DAYS
    world = Random(touchpoints).choice(planned).world()
    assert {planted.story for planted in world.truth()} == set(stories())
