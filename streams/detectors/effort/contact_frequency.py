"""Does this customer have to come to us too often, whatever about? (EF2)

Fires when   ``week_contacts`` inbound contacts fall within ``week_d`` days or ``month_contacts``
             within ``month_d`` days; higher from ``severe_contacts`` within ``month_d`` days.
Silent when  the company called, a dropped call was reconnected, or contacts are further apart.
Forgets      the episode once both counts have been below their limits for ``calm_d`` days.
Requirements S4-12, S4-10
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

Contacts = Annotated[int, Ge(2), Le(16)]
Days = Annotated[float, Gt(0), Le(90)]


class Memory(Struct, array_like=True, gc=False):
    """When the customer will have been below both limits for long enough; 0 if not above."""

    calm_ms: int = 0


@dataclass(frozen=True)
class ContactFrequency(Detector):
    """Thresholds: two counts and their windows in days, the count that is severe, days of calm."""

    listens: ClassVar = ("contact.started", "case.customer_replied")
    memory: ClassVar = Memory
    action: ClassVar = "Go through all open issues of this customer and settle them in one call"

    week_contacts: Contacts = 3
    week_d: Days = 7
    month_contacts: Contacts = 5
    month_d: Days = 30
    severe_contacts: Contacts = 6
    calm_d: Days = 7

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Count the contacts of both windows, as of the customer's latest touchpoint."""
        if not heard.new_contact:
            return None
        times, now_ms = heard.journey.contact_times, heard.now_ms
        week_ms, month_ms = int(self.week_d * DAY_MS), int(self.month_d * DAY_MS)
        in_week = sum(now_ms - ms <= week_ms for ms in times)
        in_month = sum(now_ms - ms <= month_ms for ms in times)
        weekly = in_week >= self.week_contacts
        if not weekly and in_month < self.month_contacts:
            return None
        below_ms = []
        if weekly:
            below_ms.append(times[-self.week_contacts] + week_ms)
        if in_month >= self.month_contacts:
            below_ms.append(times[-self.month_contacts] + month_ms)
        memory.calm_ms = max(below_ms) + int(self.calm_d * DAY_MS)
        span_ms, count = (week_ms, in_week) if weekly else (month_ms, in_month)
        return Finding(
            severity=4 if in_month >= self.severe_contacts else 3,
            reason="frequent_contact",
            text=f"{count} contacts within {span_ms / DAY_MS:g} days, whatever about; "
            f"{in_month} within {self.month_d:g} days",
            number=count,
            threshold=self.week_contacts if weekly else self.month_contacts,
            marks=[n for issue in heard.journey.issues for n in issue.contact_marks],
        )

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """Below both limits for long enough."""
        memory.calm_ms = 0
        return Clear("calm")

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When calm will have lasted long enough."""
        return memory.calm_ms or None


DETECTOR = ContactFrequency()
