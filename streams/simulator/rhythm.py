"""When people do things: by day and by week, and some far more often than others."""

from bisect import bisect_left
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

from streams.simulator.telling import DAY_MS, HOUR_MS

# Share of a day's traffic by hour, in UTC: mornings and early afternoons, little at night.
_HOURS = (1, 1, 1, 1, 1, 2, 8, 20, 45, 62, 65, 60, 48, 50, 58, 55, 48, 40, 34, 28, 20, 12, 6, 3)
# Share of a Monday's traffic by weekday, Monday first.
_WEEKDAYS = (1.0, 0.92, 0.88, 0.86, 0.82, 0.35, 0.25)
# By month, January first: what heating and light cost, and how much is bought.
_WARMTH = (2.2, 2.0, 1.6, 1.1, 0.7, 0.5, 0.5, 0.5, 0.7, 1.1, 1.6, 2.0)
_SHOPPING = (0.8, 0.85, 0.95, 1.0, 1.0, 0.95, 0.9, 0.9, 1.0, 1.05, 1.35, 1.6)
# Bills are made by a nightly run.
_RUN_MS = 3 * HOUR_MS
_HOURS_SO_FAR = tuple(accumulate(_HOURS))


def weekday(at_ms: int) -> int:
    """0 for a Monday.

    Args:
        at_ms: epoch milliseconds; 1970-01-01 was a Thursday.
    """
    return (at_ms // DAY_MS + 3) % 7


def next_ms(rng: Random, after_ms: int, per_day: float) -> int:
    """When somebody next does what they do so many times a day.

    Args:
        rng: where chance comes from.
        after_ms: epoch milliseconds of the last time.
        per_day: how often, on average over weekdays.
    """
    day_ms = (after_ms + int(rng.expovariate(per_day) * DAY_MS)) // DAY_MS * DAY_MS
    while rng.random() > _WEEKDAYS[weekday(day_ms)]:
        day_ms += DAY_MS
    return max(after_ms + HOUR_MS, day_ms + time_of_day_ms(rng))


def time_of_day_ms(rng: Random) -> int:
    """A time of day as people have it, in milliseconds since midnight UTC."""
    hour = bisect_left(_HOURS_SO_FAR, rng.random() * _HOURS_SO_FAR[-1])
    return int((hour + rng.random()) * HOUR_MS)


def next_run_ms(rng: Random, after_ms: int, day: int) -> int:
    """When the billing run of that day of the month next comes to a customer: by night.

    Args:
        rng: where chance comes from.
        after_ms: epoch milliseconds; the run is on a later day.
        day: of the month, 1 to 28.
    """
    now = datetime.fromtimestamp(after_ms // 1000, UTC)
    months = now.year * 12 + now.month - 1 + (now.day >= day)
    run = datetime(months // 12, months % 12 + 1, day, tzinfo=UTC)
    return int(run.timestamp()) * 1000 + int(rng.random() * _RUN_MS)


def warmth(at_ms: int) -> float:
    """How much of a month's use costs by season: most in January, least in summer."""
    return _WARMTH[datetime.fromtimestamp(at_ms // 1000, UTC).month - 1]


def season(at_ms: int) -> float:
    """How much more people shop than on average: before the holidays more, after them less."""
    return _SHOPPING[datetime.fromtimestamp(at_ms // 1000, UTC).month - 1]


def heavy_tailed(rng: Random, least: float, most: float) -> float:
    """A rate that is small for nearly everybody and large for a few (Pareto, exponent 1.5).

    Args:
        rng: where chance comes from.
        least: the smallest rate.
        most: the largest.
    """
    return min(most, least * rng.paretovariate(1.5))
