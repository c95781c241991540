"""Is this customer handed from one to the next? (EF3)

Fires when   one contact is transferred ``contact_transfers`` times, or contacts and cases about one
             issue are handed on ``issue_transfers`` times within ``window_d`` days, or a queue
             already visited comes again; higher when they are many, a return, or all cold.
Silent when  a case moves between agents of one group, a contact is transferred once, or hand-overs
             of different contacts are further apart.
Forgets      the episode when the issue is resolved, or after ``quiet_d`` days without another.
Requirements S3-15, S3-02, S4-23
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

Transfers = Annotated[int, Ge(1), Le(6)]
"""An issue remembers the times of its last six hand-overs."""


@dataclass(frozen=True)
class TransferBurden(Detector):
    """Thresholds: transfers in one contact, on one issue and in how many days, severe ones."""

    listens: ClassVar = ("contact.transferred", "case.reassigned")
    action: ClassVar = "Name one owner with the right skill; call back instead of passing on again"
    clears_with_issue: ClassVar = True
    quiet_d: ClassVar = 30

    contact_transfers: Transfers = 2
    issue_transfers: Transfers = 3
    window_d: Annotated[float, Gt(0), Le(90)] = 7
    severe_transfers: Transfers = 3

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """Judge the way the contact or the case has come, and all hand-overs of the issue."""
        if not heard.transfer:
            return None
        in_contact = heard.type == "contact.transferred"
        passed = heard.contact if in_contact else heard.case
        path, issue = passed.path, heard.issue
        own = path.transfers if in_contact else 0
        times = issue.transfer_times if issue is not None else ()
        on_issue = sum(heard.now_ms - ms <= self.window_d * DAY_MS for ms in times)
        if own >= self.contact_transfers:
            number, threshold, text = own, self.contact_transfers, "hand-overs in one contact"
        elif on_issue >= self.issue_transfers:
            number, threshold = on_issue, self.issue_transfers
            text = f"hand-overs on one issue within {self.window_d:g} days"
        elif heard.revisit:
            number, threshold, text = path.revisits, 1, "return to where the customer had been"
        else:
            return None
        looped, all_cold = path.revisits > 0, own > 0 and path.cold == own
        return Finding(
            severity=4 if looped or all_cold or number >= self.severe_transfers else 3,
            reason="sent_back" if looped else "handed_on",
            text=f"{number} {text}; cold: {path.cold}, returns: {path.revisits}",
            object=issue.key if issue is not None else passed.issue,
            number=number,
            threshold=threshold,
            marks=_hand_overs(heard, passed.issue),
            issue=passed.issue if issue is None else issue.key,
        )


def _hand_overs(heard: Heard, issue_key: str) -> list[int]:
    journey = heard.journey
    passed = [one for one in (*journey.contacts, *journey.cases) if one.issue == issue_key]
    return [number for one in passed for number in one.path.marks]


DETECTOR = TransferBurden()
