"""How many are satisfied with something that was not easy?

Fires when   of a week's pairs of CSAT and CES about one contact (``pairs_min`` or more), ``share``
             or more are satisfied (4 or 5) and found it hard (CES 2.0 of 3 or less).
Silent when  there are fewer pairs.
Forgets      nothing: it looks at one week.
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
class SatisfiedNotEasyShare(CohortDetector):
    """Thresholds: share of pairs, and pairs that must show it."""

    period: ClassVar = WEEK
    action: ClassVar = "Do not rest on satisfaction: take steps out of what these customers did"
    requirements: ClassVar = ("S3-19", "S0-09")

    share: Annotated[float, Gt(0), Le(1)] = 0.1
    pairs_min: Annotated[int, Ge(1)] = 30

    def judge(self, seen: Seen) -> Answer:
        """One week."""
        week = seen.period()
        n = week["pairs"]
        if n < self.pairs_min:
            return UNKNOWN
        hard = week["pairs_hard"] / n
        if hard < self.share - 1e-9:
            return None
        text = f"{100 * hard:.0f} % of {n} customers asked were satisfied and still found it hard"
        shown = [values_of(satisfied_not_easy_share=hard, n=n)]
        return CohortFinding(3, "satisfied_and_hard", text, hard, self.share, shown)


DETECTOR = SatisfiedNotEasyShare()
