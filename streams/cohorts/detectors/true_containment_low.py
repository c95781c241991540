"""Does self-service help too few?

Fires when   of a week's self-service attempts (``attempts_min`` or more) less than the policy's
             standard ([cohorts] ``containment``) needed no person within 24 hours.
Silent when  there are fewer.
Forgets      nothing: a week is judged a day after its end, when it is known.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge

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
class TrueContainmentLow(CohortDetector):
    """Thresholds: attempts that must show it; the standard stands with the cohorts."""

    period: ClassVar = WEEK
    ripe_d: ClassVar = 1
    action: ClassVar = "Mend the topics most attempts fail on, or offer a person sooner"
    cause: ClassVar = "knowledge"
    requirements: ClassVar = ("S3-23", "S2-22", "S2-10")

    attempts_min: Annotated[int, Ge(1)] = 30

    def judge(self, seen: Seen) -> Answer:
        """One week, a day later."""
        week = seen.period()
        n, standard = week["attempts"], seen.rules.containment
        if n < self.attempts_min:
            return UNKNOWN
        true = (week["contained"] - week["contained_not"]) / n
        if true >= standard:
            return None
        text = f"{100 * true:.0f} % of {n} attempts needed no person within a day"
        shown = [values_of(containment_true=true, n=n)]
        return CohortFinding(3, "below_standard", text, true, standard, shown)


DETECTOR = TrueContainmentLow()
