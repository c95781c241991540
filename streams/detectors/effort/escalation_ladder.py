"""Does it take someone higher up to be heard? (EF11)

Fires when   the customer asks for an escalation, an issue is escalated ``issue_escalations`` times,
             or one is critical from ``criticality``: severity 3, 4, 5 in that order.
Silent when  an agent hands a first, uncritical problem up on their own.
Forgets      the episode when the issue is resolved, or after ``quiet_d`` days without another.
Requirements S1-24, S4-20
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard


@dataclass(frozen=True)
class EscalationLadder(Detector):
    """Thresholds: escalations on one issue, and the criticality (1-4) that is critical alone."""

    listens: ClassVar = ("contact.escalated",)
    action: ClassVar = "Give it to someone who may decide; answer today with a decision and a date"
    clears_with_issue: ClassVar = True
    quiet_d: ClassVar = 30

    issue_escalations: Annotated[int, Ge(1), Le(20)] = 2
    criticality: Annotated[int, Ge(1), Le(4)] = 3

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """One more escalation: who asked, how critical, how many on the issue."""
        issue, touchpoint = heard.issue, heard.touchpoint
        count = issue.escalations if issue is not None else 1
        grade = touchpoint.criticality or 0
        if grade >= self.criticality:
            severity, reason = 5, "critical"
            number, threshold = grade, self.criticality
            text = f"Criticality {grade} of 4, escalated to level {touchpoint.level or 1}"
        elif count >= self.issue_escalations:
            severity, reason = 4, "escalated_again"
            number, threshold = count, self.issue_escalations
            text = f"{count} escalations on one issue"
        elif touchpoint.requested_by == "customer":
            severity, reason, number, threshold = 3, "customer_asked", count, 1
            text = f"{count} escalation the customer had to ask for"
        else:
            return None
        return Finding(
            severity=severity,
            reason=reason,
            text=text,
            object=issue.key if issue is not None else heard.contact.issue,
            number=number,
            threshold=threshold,
            marks=_escalations(heard),
            issue=issue.key if issue is not None else None,
        )


def _escalations(heard: Heard) -> list[int]:
    marks = heard.issue.trouble_marks if heard.issue is not None else [heard.note()]
    return [mark.n for mark in heard.journey.evidence(marks) if mark.type == "contact.escalated"]


DETECTOR = EscalationLadder()
