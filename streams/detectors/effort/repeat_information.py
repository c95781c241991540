"""Does the customer have to say it all again? (EF4)

Fires when   something already given is asked for again, an agent answers a returning customer
             without the history, or a transfer passes no context: ``contact_requests`` times in one
             contact or ``issue_requests`` times on one issue; higher from ``severe_requests`` in
             one contact.
Silent when  the question is asked for the first time, or a new customer is answered without
             history.
Forgets      the episode when the issue is resolved, or after ``quiet_d`` days without another.
Requirements S3-15, S3-28, S0-14, S0-15
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard

Requests = Annotated[int, Ge(1), Le(20)]


@dataclass(frozen=True)
class RepeatInformation(Detector):
    """Thresholds: repetitions in one contact, on one issue, and severe ones in one contact."""

    listens: ClassVar = ("contact.info_requested", "contact.answered", "contact.transferred")
    action: ClassVar = (
        "Write what the customer has told into the case; tell the next agent not to ask"
    )
    clears_with_issue: ClassVar = True
    quiet_d: ClassVar = 30

    contact_requests: Requests = 2
    issue_requests: Requests = 3
    severe_requests: Requests = 3

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """Count repetitions, if this touchpoint was one."""
        if not heard.asked_again:
            return None
        contact, issue = heard.contact, heard.issue
        in_contact = contact.information
        on_issue = issue.information if issue is not None else 0
        if in_contact >= self.contact_requests:
            number, threshold, where = in_contact, self.contact_requests, "in one contact"
        elif on_issue >= self.issue_requests:
            number, threshold, where = on_issue, self.issue_requests, "on one issue"
        else:
            return None
        return Finding(
            severity=4 if in_contact >= self.severe_requests else 3,
            reason="said_again",
            text=f"{number} times {where} the customer had to say again what was already known",
            object=issue.key if issue is not None else contact.issue,
            number=number,
            threshold=threshold,
            marks=issue.information_marks if issue is not None else (heard.note(),),
            issue=issue.key if issue is not None else contact.issue,
        )


DETECTOR = RepeatInformation()
