"""Is this the first time they ask, now that they are on their own? (MO1)

Fires when   the first inbound contact comes after an onboarding was completed: at once as
             ``detected``, once per customer and product; and as mishandled when a part of its
             standard is missed: an answer of substance in ``response_h`` open hours (times
             ``tier_share``), no more than ``cold_transfers``, solved or a date for it in
             ``resolve_h``, a word from us in ``follow_up_h``, no return in ``repeat_d`` days.
Silent when  no onboarding was completed, or it is not the first. The standard met is no fault: the
             episode resolves with ``standard_met``.
Forgets      the moment at the end of its standard; a mishandled one after ``quiet_d`` days.
Requirements S4-17, S1-11, S1-30, S4-15
"""

from dataclasses import dataclass
from typing import ClassVar

from msgspec import field

from streams.engine import standard
from streams.engine.detector import Finding
from streams.engine.heard import Heard
from streams.engine.standard import HEARD, MomentOfTruth
from streams.engine.units import DAY_MS

PRODUCTS_MAX = 4


class Memory(standard.Memory, array_like=True):
    """Also: when each onboarding was completed, by product; 0 once its first contact has come."""

    completed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FirstContactAfterOnboarding(MomentOfTruth):
    """The standard of the first contact."""

    listens: ClassVar = ("onboarding.completed", *HEARD)
    begins: ClassVar = frozenset({"onboarding.completed"})
    memory: ClassVar = Memory
    action: ClassVar = "Make it good: answer fully, and say that they can always come back"
    cause: ClassVar = "onboarding"
    called: ClassVar = "the first contact after onboarding"

    def begun(self, memory: Memory, heard: Heard) -> Finding | None:
        """An onboarding is completed, or the first contact after one comes."""
        product = heard.touchpoint.product_id or ""
        if heard.type == "onboarding.completed":
            memory.completed.setdefault(product, heard.at_ms)
            if len(memory.completed) > PRODUCTS_MAX:
                del memory.completed[next(iter(memory.completed))]
            return None
        if heard.type != "contact.started" or not heard.new_contact:
            return None
        product = _meant(memory.completed, product)
        since_ms = memory.completed.get(product, 0)
        if not 0 < since_ms <= heard.at_ms:
            return None
        memory.completed[product] = 0
        self.watch(memory, heard, product, heard.issue.key, asked=True)
        days = (heard.at_ms - since_ms) / DAY_MS
        return Finding(
            severity=1,
            reason="detected",
            text=f"{days:.1f} days after the onboarding was completed the first contact comes",
            object=product,
            number=days,
            marks=[heard.note()],
            issue=heard.issue.key,
        )


def _meant(completed: dict[str, int], product: str) -> str:
    """The onboarding a contact is about: its product's, the nameless one, or any for a nameless
    contact."""
    if completed.get(product) or (product and not completed.get("")):
        return product
    return "" if product else next((name for name, ms in completed.items() if ms), "")


DETECTOR = FirstContactAfterOnboarding()
