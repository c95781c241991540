"""Does reaching out help? Both arms compared, with n and an interval; "inconclusive" is an answer.

Proportions (repeat contact, churn): the difference with Newcombe's hybrid score interval (Newcombe
1998, Statistics in Medicine 17:873, method 10) of two Wilson intervals (Wilson 1927, JASA 22:209).
Means (the Journey Effort Index): the difference with the large-sample interval of unequal variances
(Welch 1947, Biometrika 34:28), normal quantile, hence not below ``N_MIN`` per arm. All at 95 %: of
twenty comparisons without any effect one is expected to look like one.

Arms are compared as they were drawn, whether or not the outreach was sent or answered.
"""

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any, NamedTuple

Z = 1.959964
"""Quantile of the normal distribution for 95 %, two-sided."""
N_MIN = 30
"""Customers per arm below which nothing is concluded."""
EVERY = "all"
"""Name under which all detectors are taken together."""


class Sample(NamedTuple):
    """Number, sum and sum of squares of what was observed in one arm."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, value: float) -> "Sample":
        """One more observation."""
        return Sample(self.n + 1, self.total + value, self.squares + value * value)

    @property
    def mean(self) -> float:
        """The mean, or the share of ones; 0 of nothing."""
        return self.total / self.n if self.n else 0.0


class Compared(NamedTuple):
    """One measure at one horizon in both arms.

    ``difference`` is treat minus hold-out, with its interval; below zero is better for all of them.
    ``verdict`` is helps, harms or inconclusive.
    """

    kind: str
    measure: str
    horizon_d: int
    treat_n: int
    hold_out_n: int
    treat: float
    hold_out: float
    difference: float
    low: float
    high: float
    verdict: str


def compare(observations: Iterable[Mapping[str, Any]]) -> list[Compared]:
    """Every measure of every detector, and of all together.

    Args:
        observations: as ``schemas.outreach.OutreachObservation`` promises; one told twice counts
            once.
    """
    seen: set[tuple[Any, ...]] = set()
    arms: dict[tuple[str, int, str], dict[str, Sample]] = {}
    for one in observations:
        identity = (one["alert_id"], one["started_at"], one["measure"], one["horizon_d"])
        if identity in seen:
            continue
        seen.add(identity)
        for kind in (EVERY, one["kind"]):
            by_arm = arms.setdefault((kind, one["horizon_d"], one["measure"]), {})
            by_arm[one["arm"]] = by_arm.get(one["arm"], Sample()).plus(one["value"])
    ordered = sorted(arms, key=lambda key: (key[0] != EVERY, key))
    return [
        _compared(*key, arms[key].get("treat", Sample()), arms[key].get("hold_out", Sample()))
        for key in ordered
    ]


def _compared(kind: str, horizon_d: int, measure: str, treat: Sample, left: Sample) -> Compared:
    if not treat.n or not left.n:
        low, high = (-100.0, 100.0) if measure == "jei" else (-1.0, 1.0)
    elif measure == "jei":
        low, high = means(treat, left)
    else:
        low, high = newcombe(round(treat.total), treat.n, round(left.total), left.n)
    verdict = "inconclusive"
    if min(treat.n, left.n) >= N_MIN and (high < 0 or low > 0):
        verdict = "helps" if high < 0 else "harms"
    difference = treat.mean - left.mean
    return Compared(
        kind, measure, horizon_d, treat.n, left.n, treat.mean, left.mean, difference, low, high,
        verdict,
    )  # fmt: skip


def wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's score interval of a proportion; 0 to 1 of nothing.

    Args:
        count: how often it happened.
        n: of how many.
    """
    if not n:
        return 0.0, 1.0
    share, slack = count / n, Z * Z / n
    middle = share + slack / 2
    half = Z * sqrt(share * (1 - share) / n + slack / (4 * n))
    return max(0.0, (middle - half) / (1 + slack)), min(1.0, (middle + half) / (1 + slack))


def newcombe(count: int, n: int, other_count: int, other_n: int) -> tuple[float, float]:
    """Newcombe's interval of the difference of two proportions (method 10, no continuity term)."""
    first, second = count / n, other_count / other_n
    (low, high), (other_low, other_high) = wilson(count, n), wilson(other_count, other_n)
    below = sqrt((first - low) ** 2 + (other_high - second) ** 2)
    above = sqrt((high - first) ** 2 + (second - other_low) ** 2)
    return first - second - below, first - second + above


def means(first: Sample, second: Sample) -> tuple[float, float]:
    """Large-sample interval of the difference of two means with unequal variances."""
    half = Z * sqrt(_variance(first) / first.n + _variance(second) / second.n)
    difference = first.mean - second.mean
    return difference - half, difference + half


def _variance(sample: Sample) -> float:
    if sample.n < 2:
        return 0.0
    return max(0.0, (sample.squares - sample.n * sample.mean**2) / (sample.n - 1))
