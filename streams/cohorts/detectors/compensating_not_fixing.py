"""Is money given where a cause should be mended?

Fires when   credits and recovery actions for one reason or product rose two weeks in a row, to
             ``credits_min`` or more, while contacts about it did not fall.
Silent when  they are fewer, or contacts fall: then the money may do its work.
Forgets      nothing: it looks at three weeks.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge

from streams.cohorts.detector import WEEK, Answer, CohortDetector, CohortFinding, Seen, values_of


@dataclass(frozen=True)
class CompensatingNotFixing(CohortDetector):
    """Thresholds: credits a week."""

    period: ClassVar = WEEK
    kinds: ClassVar = ("reason", "product")
    action: ClassVar = "Spend the next week's credits on mending the cause"
    requirements: ClassVar = ("S1-03",)

    credits_min: Annotated[int, Ge(1)] = 10

    def judge(self, seen: Seen) -> Answer:
        """Three weeks, oldest first."""
        weeks = [seen.period(back) for back in (2, 1, 0)]
        given = [week["credits"] for week in weeks]
        contacts = [week["contacts"] for week in weeks]
        if not given[0] < given[1] < given[2] or given[2] < self.credits_min:
            return None
        if contacts[2] < contacts[0] or not contacts[0]:
            return None
        text = (
            f"{given[2]} credits this week after {given[1]} and {given[0]}, and contacts about it "
            f"do not fall ({contacts[0]} to {contacts[2]})"
        )
        shown = [
            values_of(credits=week["credits"], contacts=week["contacts"], n=week["contacts"])
            for week in weeks
        ]
        return CohortFinding(3, "credits_rise", text, given[2], self.credits_min, shown)


DETECTOR = CompensatingNotFixing()
