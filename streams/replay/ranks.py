"""Do two things rise and fall together? Spearman's rank correlation with its interval.

From counts of pairs, not from the pairs: as many answers as there are fit into as many cells as
the two scales have.
"""

from collections import Counter
from collections.abc import Mapping
from math import atanh, sqrt, tanh
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
"""Share of such intervals that hold the true value."""


class Correlation(NamedTuple):
    """A rank correlation and how sure it is.

    Args:
        rho: −1 to 1.
        low, high: its interval at ``CONFIDENCE``.
        n: pairs it rests on.
    """

    rho: float
    low: float
    high: float
    n: int


def spearman(pairs: Mapping[tuple[float, float], int]) -> Correlation | None:
    """Spearman's rho with mid-ranks for ties, and an interval for it.

    The interval is Fisher's z with the standard error sqrt((1 + rho²/2) / (n − 3)) of Bonett and
    Wright ("Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
    Psychometrika 65, 2000, 23-28), which holds for rank correlations where Fisher's own does not.

    Args:
        pairs: how often each pair of values occurred.

    Returns:
        None where there is nothing to say: fewer than four pairs, or a side that never varies.
    """
    n = sum(pairs.values())
    left, right = _ranks(pairs, 0), _ranks(pairs, 1)
    if n < 4 or len(left) < 2 or len(right) < 2:
        return None
    middle = (n + 1) / 2
    together = left_square = right_square = 0.0
    for (a, b), count in sorted(pairs.items()):
        from_left, from_right = left[a] - middle, right[b] - middle
        together += count * from_left * from_right
        left_square += count * from_left**2
        right_square += count * from_right**2
    rho = together / sqrt(left_square * right_square)
    return Correlation(rho, *_interval(rho, n), n)


def _interval(rho: float, n: int) -> tuple[float, float]:
    if abs(rho) >= 1 - 1e-12:  # in perfect order; z has no value there
        return rho, rho
    away = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt((1 + rho**2 / 2) / (n - 3))
    return tanh(atanh(rho) - away), tanh(atanh(rho) + away)


def _ranks(pairs: Mapping[tuple[float, float], int], side: int) -> dict[float, float]:
    """The mid-rank of each value of one side, counted from 1."""
    counts: Counter[float] = Counter()
    for pair, count in pairs.items():
        counts[pair[side]] += count
    ranks, before = {}, 0
    for value in sorted(counts):
        ranks[value] = before + (counts[value] + 1) / 2
        before += counts[value]
    return ranks
