"""DC4, DC5, DC6, DC7 and EF6 of cohorts, UP4: what the sums of a week or three show."""

import pytest

from streams.cohorts.detector import UNKNOWN, CohortFinding
from streams.cohorts.detectors import (
    claimed_vs_observed_fcr,
    compensating_not_fixing,
    contained_not_solved,
    inconsistent_experience_group,
    satisfied_not_easy_share,
    true_containment_low,
)
from tests.cohorts.detectors.asked import ask, cell


def test_claims_that_customers_do_not_see():
    """76 % claimed and 40 % observed is the anchor; nine points are no gap; 99 contacts too few."""
    asked = claimed_vs_observed_fcr.DETECTOR
    found = ask(asked, cell(first=100, first_claimed=76, again_7=60))
    assert isinstance(found, CohortFinding) and round(found.number, 2) == 0.36
    assert ask(asked, cell(first=100, first_claimed=76, again_7=33)) is None
    assert ask(asked, cell(first=99, first_claimed=76, again_7=60)) is UNKNOWN


def test_containment_that_a_call_follows():
    """Of 100 attempts 80 counted as contained, 10 of those called within a day."""
    asked = contained_not_solved.DETECTOR
    found = ask(asked, cell(attempts=100, contained=80, contained_not=10))
    assert isinstance(found, CohortFinding) and found.periods[0]["containment_true"] == 0.7
    assert ask(asked, cell(attempts=100, contained=80, contained_not=9)) is None
    assert ask(asked, cell(attempts=99, contained=80, contained_not=40)) is UNKNOWN


def test_true_containment_below_the_standard():
    """Half is the standard; 29 attempts are too few to tell."""
    asked = true_containment_low.DETECTOR
    assert isinstance(ask(asked, cell(attempts=30, contained=20, contained_not=6)), CohortFinding)
    assert ask(asked, cell(attempts=30, contained=20, contained_not=5)) is None
    assert ask(asked, cell(attempts=29, contained=0)) is UNKNOWN


@pytest.mark.parametrize(("bad", "found"), [(10, True), (1, False)])
def test_experience_by_luck(bad, found):
    """Fives and ones scatter around a mean that looks well enough; fours do not."""
    good = 20 - bad
    sums = cell(csat=20, csat_m=5_000 * good + 1_000 * bad,
                csat_sq=25_000_000 * good + 1_000_000 * bad, csat_bad=bad)  # fmt: skip
    answer = ask(inconsistent_experience_group.DETECTOR, sums, cohort="queue=billing")
    assert isinstance(answer, CohortFinding) is found


def test_experience_by_luck_needs_20_answers():
    """Nineteen ones and fives prove nothing."""
    sums = cell(csat=19, csat_m=57_000, csat_sq=247_000_000)
    assert ask(inconsistent_experience_group.DETECTOR, sums, cohort="queue=billing") is UNKNOWN


def test_satisfied_with_what_was_hard():
    """Three of thirty pairs."""
    asked = satisfied_not_easy_share.DETECTOR
    assert isinstance(ask(asked, cell(pairs=30, pairs_hard=3)), CohortFinding)
    assert ask(asked, cell(pairs=31, pairs_hard=3)) is None
    assert ask(asked, cell(pairs=29, pairs_hard=29)) is UNKNOWN


def test_money_instead_of_mending():
    """Credits rise two weeks in a row and contacts do not fall; if they do, the money may work.

    Requirement: S1-03
    """
    asked = compensating_not_fixing.DETECTOR

    def weeks(given: tuple[int, ...], contacts: tuple[int, ...]):
        sums = [cell(credits=c, contacts=k) for c, k in zip(given, contacts, strict=True)]
        return ask(asked, *sums, cohort="reason=delivery")

    assert isinstance(weeks((4, 8, 12), (50, 50, 50)), CohortFinding)
    assert weeks((4, 8, 12), (50, 40, 30)) is None
    assert weeks((4, 12, 12), (50, 50, 50)) is None
    assert weeks((2, 4, 9), (50, 50, 50)) is None
