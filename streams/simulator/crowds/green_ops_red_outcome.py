"""Four weeks of calls answered in time, while satisfaction falls from week to week.

Near miss: it falls by less than a fifth of a point. Look-alike: it falls as far, and answers are
slow: nobody reports green.
"""

from collections.abc import Sequence

from streams.simulator.crowds._many import Many

DAYS = 30
NEARLY = {"fall": 0.15, "fall_z": 0.0}


def _weeks(many: Many, shares: Sequence[float], wait_s: float) -> None:
    for week, share in enumerate(shares):
        for n, at_ms in enumerate(many.spread(100, week)):
            score = 4 if n < round(100 * share) else 3
            many.call(f"c-{week}-{n}", at_ms, wait_s=wait_s, csat=score, region="jakarta")
    many.begins_ms = many.at(week=1)


def positive(many: Many) -> None:
    """3.8, 3.6, 3.4, 3.2."""
    _weeks(many, (0.8, 0.6, 0.4, 0.2), 1_200)


def near_miss(many: Many) -> None:
    """3.80, 3.74, 3.68, 3.62."""
    _weeks(many, (0.80, 0.74, 0.68, 0.62), 1_200)


def look_alike(many: Many) -> None:
    """3.8, 3.6, 3.4, 3.2, and fifty minutes of waiting."""
    _weeks(many, (0.8, 0.6, 0.4, 0.2), 3_000)
