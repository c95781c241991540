"""Does every bill have to be explained? (BI3)

Fires when   the customer gets in touch about billing within ``after_d`` days of a bill in
             ``confused_cycles`` of the last ``cycles`` billing cycles. Bills less than
             ``cycle_min_d`` days apart belong to one cycle.
Silent when  it was one bill only, the contacts are about something else, come later, or the company
             called.
Forgets      the episode after as many clean cycles as it took confused ones; bills older than the
             last cycles.
Requirements S4-02, S4-01
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

CYCLES_MAX, INVOICES_MAX = 6, 2


class Cycle(Struct, array_like=True, gc=False):
    """The bills of one cycle: the last ones' ids, when the first came, contacts about them."""

    at_ms: int
    invoices: list[str] = field(default_factory=list)
    contacts: int = 0
    marks: list[int] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """The last cycles, by time, and when to see whether the confusion is over (0: never)."""

    cycles: list[Cycle] = field(default_factory=list)
    look_ms: int = 0
    told: bool = False


@dataclass(frozen=True)
class RecurringBillingConfusion(Detector):
    """Thresholds: days after a bill, cycles looked at, confused ones, reasons that are billing."""

    listens: ClassVar = ("invoice.issued", "contact.started", "case.customer_replied")
    memory: ClassVar = Memory
    action: ClassVar = (
        "Go through the bill with the customer once, and change what makes it unclear"
    )
    cause: ClassVar = "billing"

    after_d: Annotated[float, Gt(0), Le(90)] = 10
    cycles: Annotated[int, Ge(2), Le(CYCLES_MAX)] = 3
    confused_cycles: Annotated[int, Ge(2), Le(CYCLES_MAX)] = 2
    cycle_min_d: Annotated[float, Ge(0), Le(90)] = 5
    reasons: tuple[str, ...] = ("billing", "invoice", "payment", "price")

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A bill, or a contact about one."""
        if heard.type == "invoice.issued":
            self._issued(memory, heard)
            return None
        if not heard.new_contact:
            return None
        cycle = self._asked_about(memory, heard)
        if cycle is None:
            return None
        cycle.contacts += 1
        if len(cycle.marks) < 3:
            cycle.marks.append(heard.note())
        last = memory.cycles[-self.cycles :]
        confused = [one for one in last if one.contacts]
        if len(confused) < self.confused_cycles or cycle not in confused:
            return None
        memory.told = True
        self._plan(memory)
        contacts = sum(one.contacts for one in confused)
        return Finding(
            severity=4,
            reason="bills_need_explaining",
            text=f"{len(confused)} of the last {len(last)} bills led to {contacts} contacts about "
            f"billing within {self.after_d:g} days",
            number=len(confused),
            threshold=self.confused_cycles,
            marks=[number for one in confused for number in one.marks],
        )

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """The last bill has had its days: was it the last of enough clean ones?"""
        memory.look_ms = 0
        last = memory.cycles[-self.confused_cycles :]
        if len(last) < self.confused_cycles or any(one.contacts for one in last):
            return None
        memory.told = False
        return Clear("clean_cycles")

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the last bill, after a confusion, will have been clean."""
        return memory.look_ms or None

    def _plan(self, memory: Memory) -> None:
        if memory.told:
            memory.look_ms = memory.cycles[-1].at_ms + int(self.after_d * DAY_MS) + 1

    def _issued(self, memory: Memory, heard: Heard) -> None:
        invoice_id, apart_ms = heard.touchpoint.invoice_id, self.cycle_min_d * DAY_MS
        cycle = next((one for one in memory.cycles if invoice_id in one.invoices), None) or next(
            (one for one in memory.cycles if abs(heard.at_ms - one.at_ms) < apart_ms), None
        )
        if cycle is None:
            cycle = Cycle(heard.at_ms, marks=[heard.note()])
            memory.cycles.append(cycle)
            memory.cycles.sort(key=lambda one: one.at_ms)
            del memory.cycles[: -self.cycles]
        if invoice_id not in cycle.invoices:
            cycle.invoices.append(invoice_id)
            del cycle.invoices[:-INVOICES_MAX]
        self._plan(memory)

    def _asked_about(self, memory: Memory, heard: Heard) -> Cycle | None:
        """The cycle whose bill is named, or the last one before a contact about billing."""
        touchpoint = heard.touchpoint
        reason, invoice_id = touchpoint.reason, touchpoint.invoice_id
        if invoice_id is None and (reason is None or reason.l1 not in self.reasons):
            return None
        before = [
            one for one in memory.cycles if 0 <= heard.at_ms - one.at_ms <= self.after_d * DAY_MS
        ]
        named = [one for one in before if invoice_id in one.invoices]
        if invoice_id is not None and not named:
            return None
        candidates = named or before
        return candidates[-1] if candidates else None


DETECTOR = RecurringBillingConfusion()
