"""Did something slip, and nobody told the customer? (FR11)

Fires when   ``notice_min`` minutes after a delay, a slipped delivery date or an incident no
             proactive notice about it has gone out. A customer who asks before that was told too
             late: it is said, and closed as ``too_late`` in the same breath, so that it counts.
Silent when  the notice goes out in time (or up to as long before, by a faster system), the company
             calls about it, the date slips by less than ``slip_min_h`` hours or to an earlier one,
             or it is over before.
Forgets      a delay once noticed, asked about, delivered or over; the oldest of more than four.
Requirements S0-06, S1-10
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import HOUR_MS, MINUTE_MS

DELAYS_MAX, NOTICES_MAX, EVENTS_MAX = 4, 2, 2
INCIDENT = "incident:"


class Delay(Struct, array_like=True, gc=False):
    """Something that slipped and was not announced; due 0 once told."""

    object: str
    at_ms: int
    due_ms: int
    events: list[str] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)


class Notice(Struct, array_like=True, gc=False):
    """A notice about an order that may have been faster than the word of its delay."""

    object: str
    at_ms: int


class Memory(Struct, array_like=True, gc=False):
    """Unannounced delays, oldest first, and the last notices."""

    delays: list[Delay] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True)
class DelayWithoutNotice(Detector):
    """Thresholds: minutes to the notice, hours a date must slip, reasons of a contact about it."""

    listens: ClassVar = (
        "order.delayed",
        "order.eta_changed",
        "order.delivered",
        "order.cancelled",
        "product.incident_opened",
        "product.incident_closed",
        "notification.sent",
        "contact.started",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Tell the customer now what is late, why, and by when it will be there"

    notice_min: Annotated[float, Gt(0), Le(10_080)] = 60
    slip_min_h: Annotated[float, Ge(0), Le(8760)] = 1
    order_reasons: tuple[str, ...] = ("order", "delivery", "shipping")
    incident_reasons: tuple[str, ...] = ("technical", "product", "outage", "incident")

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A delay starts the clock; a notice, a question or the end of it stops it."""
        if heard.type == "notification.sent":
            return self._noticed(memory, heard)
        if heard.type == "contact.started":
            return self._contacted(memory, heard)
        if heard.type in ("order.delayed", "order.eta_changed", "product.incident_opened"):
            return self._slipped(memory, heard)
        if not memory.delays:
            return None
        name = _object(heard.touchpoint)
        over = [one for one in memory.delays if one.object == name]
        return _settle(memory, over, heard.type.rpartition(".")[2])

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """The time for a notice has passed."""
        due = [one for one in memory.delays if 0 < one.due_ms <= heard.at_ms]
        for delay in due:
            delay.due_ms = 0
        what = "and no notice to the customer"
        return [self._finding(one, "not_announced", self.notice_min, what) for one in due]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first notice will be overdue."""
        if not memory.delays:
            return None
        return min((one.due_ms for one in memory.delays if one.due_ms), default=None)

    def _slipped(self, memory: Memory, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        if heard.type == "order.eta_changed" and _slip_ms(touchpoint) < self._slip_min_ms():
            return None
        name, allowed_ms = _object(touchpoint), int(self.notice_min * MINUTE_MS)
        if any(
            one.object == name and 0 <= heard.at_ms - one.at_ms <= allowed_ms
            for one in memory.notices
        ):
            return None
        delay = next((one for one in memory.delays if one.object == name), None)
        forgotten = None
        if delay is None:
            delay = Delay(name, heard.at_ms, heard.at_ms + allowed_ms)
            memory.delays.append(delay)
            if len(memory.delays) > DELAYS_MAX:
                forgotten = _settle(memory, memory.delays[:1], "forgotten")
        delay.events.append(touchpoint.event_id)
        delay.marks.append(heard.note())
        del delay.events[:-EVENTS_MAX], delay.marks[:-EVENTS_MAX]
        return forgotten

    def _slip_min_ms(self) -> int:
        return max(1, int(self.slip_min_h * HOUR_MS))

    def _noticed(self, memory: Memory, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        if not touchpoint.proactive:
            return None
        if touchpoint.order_id is not None:
            memory.notices.append(Notice(touchpoint.order_id, heard.at_ms))
            del memory.notices[:-NOTICES_MAX]
        told = [
            one for one in memory.delays if heard.at_ms >= one.at_ms and _is_about(touchpoint, one)
        ]
        return _settle(memory, told, "notice_sent")

    def _contacted(self, memory: Memory, heard: Heard) -> Answer:
        if not memory.delays:
            return None
        touchpoint = heard.touchpoint
        asked = [
            one
            for one in memory.delays
            if heard.at_ms >= one.at_ms and self._asks_about(touchpoint, one)
        ]
        if not heard.inbound:
            told = [one for one in asked if one.object == touchpoint.order_id]
            return _settle(memory, told, "company_called")
        if not heard.new_contact:
            return None
        findings = []
        for delay in asked:
            if delay.due_ms:
                delay.marks.append(heard.note())
                minutes = (heard.at_ms - delay.at_ms) / MINUTE_MS
                findings.append(
                    self._finding(
                        delay, "customer_asked_first", minutes, "and the customer asked first"
                    )
                )
        return [*findings, *_settle(memory, asked, "too_late", told_now=True)]

    def _asks_about(self, touchpoint: Any, delay: Delay) -> bool:
        if touchpoint.caused_by in delay.events:
            return True
        if touchpoint.order_id is not None:
            return touchpoint.order_id == delay.object
        incident = delay.object.startswith(INCIDENT)
        reasons = self.incident_reasons if incident else self.order_reasons
        return touchpoint.reason is None or touchpoint.reason.l1 in reasons

    def _finding(self, delay: Delay, reason: str, minutes: float, what: str) -> Finding:
        incident = delay.object.startswith(INCIDENT)
        thing = "incident" if incident else "order"
        return Finding(
            severity=3,
            reason=reason,
            text=f"{minutes:.0f} minutes since {thing} {delay.object.removeprefix(INCIDENT)} "
            f"{'began' if incident else 'slipped'}, {what}",
            object=delay.object,
            number=minutes,
            threshold=self.notice_min,
            marks=delay.marks,
            action="Tell everybody the incident touches what is down and when to hear more"
            if incident
            else None,
        )


def _object(touchpoint: Any) -> str:
    incident_id = getattr(touchpoint, "incident_id", None)
    return INCIDENT + incident_id if incident_id is not None else touchpoint.order_id


def _slip_ms(touchpoint: Any) -> int:
    """How far the date moved back; 0 if that was not told."""
    if touchpoint.old_eta is not None and touchpoint.new_eta is not None:
        return touchpoint.new_eta - touchpoint.old_eta
    return int((touchpoint.delay_s or 0) * 1000)


def _is_about(touchpoint: Any, delay: Delay) -> bool:
    """A notice that names nothing is about whatever went wrong, if it says that something did."""
    if touchpoint.about in delay.events or touchpoint.order_id == delay.object:
        return True
    nameless = touchpoint.about is None and touchpoint.order_id is None
    return nameless and touchpoint.trigger == "problem"


def _settle(
    memory: Memory, settled: list[Delay], reason: str, told_now: bool = False
) -> list[Clear]:
    """Forget delays; those that were told, or are in this moment, are taken back."""
    memory.delays = [one for one in memory.delays if one not in settled]
    return [Clear(reason, one.object) for one in settled if told_now or not one.due_ms]


DETECTOR = DelayWithoutNotice()
