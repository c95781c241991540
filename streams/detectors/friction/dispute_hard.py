"""Does a disputed charge drag on? (BI4)

Fires when   a dispute is open for more than ``open_d`` days, or the customer has to ask about it
             ``contacts`` times, or it is opened again after it was decided. Higher when it was
             opened again, or when two of these hold.
Silent when  it is decided in time without the customer's asking; contacts are about something else.
Forgets      a dispute ``settled_d`` quiet days after it was decided; the oldest of more than eight.
Requirements S3-14, S1-04
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine import money
from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

Days = Annotated[float, Gt(0), Le(3650)]
DISPUTES_MAX, MARKS_MAX = 8, 8


class Dispute(Struct, array_like=True, gc=False):
    """One dispute: what is known to be hard about it, and when to look again (0: never)."""

    dispute_id: str
    issue: str | None
    invoice_id: str | None
    opened_ms: int
    due_ms: int
    of: str = ""
    decided_ms: int = 0
    contacts: int = 0
    long: bool = False
    again: bool = False
    marks: list[int] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """The disputes not yet settled, oldest first."""

    disputes: list[Dispute] = field(default_factory=list)


@dataclass(frozen=True)
class DisputeHard(Detector):
    """Thresholds: days open, contacts about it, quiet days after which a decision holds."""

    listens: ClassVar = (
        "dispute.opened",
        "dispute.resolved",
        "contact.started",
        "case.customer_replied",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Give the dispute one owner who decides it this week and tells the customer"
    cause: ClassVar = "billing"

    open_d: Days = 10
    contacts: Annotated[int, Ge(1), Le(100)] = 2
    settled_d: Days = 30

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Follow the dispute; count the customer's contacts about it."""
        if heard.type == "dispute.opened":
            return self._opened(memory, heard)
        if heard.type == "dispute.resolved":
            return self._decided(memory, heard)
        if not heard.new_contact or not memory.disputes:
            return None
        about = [dispute for dispute in memory.disputes if _is_about(dispute, heard)]
        return [finding for one in about if (finding := self._asked(one, heard)) is not None]

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """Open for too long; or decided and quiet for long enough."""
        answers: list[Finding | Clear] = []
        for dispute in [one for one in memory.disputes if 0 < one.due_ms <= heard.at_ms]:
            if dispute.decided_ms:
                memory.disputes.remove(dispute)
                answers.append(Clear("settled", dispute.dispute_id))
            else:
                dispute.long, dispute.due_ms = True, 0
                answers.append(self._finding(dispute, heard))
        return answers

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When one will have been open too long, or settled."""
        return min((one.due_ms for one in memory.disputes if one.due_ms), default=None)

    def _opened(self, memory: Memory, heard: Heard) -> Answer:
        touchpoint, issue = heard.touchpoint, heard.issue
        due_ms = heard.at_ms + int(self.open_d * DAY_MS)
        known = _known(memory, touchpoint.dispute_id)
        if known is None:
            amount = touchpoint.amount_minor
            memory.disputes.append(
                Dispute(
                    touchpoint.dispute_id,
                    issue.key if issue is not None else None,
                    touchpoint.invoice_id,
                    heard.at_ms,
                    due_ms,
                    money.told(amount, touchpoint.currency) if amount is not None else "",
                    marks=[heard.note()],
                )
            )
            if len(memory.disputes) > DISPUTES_MAX:
                return Clear("forgotten", memory.disputes.pop(0).dispute_id)
            return None
        if not known.decided_ms or heard.at_ms < known.decided_ms:
            return None
        known.decided_ms, known.opened_ms, known.due_ms = 0, heard.at_ms, due_ms
        known.again = True
        _keep(known, heard)
        return self._finding(known, heard)

    def _decided(self, memory: Memory, heard: Heard) -> Answer:
        dispute = _known(memory, heard.touchpoint.dispute_id)
        if dispute is not None and heard.at_ms >= dispute.opened_ms:
            dispute.decided_ms = heard.at_ms
            dispute.due_ms = heard.at_ms + int(self.settled_d * DAY_MS)
            _keep(dispute, heard)
        return None

    def _asked(self, dispute: Dispute, heard: Heard) -> Finding | None:
        dispute.contacts += 1
        if dispute.decided_ms:
            dispute.due_ms = max(dispute.due_ms, heard.at_ms + int(self.settled_d * DAY_MS))
        _keep(dispute, heard)
        return self._finding(dispute, heard) if dispute.contacts >= self.contacts else None

    def _finding(self, dispute: Dispute, heard: Heard) -> Finding:
        asked = dispute.contacts >= self.contacts
        hard = sum((dispute.long, dispute.again, asked))
        days = (heard.at_ms - dispute.opened_ms) / DAY_MS
        contacts = f"{dispute.contacts} contact{'s' * (dispute.contacts != 1)}"
        if dispute.again:
            reason, text = "opened_again", f"1 decided dispute opened again, {contacts} about it"
            number, threshold = 1.0, 1.0
        elif dispute.long:
            reason, text = "open_too_long", f"{days:.0f} days open, {contacts} about it"
            number, threshold = days, self.open_d
        else:
            reason, text = "asked_about", f"{contacts} about a dispute open for {days:.0f} days"
            number, threshold = float(dispute.contacts), float(self.contacts)
        return Finding(
            severity=4 if dispute.again or hard > 1 else 3,
            reason=reason,
            text=text + (f" ({dispute.of})" if dispute.of else ""),
            object=dispute.dispute_id,
            number=number,
            threshold=threshold,
            marks=dispute.marks,
            issue=dispute.issue,
            action="Have somebody who may decide go through the whole dispute with the customer"
            if dispute.again
            else None,
        )


def _known(memory: Memory, dispute_id: str) -> Dispute | None:
    return next((one for one in memory.disputes if one.dispute_id == dispute_id), None)


def _is_about(dispute: Dispute, heard: Heard) -> bool:
    invoice_id = heard.touchpoint.invoice_id
    same_issue = heard.issue is not None and heard.issue.key == dispute.issue
    same_invoice = invoice_id is not None and invoice_id == dispute.invoice_id
    return (same_issue or same_invoice) and heard.at_ms >= dispute.opened_ms


def _keep(dispute: Dispute, heard: Heard) -> None:
    dispute.marks.append(heard.note())
    if len(dispute.marks) > MARKS_MAX:
        del dispute.marks[1]  # the opening stays


DETECTOR = DisputeHard()
