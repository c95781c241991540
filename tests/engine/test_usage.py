"""Use of the product is measured against the customer's own four weeks before."""

from types import SimpleNamespace

import pytest

from streams.engine import usage
from streams.engine.units import DAY_MS

WEEK_S = 7 * 86_400
START_MS = 2_900 * usage.WEEK_MS


def told(*amounts, days=7, active=False):
    """Summaries of so many days each, from the beginning of a week on."""
    weeks = []
    for number, amount in enumerate(amounts):
        usage.fold(
            weeks,
            SimpleNamespace(
                period_start=START_MS + number * days * DAY_MS,
                period_s=float(days * 86_400),
                key_actions=None if active else {"login": amount},
                active_users=amount,
            ),
        )
    return weeks


@pytest.mark.parametrize(
    ("amounts", "share"),
    [
        ((10, 10, 10, 10, 5), 0.5),
        ((10, 0), 1.0),
        ((10, 10), 0.0),
        ((10, 20), -1.0),
        ((40, 0, 0, 0, 0, 5), None),
    ],
)
def test_the_last_week_against_the_four_before(amounts, share):
    """Half of it, nothing, the same, twice as much; and what is older than four weeks is over."""
    assert usage.fallen(told(*amounts)) == share


def test_active_users_stand_for_actions_nobody_counted():
    """Where no actions are told, people are."""
    assert usage.fallen(told(8, 2, active=True)) == 0.75


def test_days_add_up_to_weeks():
    """Seven daily summaries are a week; three days of the next are no word about it yet."""
    assert usage.fallen(told(*[10] * 7, *[0] * 3, days=1)) is None
    assert usage.fallen(told(*[10] * 7, *[0] * 4, days=1)) == 1.0


def test_one_week_alone_says_nothing():
    """Nothing to compare with, nothing concluded."""
    assert usage.fallen(told(10)) is None
    assert usage.fallen([]) is None


def test_the_last_week_may_be_asked_to_be_a_late_one():
    """Use before a given instant says nothing about what came after it."""
    weeks = told(10, 2)

    assert usage.fallen(weeks, START_MS + 2 * usage.WEEK_MS - 1) == pytest.approx(0.8)
    assert usage.fallen(weeks, START_MS + 2 * usage.WEEK_MS) is None


def test_a_summary_of_no_time_is_none():
    """And five weeks are all that is kept."""
    weeks = []
    usage.fold(
        weeks,
        SimpleNamespace(period_start=START_MS, period_s=0.0, key_actions=None, active_users=3),
    )
    assert weeks == []
    assert len(told(*range(20))) == usage.WEEKS_MAX
