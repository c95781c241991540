"""UP1: contacts about a cause stand out from its own hour of the week (S1-01, S2-13, S4-24)."""

import pytest

from streams.cohorts.detector import UNKNOWN
from streams.cohorts.detectors.upstream_cause_spike import DETECTOR
from tests.cohorts.detectors.asked import DAY_MS, ask, cell, reason

WEEK = 168


def weeks(count: int, usual: int, now: int) -> list[int]:
    """So many weeks in which that hour had the usual count, and the hour now."""
    return ([usual] + [0] * (WEEK - 1)) * count + [now]


def spike(rhythm: list[int], customers: int = 20, **more):
    """The hour asked about, of a reason."""
    hour = cell(customers, contacts=rhythm[-1])
    return ask(DETECTOR, hour, cohort="reason=product/outage", rhythm=rhythm, **more)


@pytest.mark.parametrize(("contacts", "severity"), [(25, 3), (50, 4), (200, 5)])
def test_an_hour_far_above_the_same_hour_of_other_weeks_is_found(contacts, severity):
    """Five contacts are usual on this hour of the week."""
    found = spike(weeks(4, 5, contacts))
    assert (reason(found), found.severity) == ("hour_spike", severity)
    assert found.periods[0]["usual"] == 5


def test_what_is_usual_at_this_hour_is_no_spike():
    """Every Monday at nine there are 40; 45 are no wonder, and 60 scatter no further than counts
    that are twice the usual have to."""
    assert spike(weeks(4, 40, 45)) is None
    assert spike(weeks(4, 40, 70)) is None


def test_one_busy_customer_is_no_upstream_cause():
    """Nine customers, however often they call."""
    assert spike(weeks(4, 5, 60), customers=9) is None


def test_without_weeks_to_compare_with_nothing_is_said():
    """Two weeks of history are not three."""
    assert spike(weeks(2, 5, 60)) is UNKNOWN


def test_a_day_can_stand_out_where_no_hour_does():
    """Three contacts in each hour of a day on which one an hour is usual, told at midnight; by day
    nothing is taken back before the next midnight."""
    rhythm = [1] * (4 * WEEK - 24) + [3] * 24
    hours = [cell(20, contacts=3)] * 24
    found = ask(DETECTOR, *hours, cohort="reason=a", rhythm=rhythm, end_ms=20_000 * DAY_MS)
    assert reason(found) == "day_spike"
    quiet = [*rhythm, 1]
    assert spike(quiet, open_reason="day_spike") is UNKNOWN
    assert spike(quiet, open_reason="hour_spike") is None
