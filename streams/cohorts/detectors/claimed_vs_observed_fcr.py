"""Do agents claim resolutions that customers do not see?

Fires when   of a week's first contacts (``contacts_min`` or more) the share claimed resolved
             exceeds, by ``gap`` or more, the share after which the customer did not come back in
             the same channel within 7 days.
Silent when  there are fewer, or nobody claims anything.
Forgets      nothing: a week is judged 7 days after its end, when it is known.
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
from streams.cohorts.measures import fcr, fcr_claimed, first_contacts


@dataclass(frozen=True)
class ClaimedVsObservedFcr(CohortDetector):
    """Thresholds: gap as a share, and first contacts that must show it."""

    period: ClassVar = WEEK
    ripe_d: ClassVar = 7
    action: ClassVar = "Count as resolved what customers do not come back about, and coach on it"
    requirements: ClassVar = ("S4-08", "S1-24")

    gap: Annotated[float, Gt(0), Le(1)] = 0.1
    contacts_min: Annotated[int, Ge(1)] = 100

    def judge(self, seen: Seen) -> Answer:
        """One week, a week later."""
        week = seen.period()
        claimed, observed, n = fcr_claimed(week), fcr(week, 7), first_contacts(week)
        if claimed is None or observed is None or n < self.contacts_min:
            return UNKNOWN
        if claimed - observed < self.gap - 1e-9:
            return None
        text = (
            f"{100 * (claimed - observed):.0f} points: {100 * claimed:.0f} % claimed resolved at "
            f"the first contact, {100 * observed:.0f} % did not come back"
        )
        shown = [values_of(fcr_claimed=claimed, fcr_7d=observed, n=n)]
        return CohortFinding(3, "claims_exceed", text, claimed - observed, self.gap, shown)


DETECTOR = ClaimedVsObservedFcr()
