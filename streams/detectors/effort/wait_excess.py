"""Does the customer wait too long, all waits added up? (EF7)

Fires when   menu, queue and hold on one issue add up to ``wait_min`` minutes, higher from
             ``severe_wait_min``; or one wait is longer than quoted by the policy's ``quote_ratio``
             and by ``over_quote_min`` minutes.
Silent when  the sum stays below, a quoted wait is kept, or it is exceeded by little.
Forgets      the episode when the issue is resolved, or after ``quiet_d`` days without another wait;
             the sum after the policy's ``repeat_long_d`` days without anything on the issue.
Requirements S3-15, S4-10, S1-23, S2-09
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, Le

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard

Minutes = Annotated[float, Gt(0), Le(10_080)]


@dataclass(frozen=True)
class WaitExcess(Detector):
    """Thresholds: minutes of waiting on one issue, severe ones, minutes above what was quoted."""

    listens: ClassVar = (
        "ivr.segment_ended",
        "contact.answered",
        "contact.abandoned",
        "contact.hold",
        "contact.ended",
    )
    action: ClassVar = "Call back at a time the customer picks, with the right person already there"
    clears_with_issue: ClassVar = True
    quiet_d: ClassVar = 30

    wait_min: Minutes = 20
    severe_wait_min: Minutes = 40
    over_quote_min: Minutes = 5

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """Add up, if this touchpoint was a wait; then look at what had been quoted."""
        issue = heard.issue
        if issue is None or not heard.waited_s:
            return None
        waited_min = issue.wait_s / 60
        if waited_min >= self.wait_min:
            severe = waited_min >= self.severe_wait_min
            return self._finding(
                heard,
                4 if severe else 3,
                "waited_long",
                waited_min,
                self.severe_wait_min if severe else self.wait_min,
                f"{waited_min:.0f} minutes in menus, queues and on hold about one issue",
            )
        return self._over_quote(heard)

    def _over_quote(self, heard: Heard) -> Answer:
        contact = heard.contact
        if contact is None or heard.type not in ("contact.answered", "contact.abandoned"):
            return None
        actual_min, quoted_min = heard.waited_s / 60, contact.quoted_wait_s / 60
        least_min = max(
            quoted_min * heard.rules.effort.quote_ratio, quoted_min + self.over_quote_min
        )
        if not quoted_min or actual_min < least_min:
            return None
        return self._finding(
            heard,
            3,
            "waited_over_quote",
            actual_min,
            least_min,
            f"{actual_min:.0f} minutes in the queue where {quoted_min:.0f} had been quoted",
        )

    def _finding(
        self, heard: Heard, severity: int, reason: str, number: float, threshold: float, text: str
    ) -> Finding:
        issue, journey = heard.issue, heard.journey
        waits = journey.evidence(issue.trouble_marks)
        return Finding(
            severity=severity,
            reason=reason,
            text=text,
            object=issue.key,
            number=number,
            threshold=threshold,
            marks=[mark.n for mark in waits if mark.type in self.listens],
            issue=issue.key,
        )


DETECTOR = WaitExcess()
