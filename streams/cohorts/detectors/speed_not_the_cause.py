"""Are customers unhappy although they are answered fast?

Fires when   in two weeks in a row the median response came within ``response_s`` and mean CSAT was
             ``csat`` or less, with ``answers_min`` answers each.
Silent when  there are fewer answers, or nothing is known of response times.
Forgets      nothing: it looks at two weeks.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le

from streams.cohorts.detector import (
    UNKNOWN,
    WEEK,
    Answer,
    CohortDetector,
    CohortFinding,
    Seen,
    values_of,
)
from streams.cohorts.measures import csat, quantile_s


@dataclass(frozen=True)
class SpeedNotTheCause(CohortDetector):
    """Thresholds: what is fast, what is unhappy, and how many answers say so."""

    period: ClassVar = WEEK
    action: ClassVar = "Stop pressing for speed here: find out what the answers leave unsolved"
    requirements: ClassVar = ("S0-21",)

    response_s: Annotated[float, Gt(0)] = 1800
    csat: Annotated[float, Ge(1), Le(5)] = 3.2
    answers_min: Annotated[int, Ge(1)] = 30

    def judge(self, seen: Seen) -> Answer:
        """Two weeks, oldest first."""
        shown = []
        for week in (seen.period(1), seen.period(0)):
            mean, median_s = csat(week), quantile_s(week, "response", 0.5)
            if mean is None or median_s is None or week["csat"] < self.answers_min:
                return UNKNOWN
            if median_s >= self.response_s or mean > self.csat + 1e-9:
                return None
            shown.append(values_of(csat_mean=mean, response_median_s=median_s, n=week["csat"]))
        text = (
            f"{shown[-1]['csat_mean']:.1f} of 5 although half of all answers come within "
            f"{shown[-1]['response_median_s'] / 60:.0f} minutes"
        )
        mean = shown[-1]["csat_mean"]
        return CohortFinding(3, "fast_and_unhappy", text, mean, self.csat, shown)


DETECTOR = SpeedNotTheCause()
