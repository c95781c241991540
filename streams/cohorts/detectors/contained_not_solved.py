"""Does self-service keep customers away without solving anything?

Fires when   of a week's self-service attempts (``attempts_min`` or more) the share reported as
             contained exceeds, by ``gap`` or more, the share that no contact with a person followed
             within 24 hours.
Silent when  there are fewer.
Forgets      nothing: a week is judged a day after its end, when it is known.
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


@dataclass(frozen=True)
class ContainedNotSolved(CohortDetector):
    """Thresholds: gap as a share, and attempts that must show it."""

    period: ClassVar = WEEK
    ripe_d: ClassVar = 1
    action: ClassVar = "Follow those who called within a day: what did self-service not tell them?"
    cause: ClassVar = "knowledge"
    requirements: ClassVar = ("S2-22", "S3-23")

    gap: Annotated[float, Gt(0), Le(1)] = 0.1
    attempts_min: Annotated[int, Ge(1)] = 100

    def judge(self, seen: Seen) -> Answer:
        """One week, a day later."""
        week = seen.period()
        n = week["attempts"]
        if n < self.attempts_min:
            return UNKNOWN
        reported, true = week["contained"] / n, (week["contained"] - week["contained_not"]) / n
        if reported - true < self.gap - 1e-9:
            return None
        text = (
            f"{100 * (reported - true):.0f} points: {100 * reported:.0f} % of attempts count as "
            f"contained, {100 * true:.0f} % needed no person within a day"
        )
        shown = [values_of(containment_reported=reported, containment_true=true, n=n)]
        return CohortFinding(3, "reported_exceeds", text, reported - true, self.gap, shown)


DETECTOR = ContainedNotSolved()
