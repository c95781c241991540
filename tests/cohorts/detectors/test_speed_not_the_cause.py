"""DC2: fast answers and unhappy customers (S0-21)."""

from streams.cohorts.detector import UNKNOWN
from streams.cohorts.detectors.speed_not_the_cause import DETECTOR
from tests.cohorts.detectors.asked import ask, cell, reason

UNHAPPY = cell(csat=30, csat_m=96_000, response=10, response__8=10)  # 15 to 20 minutes, mean 3.2


def test_two_unhappy_weeks_that_were_fast_are_found():
    """Median below 30 minutes and 3.2 of 5, twice."""
    found = ask(DETECTOR, UNHAPPY, UNHAPPY)
    assert (reason(found), found.severity) == ("fast_and_unhappy", 3)
    assert found.periods[-1]["response_median_s"] < 1_800


def test_one_week_is_not_enough_and_neither_are_29_answers():
    """The week before was better, or too few said so."""
    better = cell(csat=30, csat_m=99_000, response=10, response__8=10)
    few = cell(csat=29, csat_m=92_800, response=10, response__8=10)
    assert ask(DETECTOR, better, UNHAPPY) is None
    assert ask(DETECTOR, few, UNHAPPY) is UNKNOWN


def test_slow_answers_are_a_cause_of_their_own():
    """Median in the bin above 30 minutes; and where nothing is known of speed, nothing is said."""
    slow = cell(csat=30, csat_m=90_000, response=10, response__11=10)
    assert ask(DETECTOR, slow, slow) is None
    assert ask(DETECTOR, cell(csat=30, csat_m=90_000), UNHAPPY) is UNKNOWN
