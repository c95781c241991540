"""Rhythm: by day, by week, and some far more often than others."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.instants import rfc3339
from streams.simulator.rhythm import heavy_tailed, next_ms, next_run_ms, season, warmth, weekday
from streams.simulator.telling import DAY_MS

MONDAY_MS = 1_767_571_200_000


def test_weekdays() -> None:
    """1970-01-01 was a Thursday, 2026-01-05 a Monday."""
    assert (weekday(0), weekday(MONDAY_MS), weekday(MONDAY_MS - 1)) == (3, 0, 6)


@given(st.integers(0, 2**31), st.integers(0, 10**13), st.floats(0.001, 10))
def test_time_only_goes_forward(seed: int, after_ms: int, per_day: float) -> None:
    """Law: the next time lies after the last one."""
    assert next_ms(Random(seed), after_ms, per_day) > after_ms


@pytest.mark.parametrize("per_day", [0.02, 0.2])
def test_people_do_it_about_as_often_as_they_should(per_day: float) -> None:
    """Over a long time the rate is what was asked for, less what weekends put off."""
    rng, at_ms, times = Random(1), MONDAY_MS, 0
    while at_ms < MONDAY_MS + 20_000 * DAY_MS:
        at_ms = next_ms(rng, at_ms, per_day)
        times += 1
    assert 0.7 * per_day < times / 20_000 < 1.1 * per_day


def test_rates_stay_in_their_limits_and_most_are_small() -> None:
    """Pareto: the median is below twice the least, and somebody reaches the most."""
    rng = Random(1)
    rates = sorted(heavy_tailed(rng, 0.01, 1) for _ in range(10_000))
    assert rates[0] >= 0.01 and rates[-1] == 1
    assert rates[5_000] < 0.02


@given(st.integers(0, 2**31), st.integers(0, 4 * 10**12), st.integers(1, 28))
def test_the_next_run_is_the_next_such_day(seed: int, after_ms: int, day: int) -> None:
    """Law: later than now, on that day of the month, within a month, before three in the night."""
    run_ms = next_run_ms(Random(seed), after_ms, day)
    assert after_ms < run_ms <= after_ms + 32 * DAY_MS
    assert run_ms % DAY_MS < 3 * 3_600_000
    assert rfc3339(run_ms)[8:10] == f"{day:02d}"


def test_seasons_average_to_one() -> None:
    """A year's bills and purchases are what they would be without seasons, nearly."""
    months_ms = [MONDAY_MS + round(month * 30.4 * DAY_MS) for month in range(12)]
    for by_season in (warmth, season):
        assert 0.95 < sum(map(by_season, months_ms)) / 12 < 1.25
    assert warmth(months_ms[0]) > warmth(months_ms[6])
    assert season(months_ms[11]) > season(months_ms[0])
