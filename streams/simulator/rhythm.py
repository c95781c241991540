"""When people do things: by day and by week, and some far more often than others."""

from bisect import bisect_left
from itertools import accumulate
from random import Random

from streams.simulator.telling import DAY_MS, HOUR_MS

# Share of a day's traffic by hour, in UTC: mornings and early afternoons, little at night.
_HOURS = (1, 1, 1, 1, 1, 2, 8, 20, 45, 62, 65, 60, 48, 50, 58, 55, 48, 40, 34, 28, 20, 12, 6, 3)
# Share of a Monday's traffic by weekday, Monday first.
_WEEKDAYS = (1.0, 0.92, 0.88, 0.86, 0.82, 0.35, 0.25)
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


def heavy_tailed(rng: Random, least: float, most: float) -> float:
    """A rate that is small for nearly everybody and large for a few (Pareto, exponent 1.5).

    Args:
        rng: where chance comes from.
        least: the smallest rate.
        most: the largest.
    """
    return min(most, least * rng.paretovariate(1.5))
