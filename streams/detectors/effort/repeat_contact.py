"""Does the customer have to come back about the same thing? (EF1, the reverse of FCR)

Fires when   a new inbound contact comes on an issue whose previous contact ended within
             ``window_d`` days (full severity), or within ``long_window_d`` days (one lower) and is
             at least the ``long_contacts``th about it: that somebody asks twice in a month is
             counted in the metrics, and asks nothing of anybody today.
Silent when  the company called, a dropped call was reconnected, a reply came on a case still open,
             or the contact is about another issue.
Forgets      by itself: an episode resolves after ``quiet_d`` days without a further contact.
Requirements S4-27, S2-20, S0-17, S1-24
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

Days = Annotated[float, Gt(0), Le(90)]


@dataclass(frozen=True)
class RepeatContact(Detector):
    """Thresholds: days of the short and the long window, and contacts that the long one takes."""

    listens: ClassVar = ("contact.started", "case.customer_replied")
    action: ClassVar = "Have one owner call back, take the issue over and close it"
    quiet_d: ClassVar = 30

    window_d: Days = 7
    long_window_d: Days = 30
    long_contacts: Annotated[int, Ge(2), Le(100)] = 3

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """A counted contact with a predecessor inside a window."""
        if not heard.new_contact or not heard.previous_contact_ms:
            return None
        # A contact told late still lies that far from its neighbour.
        gap_ms = abs(heard.at_ms - heard.previous_contact_ms)
        if gap_ms > self.long_window_d * DAY_MS:
            return None
        issue, in_short = heard.issue, gap_ms <= self.window_d * DAY_MS
        if not in_short and issue.chain < self.long_contacts:
            return None
        severity = min(5, issue.chain) - (0 if in_short else 1)
        window_d = self.window_d if in_short else self.long_window_d
        return Finding(
            severity=max(1, severity),
            reason="repeat_contact",
            text=f"{issue.chain} contacts about the same issue, the last {gap_ms / DAY_MS:.1f} "
            f"days after the one before (within {window_d:g} days)",
            object=issue.key,
            number=issue.chain,
            threshold=2,
            marks=issue.contact_marks,
            issue=issue.key,
        )


DETECTOR = RepeatContact()
