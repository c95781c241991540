"""Are several people of one account in trouble at the same time?

Fires when   ``people`` or more of one account have an open alert of severity 3 or higher, or
             ``people_same`` or more one about the same issue, opened within ``days``.
Silent when  the alerts are one person's, or older.
Forgets      alerts as they are resolved, and after 40 days.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt

from streams.cohorts.cell import Mark
from streams.cohorts.detector import HOUR, Answer, CohortDetector, CohortFinding, Seen, values_of
from streams.engine.units import DAY_MS


@dataclass(frozen=True)
class AccountPressure(CohortDetector):
    """Thresholds: people, people with one issue, and within how many days."""

    period: ClassVar = HOUR
    kinds: ClassVar = ("account",)
    action: ClassVar = "Give the whole account one person of ours, who calls its sponsor now"
    requirements: ClassVar = ("S4-05",)

    people: Annotated[int, Ge(2)] = 2
    people_same: Annotated[int, Ge(2)] = 3
    days: Annotated[float, Gt(0)] = 14

    def judge(self, seen: Seen) -> Answer:
        """What is open at the end of an hour."""
        since_ms = seen.end_ms - self.days * DAY_MS
        recent = [mark for mark in seen.marks if since_ms < mark.at_ms <= seen.end_ms]
        grave = [mark for mark in recent if mark.number >= 3]
        people = _people(grave)
        if len(people) >= self.people:
            text = f"{len(people)} people of one account have severe open alerts"
            return self._found("several_people", text, people, self.people, grave)
        by_issue: dict[str, list[Mark]] = {}
        for mark in recent:
            if mark.detail:
                by_issue.setdefault(mark.detail, []).append(mark)
        for issue in sorted(by_issue):
            people = _people(by_issue[issue])
            if len(people) >= self.people_same:
                text = f"{len(people)} people of one account have open alerts about one issue"
                return self._found("same_issue", text, people, self.people_same, by_issue[issue])
        return None

    def _found(
        self, reason: str, text: str, people: list[str], least: int, marks: list[Mark]
    ) -> CohortFinding:
        shown = values_of(people=len(people), alerts=len(marks), n=len(people))
        return CohortFinding(4, reason, text, len(people), least, [shown], customers=people)


def _people(marks: list[Mark]) -> list[str]:
    return sorted({mark.customer for mark in marks})


DETECTOR = AccountPressure()
