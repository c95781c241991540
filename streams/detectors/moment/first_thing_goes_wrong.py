"""Is this the first time that something goes wrong? (MO2)

Fires when   for the first time that we know of an error of severity ``error_severity`` or more, a
             late order, a failed payment, a failed onboarding step, a task given up after an error,
             a bill shock or a complaint comes: at once as ``detected``, once per customer; and as
             mishandled when a part of its standard is missed, once the customer turns to us: an
             answer of substance in ``response_h`` open hours (times ``tier_share``), no more than
             ``cold_transfers``, solved or a date in ``resolve_h``, a second word from us in
             ``follow_up_h``, no return in ``repeat_d`` days.
Silent when  something went wrong before; or it mends itself. Who has not asked is owed a word only
             where the policy sets ``first_word_h``: others look at silence. The standard met
             resolves it with ``standard_met``.
Forgets      the moment at the end of its standard, that there was one never; a mishandled one after
             ``quiet_d`` days.
Requirements S4-18, S1-11, S1-30
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

from streams.engine import standard
from streams.engine.detector import Finding
from streams.engine.heard import Heard
from streams.engine.standard import HEARD, Hours, MomentOfTruth
from streams.engine.watch import Watch

NAMES = {
    "product.error": "error",
    "order.delayed": "late order",
    "payment.failed": "failed payment",
    "onboarding.step_failed": "failed onboarding step",
    "task.abandoned": "task given up after an error",
    "invoice.issued": "bill shock",
    "complaint.filed": "complaint",
}
MENDS = {
    "payment.succeeded": "payment.failed",
    "order.delivered": "order.delayed",
    "onboarding.step_completed": "onboarding.step_failed",
    "task.completed": "task.abandoned",
}


class Memory(standard.Memory, array_like=True):
    """Also: the type of the first thing that went wrong; "" while nothing has."""

    first: str = ""


@dataclass(frozen=True)
class FirstThingGoesWrong(MomentOfTruth):
    """The standard of the first trouble, and which errors are trouble."""

    listens: ClassVar = (*NAMES, *MENDS, *HEARD)
    begins: ClassVar = frozenset(NAMES)
    memory: ClassVar = Memory
    action: ClassVar = "Write or call before they have to: how the first trouble ends is remembered"
    asked_after: ClassVar = 1
    called: ClassVar = "the first thing that went wrong"

    first_word_h: Hours = 0
    error_severity: Annotated[int, Ge(1), Le(4)] = 3

    def begun(self, memory: Memory, heard: Heard) -> Finding | None:
        """Something goes wrong, and nothing had."""
        if memory.first or heard.type not in NAMES or not self._is_trouble(heard):
            return None
        memory.first = heard.type
        issue = heard.issue.key if heard.issue is not None else None
        self.watch(memory, heard, "", issue, asked=heard.type == "complaint.filed")
        return Finding(
            severity=1,
            reason="detected",
            text=f"1st thing that goes wrong for this customer: {NAMES[heard.type]}",
            number=1,
            marks=[heard.note()],
            issue=issue,
            cause=_CAUSES.get(heard.type),
        )

    def settles(self, memory: Any, watch: Watch, heard: Heard) -> bool:
        """What failed went through after all."""
        return heard.resolved or MENDS.get(heard.type) == memory.first

    def _is_trouble(self, heard: Heard) -> bool:
        touchpoint = heard.touchpoint
        if heard.type == "product.error":
            return touchpoint.severity >= self.error_severity
        if heard.type == "task.abandoned":
            return touchpoint.error_code is not None
        if heard.type == "invoice.issued":
            return heard.journey.is_open("bill_shock", touchpoint.invoice_id)
        return True


_CAUSES = {
    "product.error": "product_quality",
    "payment.failed": "billing",
    "invoice.issued": "billing",
    "onboarding.step_failed": "onboarding",
}


DETECTOR = FirstThingGoesWrong()
