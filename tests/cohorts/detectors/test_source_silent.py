"""A source that has fallen silent is told as such (S1-29, no false absences)."""

from itertools import chain

from streams.cohorts.detector import UNKNOWN
from streams.cohorts.detectors.source_silent import DETECTOR
from tests.cohorts.detectors.asked import ask, reason

WEEK = 168


def silent(rhythm: list[int]):
    """Asked about the last hour."""
    return ask(DETECTOR, cohort="source=urn:crm", rhythm=rhythm)


def test_an_hour_without_a_word_from_a_steady_source_is_found():
    """Fifty an hour for two days, and then nothing; no customers are blamed."""
    found = silent([50] * 48 + [0])
    assert (reason(found), found.severity, list(found.customers)) == ("nothing_heard", 4, [])


def test_it_stays_found_while_the_outage_lasts_and_ends_with_the_first_word():
    """Hours later it is still measured against what it did while it spoke."""
    assert reason(silent([50] * 48 + [0] * 9)) == "nothing_heard"
    assert silent([50] * 48 + [0] * 9 + [1]) is None


def test_a_source_that_is_quiet_at_this_hour_of_the_week_is_not_silent():
    """By day it speaks, by night it never did."""
    week = ([0] * 8 + [60] * 12 + [0] * 4) * 7
    assert silent([*week * 3, 0]) is UNKNOWN
    assert reason(silent([*week * 3, *[0] * 10])) == "nothing_heard"


def test_little_traffic_and_a_short_life_prove_nothing():
    """Eleven an hour may be missing by chance; twenty hours are no rhythm."""
    assert silent([11] * 48 + [0]) is UNKNOWN
    assert silent([50] * 20 + [0]) is UNKNOWN


def test_a_source_that_tells_less_and_less_is_not_silent_in_an_empty_hour():
    """Forty an hour for weeks; yesterday three an hour, and now one hour without any."""
    faded = [40] * (3 * WEEK) + [3] * 24
    assert silent([*faded, 0]) is UNKNOWN


def test_a_quiet_sunday_does_not_hide_a_silent_monday():
    """It is measured against other Sundays: by those the day before was as usual."""
    week = [60] * 120 + [5] * 48
    assert reason(silent([*week * 3, 0])) == "nothing_heard"


def test_what_was_empty_before_may_be_empty_again():
    """Sessions come in bursts: twice in six weeks nothing came in that hour. Once may be chance, or
    an outage of its own."""
    weeks = [[15] * WEEK for _ in range(6)]
    weeks[1][0] = weeks[4][0] = 0
    assert silent([*chain(*weeks), 0]) is UNKNOWN
    weeks[1][0] = 15
    assert reason(silent([*chain(*weeks), 0])) == "nothing_heard"


def test_a_weekly_run_that_does_not_come_is_no_silence():
    """A thousand bills on Sundays at one, and nothing else all week."""
    week = [0] * 100 + [1_000] + [0] * 67
    assert silent([*week * 4, *[0] * 101]) is UNKNOWN
