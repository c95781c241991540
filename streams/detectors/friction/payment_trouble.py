"""Does the customer's money not get through? (BI1)

Fires when   a payment fails; higher from the attempt ``raised_attempts`` on, highest when it was
             the last attempt or the bank refused for good (a hard decline).
Silent when  the same payment went through meanwhile and the word of the failure only came late.
Forgets      a failure once it is paid; the oldest of more than eight.
Requirements S3-14
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le
from msgspec import Struct, field

from streams.engine import money
from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard

DUES_MAX, MARKS_MAX = 8, 6


class Due(Struct, array_like=True, gc=False):
    """Something that was to be paid and was not, and how often it was tried."""

    object: str
    attempts: int = 0
    marks: list[int] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """What is unpaid after a failure, oldest first, and the last payment that went through."""

    dues: list[Due] = field(default_factory=list)
    paid: str = ""
    paid_ms: int = 0


@dataclass(frozen=True)
class PaymentTrouble(Detector):
    """Thresholds: the attempt from which severity rises."""

    listens: ClassVar = ("payment.failed", "payment.succeeded")
    memory: ClassVar = Memory
    action: ClassVar = "Tell the customer what went wrong and try again on another day"
    cause: ClassVar = "billing"

    raised_attempts: Annotated[int, Ge(2), Le(100)] = 2

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Count failures of what is to be paid; what is paid is forgotten."""
        touchpoint = heard.touchpoint
        name = touchpoint.invoice_id or touchpoint.order_id or ""
        if heard.type == "payment.succeeded":
            return _paid(memory, name, heard.at_ms)
        if name == memory.paid and heard.at_ms <= memory.paid_ms:
            return None
        due, forgotten = _due(memory, name)
        due.attempts = max(due.attempts + 1, touchpoint.attempt_no)
        due.marks.append(heard.note())
        del due.marks[:-MARKS_MAX]
        return [*forgotten, self._finding(due, touchpoint)]

    def _finding(self, due: Due, touchpoint: Any) -> Finding:
        most = touchpoint.max_attempts
        hard = touchpoint.decline == "hard"
        last = most is not None and touchpoint.attempt_no >= most
        action = None
        if hard:
            severity, reason = 4, "hard_decline"
            action = "Ask the customer for another means of payment; this one will not work again"
        elif last:
            severity, reason = 4, "last_attempt_failed"
            action = "Call the customer before service is cut off and settle the payment together"
        elif due.attempts >= self.raised_attempts:
            severity, reason = 3, "payment_failed_again"
        else:
            severity, reason = 2, "payment_failed"
        amount = touchpoint.amount_minor
        of = f" of {money.told(amount, touchpoint.currency)}" if amount is not None else ""
        return Finding(
            severity=severity,
            reason=reason,
            text=f"{due.attempts} failed payment{'s' * (due.attempts > 1)}{of}, "
            f"attempt {touchpoint.attempt_no}{f' of {most}' if most else ''}, "
            f"{touchpoint.decline or 'unknown'} decline",
            object=due.object,
            number=due.attempts,
            threshold=most if last else self.raised_attempts if severity == 3 else 1,
            marks=due.marks,
            action=action,
        )


def _due(memory: Memory, name: str) -> tuple[Due, list[Clear]]:
    for due in memory.dues:
        if due.object == name:
            return due, []
    due = Due(name)
    memory.dues.append(due)
    if len(memory.dues) <= DUES_MAX:
        return due, []
    return due, [Clear("forgotten", memory.dues.pop(0).object)]


def _paid(memory: Memory, name: str, at_ms: int) -> Answer:
    if at_ms >= memory.paid_ms:
        memory.paid, memory.paid_ms = name, at_ms
    # A failure that named nothing is paid by any payment; a payment that names nothing pays it, or
    # the only one there is.
    paid = [due for due in memory.dues if due.object in (name, "")]
    if not paid and not name and len(memory.dues) == 1:
        paid = list(memory.dues)
    memory.dues = [due for due in memory.dues if due not in paid]
    return [Clear("paid", due.object) for due in paid]


DETECTOR = PaymentTrouble()
