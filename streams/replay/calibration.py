"""Does the index say what customers say? CES answers against effort, and the points that fit them.

What is kept does not grow with the answers: how often each pair of index and ease occurred, and
sums of products of the components.

The fit. Hardness (1 − ease) is taken as a constant plus a weight, not below zero, for each point of
each component in force at the time of the answer. Only how the weights stand to one another says
something about points; so they are scaled until all answers together carry as many points as they
do now, and bands and ``k`` of the index keep their meaning. A component seen in too few answers
keeps its points; what it adds is taken out of the others' explanation all the same.
"""

from collections import Counter
from dataclasses import fields
from statistics import NormalDist
from typing import NamedTuple

from streams.engine.rules import EffortPoints
from streams.replay.answers import Answer
from streams.replay.least_squares import NotSolved, solve
from streams.replay.ranks import CONFIDENCE, Correlation, spearman

ANSWERS_MIN = 200
"""Answers below which no points are suggested (catalogue section 5)."""
SEEN_MIN = 20
"""Answers in which a component must be seen before it gets points of its own."""
POINTS_MAX = 1000.0
_SEEN_POINTS = 0.01
_SUMMED = {"ivr": ("ivr_minute", "ivr_max"), "wait": ("wait_minute", "wait_max")}


class Suggestion(NamedTuple):
    """What the answers say about one of the policy's points.

    Args:
        name: the key under ``[effort.points]``.
        points: in force.
        suggested: instead; the same where too little is known.
        seen: answers in which its component counted.
    """

    name: str
    points: float
    suggested: float
    seen: int


class Fit(NamedTuple):
    """The weights that explain the answers best, and how well.

    Args:
        weights: hardness per point in force, by component, none below zero.
        share: of the answers' spread that they explain (R²), 0 to 1.
        columns: components that varied at all.
    """

    weights: dict[str, float]
    share: float
    columns: int

    def is_no_accident(self, n: int) -> bool:
        """Whether unrelated answers would seldom (5 %) be explained as well.

        n R² of answers that have nothing to do with k columns is distributed as chi-square with k
        degrees of freedom, and smaller where weights may not be negative, so this errs on the side
        of silence; its quantile after Wilson and Hilferty (PNAS 17, 1931, 684-688).

        Args:
            n: answers it rests on.
        """
        if not self.columns:
            return False
        ninth = 2 / (9 * self.columns)
        z = NormalDist().inv_cdf(CONFIDENCE)
        return n * self.share > self.columns * (1 - ninth + z * ninth**0.5) ** 3


class Calibration:
    """Takes answers one by one; at any time says what they amount to."""

    def __init__(self) -> None:
        self.n = 0
        self.seen: Counter[str] = Counter()
        self._pairs: Counter[tuple[float, float]] = Counter()
        self._hardness = 0.0
        self._hardness_square = 0.0
        self._sums: dict[str, float] = {}
        self._with_hardness: dict[str, float] = {}
        self._products: dict[tuple[str, str], float] = {}

    def take(self, answer: Answer) -> None:
        """One more answer."""
        self.n += 1
        # To a tenth and a hundredth: as the index is told, and finer than any scale asked on.
        self._pairs[round(answer.jei, 1), round(answer.ease, 2)] += 1
        hardness = 1.0 - answer.ease
        self._hardness += hardness
        self._hardness_square += hardness**2
        parts = sorted((name, value) for name, value in answer.parts.items() if value > 0)
        for name, value in parts:
            self.seen[name] += value >= _SEEN_POINTS
            self._sums[name] = self._sums.get(name, 0.0) + value
            self._with_hardness[name] = self._with_hardness.get(name, 0.0) + value * hardness
            for other, other_value in parts:
                pair = (name, other)
                self._products[pair] = self._products.get(pair, 0.0) + value * other_value

    def correlation(self) -> Correlation | None:
        """Rank correlation of index and ease: the nearer to −1, the better they agree."""
        return spearman(self._pairs)

    def fit(self) -> Fit:
        """The weights that explain the answers best.

        Raises:
            NotSolved: the components always come together, so nothing tells them apart.
        """
        names = sorted(self._sums)
        gram = [[self._moment(a, b) for b in names] for a in names]
        target = [
            self._with_hardness[name] - self._sums[name] * self._hardness / self.n for name in names
        ]
        weights = solve(gram, target)
        spread = self._hardness_square - self._hardness**2 / max(1, self.n)
        # At the best weights the explained part is their product with the target.
        explained = sum(w * t for w, t in zip(weights, target, strict=True))
        return Fit(
            dict(zip(names, weights, strict=True)),
            explained / spread if spread > 1e-9 else 0.0,
            sum(self._moment(name, name) > 0 for name in names),
        )

    def suggestions(self, points: EffortPoints) -> list[Suggestion] | None:
        """Every point of the policy with what the answers suggest; None where they suggest nothing.

        Args:
            points: in force during the replay.
        """
        if self.n < ANSWERS_MIN:
            return None
        try:
            fit = self.fit()
        except NotSolved:
            return None
        if not fit.is_no_accident(self.n):
            return None
        weights = {name: w for name, w in fit.weights.items() if self.seen[name] >= SEEN_MIN}
        explained = sum(weights[name] * self._sums[name] for name in weights)
        if explained <= 0:
            return None
        scale = sum(self._sums[name] for name in weights) / explained
        suggested = []
        for component, names in components().items():
            factor = weights[component] * scale if component in weights else 1.0
            for name in names:
                value = getattr(points, name)
                new = float(f"{min(value * factor, POINTS_MAX):.3g}")
                suggested.append(Suggestion(name, value, new, self.seen[component]))
        return suggested

    def _moment(self, one: str, other: str) -> float:
        """Sum of products about the means: that is what leaves the constant free."""
        product = self._products.get((one, other), 0.0)
        moment = product - self._sums[one] * self._sums[other] / self.n
        return moment if abs(moment) > 1e-9 * abs(product) else 0.0  # what is left of a constant


def components() -> dict[str, tuple[str, ...]]:
    """The names under which effort is added up, each with the policy's keys that make it."""
    summed = {name for names in _SUMMED.values() for name in names}
    own = (field.name for field in fields(EffortPoints))
    return {**{name: (name,) for name in own if name not in summed}, **_SUMMED}
