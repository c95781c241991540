"""Do operations report green while customers turn away?

Fires when   in each of four weeks answers came in time and service levels were met, and mean CSAT
             fell three times in a row: by ``fall`` in all, and by more than chance would
             (``fall_z`` standard errors); or churn rose three times in a row, likewise.
Silent when  a week has fewer than ``answers_min`` answers, or operations were not on target.
Forgets      nothing: it looks at four weeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt

from streams.cohorts.cell import Cell
from streams.cohorts.detector import (
    UNKNOWN,
    WEEK,
    Answer,
    CohortDetector,
    CohortFinding,
    Seen,
    values_of,
)
from streams.cohorts.measures import csat, csat_deviation, fcr_claimed, share
from streams.cohorts.rules import CohortRules


@dataclass(frozen=True)
class GreenOpsRedOutcome(CohortDetector):
    """Thresholds: answers (or customers who left) a week, size of the fall, and its certainty."""

    period: ClassVar = WEEK
    action: ClassVar = "Look past response times: follow 20 of these customers all the way through"
    cause: ClassVar = "service_process"
    requirements: ClassVar = ("S0-01", "S3-01", "S4-07")

    answers_min: Annotated[int, Ge(1)] = 30
    fall: Annotated[float, Gt(0)] = 0.2
    fall_z: Annotated[float, Ge(0)] = 2
    churned_min: Annotated[int, Ge(1)] = 10

    def judge(self, seen: Seen) -> Answer:
        """Four weeks, oldest first."""
        weeks = [seen.period(back) for back in (3, 2, 1, 0)]
        if not all(_on_target(week, seen.rules) for week in weeks):
            return None
        if all(week["csat"] >= self.answers_min for week in weeks):
            found = self._satisfaction(weeks)
        else:
            found = UNKNOWN
        return self._churn(weeks) or found

    def _satisfaction(self, weeks: Sequence[Cell]) -> Answer:
        means = [csat(week) or 0.0 for week in weeks]
        fell = means[0] - means[-1]
        if not all(one > two for one, two in pairwise(means)) or fell < self.fall - 1e-9:
            return None
        if fell < self.fall_z * sqrt(_error(weeks[0]) ** 2 + _error(weeks[-1]) ** 2):
            return None
        text = (
            f"{means[-1]:.1f} of 5 after {means[0]:.1f}: satisfaction fell three weeks in a row "
            "while operations were on target"
        )
        return CohortFinding(
            4, "satisfaction_falls", text, means[-1], means[0], [_shown(week) for week in weeks]
        )

    def _churn(self, weeks: Sequence[Cell]) -> Answer:
        left = [week["churned"] for week in weeks]
        rose = left[-1] - left[0]
        chance = self.fall_z * sqrt(left[0] + left[-1])
        if not all(one < two for one, two in pairwise(left)):
            return None
        if left[-1] < self.churned_min or rose < chance:
            return None
        text = (
            f"{left[-1]} customers left after {left[0]}: churn rose three weeks in a row while "
            "operations were on target"
        )
        shown = [_shown(week) for week in weeks]
        return CohortFinding(4, "churn_rises", text, left[-1], left[0], shown)


def _on_target(week: Cell, rules: CohortRules) -> bool:
    """Everything operations can say of the week meets its target, and they can say something."""
    response_s = share(week["response_ms"] / 1000, week["response"])
    met, resolved = share(week["sla_met"], week["sla"]), fcr_claimed(week)
    said = [
        response_s is None or response_s <= rules.response_s,
        met is None or met >= rules.sla,
        resolved is None or resolved == 0 or resolved >= rules.fcr,
    ]
    return all(said) and (response_s, met) != (None, None)


def _error(week: Cell) -> float:
    """Standard error of a week's mean."""
    return (csat_deviation(week) or 0.0) / sqrt(week["csat"])


def _shown(week: Cell) -> dict[str, float]:
    return values_of(
        csat_mean=csat(week),
        n=week["csat"],
        churned=week["churned"],
        response_mean_s=share(week["response_ms"] / 1000, week["response"]),
        sla_share=share(week["sla_met"], week["sla"]),
        fcr_claimed=fcr_claimed(week),
    )


DETECTOR = GreenOpsRedOutcome()
