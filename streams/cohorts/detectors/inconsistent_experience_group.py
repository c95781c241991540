"""Is it a matter of luck how a customer fares here?

Fires when   CSAT of a week's contacts in one queue, with agents of one tenure band or in one region
             scatters by ``deviation`` (standard deviation on 1 to 5) or more, with ``answers_min``
             answers, whatever the mean.
Silent when  there are fewer answers.
Forgets      nothing: it looks at one week.

A deviation of 1.0 is what satisfaction surveys usually show of anybody; 1.2 takes two kinds of
experience.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt

from streams.cohorts.detector import (
    UNKNOWN,
    WEEK,
    Answer,
    CohortDetector,
    CohortFinding,
    Seen,
    values_of,
)
from streams.cohorts.measures import csat, csat_deviation, share


@dataclass(frozen=True)
class InconsistentExperienceGroup(CohortDetector):
    """Thresholds: scatter on a scale of 1 to 5, and answers that must show it."""

    period: ClassVar = WEEK
    kinds: ClassVar = ("queue", "tenure_band", "region")
    action: ClassVar = "Compare the best and the worst contacts of the week; level up, not the mean"
    requirements: ClassVar = ("S4-13", "S3-08")

    deviation: Annotated[float, Gt(0)] = 1.2
    answers_min: Annotated[int, Ge(2)] = 20

    def judge(self, seen: Seen) -> Answer:
        """One week."""
        week = seen.period()
        scatter = csat_deviation(week)
        if scatter is None or week["csat"] < self.answers_min:
            return UNKNOWN
        if scatter < self.deviation:
            return None
        worst = share(week["csat_bad"], week["csat"])
        shown = values_of(
            csat_mean=csat(week), csat_deviation=scatter, dsat_share=worst, n=week["csat"]
        )
        text = (
            f"{scatter:.1f} points of scatter around a mean of {shown['csat_mean']:.1f}: "
            f"{100 * (worst or 0):.0f} % had a bad experience"
        )
        return CohortFinding(3, "scatters", text, scatter, self.deviation, [shown])


DETECTOR = InconsistentExperienceGroup()
