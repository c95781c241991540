"""Does something keep going wrong for a customer who says nothing, and to whom nobody does? (FR6)

Fires when   ``silence_h`` hours after the last of at least ``troubles`` negative touchpoints within
             ``window_d`` days the customer has not been in touch and no proactive notice went out.
             Negative are an error of severity ``error_severity``, a late order, a failed payment
             (however often it was tried), a failed onboarding step, an abandoned task and a bill
             shock. Higher when the customer's use of the product has fallen by ``usage_fall``
             against their own 28 days.
Silent when  the customer was in touch, a notice told them, or what failed went through after all.
Forgets      what went wrong at a contact, a notice or after ``window_d`` days without more of it;
             the oldest of more than five.
Requirements S1-15, S1-09
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine import usage
from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS, HOUR_MS

TROUBLES_MAX = 5
NAMES = {
    "product.error": ("error", "errors"),
    "order.delayed": ("late order", "late orders"),
    "payment.failed": ("failed payment", "failed payments"),
    "onboarding.step_failed": ("failed onboarding step", "failed onboarding steps"),
    "task.abandoned": ("abandoned task", "abandoned tasks"),
    "invoice.issued": ("bill shock", "bill shocks"),
}
MENDED = {
    "payment.succeeded": "payment.failed",
    "onboarding.step_completed": "onboarding.step_failed",
    "task.completed": "task.abandoned",
}


class Trouble(Struct, array_like=True, gc=False):
    """One thing that went wrong: its type, and what of (a payment, a step, a task)."""

    type: str
    of: str
    at_ms: int
    event_id: str
    mark: int


class Memory(Struct, array_like=True, gc=False):
    """What went wrong, by time; whether silence about the last of it was looked at, and told."""

    troubles: list[Trouble] = field(default_factory=list)
    looked: bool = False
    told: bool = False
    weeks: list[usage.Week] = field(default_factory=list)


@dataclass(frozen=True)
class SilentSufferer(Detector):
    """Thresholds: hours of silence, how many troubles in how many days, what weighs more."""

    listens: ClassVar = (
        *NAMES,
        *MENDED,
        "contact.started",
        "case.opened",
        "case.customer_replied",
        "complaint.filed",
        "notification.sent",
        "product.usage_summary",
    )
    memory: ClassVar = Memory
    action: ClassVar = (
        "Write first: say what went wrong, that it is seen, and what is done about it"
    )
    cause: ClassVar = "product_quality"
    asked_after: ClassVar = 1

    silence_h: Annotated[float, Gt(0), Le(720)] = 48
    troubles: Annotated[int, Ge(1), Le(TROUBLES_MAX)] = 2
    window_d: Annotated[float, Gt(0), Le(90)] = 14
    error_severity: Annotated[int, Ge(1), Le(4)] = 3
    usage_fall: Annotated[float, Gt(0), Le(1)] = 0.5

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Trouble is noted; word from or to the customer ends it."""
        kind = heard.type
        if kind == "product.usage_summary":
            usage.fold(memory.weeks, heard.touchpoint)
            return None
        if kind in NAMES:
            self._suffered(memory, heard)
            return None
        if kind in MENDED:
            return _mended(memory, heard)
        if kind == "notification.sent":
            return _over(memory, heard, "noticed") if _tells(memory, heard) else None
        return _over(memory, heard, "customer_spoke") if heard.inbound else None

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """The silence has lasted; or nothing has gone wrong for so long that it is over."""
        since_ms = heard.at_ms - int(self.window_d * DAY_MS)
        memory.troubles = [one for one in memory.troubles if one.at_ms > since_ms]
        if not memory.troubles:
            told, memory.told, memory.looked = memory.told, False, False
            return Clear("clean") if told else None
        if memory.looked:
            return None
        memory.looked = True
        if len(memory.troubles) < self.troubles:
            return None
        memory.told = True
        return self._finding(memory)

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the silence after the last trouble will have lasted, then when that is forgotten."""
        if not memory.troubles:
            return None
        last_ms = memory.troubles[-1].at_ms
        if memory.looked:
            return last_ms + int(self.window_d * DAY_MS)
        return last_ms + int(min(self.silence_h * HOUR_MS, self.window_d * DAY_MS))

    def _suffered(self, memory: Memory, heard: Heard) -> None:
        touchpoint, of = heard.touchpoint, ""
        if heard.type == "product.error" and touchpoint.severity < self.error_severity:
            return
        if heard.type == "invoice.issued":
            of = touchpoint.invoice_id
            if not heard.journey.is_open("bill_shock", of):
                return
        if heard.type == "payment.failed" and _of(heard):
            # A machine that tries the same payment again is not another trouble.
            memory.troubles = [
                one for one in memory.troubles if (one.type, one.of) != (heard.type, _of(heard))
            ]
        memory.troubles.append(
            Trouble(heard.type, of or _of(heard), heard.at_ms, touchpoint.event_id, heard.note())
        )
        memory.troubles.sort(key=lambda one: one.at_ms)
        del memory.troubles[:-TROUBLES_MAX]
        if memory.troubles[-1].at_ms == heard.at_ms:
            memory.looked = False

    def _finding(self, memory: Memory) -> Finding:
        fallen = usage.fallen(memory.weeks, memory.troubles[0].at_ms)
        leaving = fallen is not None and fallen >= self.usage_fall
        count = len(memory.troubles)
        what = _listed([one.type for one in memory.troubles])
        return Finding(
            severity=4 if leaving else 3,
            reason="suffers_and_uses_less" if leaving else "suffers_in_silence",
            text=f"{count} things went wrong ({what}) and not a word from or to the customer in "
            f"{self.silence_h:g} h" + (f"; use has fallen by {fallen:.0%}" if leaving else ""),
            number=count,
            threshold=self.troubles,
            marks=[one.mark for one in memory.troubles],
            action="Call: somebody who has stopped complaining and uses it less is about to go"
            if leaving
            else None,
            cause=_cause([one.type for one in memory.troubles]),
        )


def _of(heard: Heard) -> str:
    touchpoint = heard.touchpoint
    if heard.type.startswith("payment."):
        return touchpoint.invoice_id or touchpoint.order_id or ""
    if heard.type.startswith("onboarding."):
        return touchpoint.step
    if heard.type.startswith("task."):
        return touchpoint.task_id or touchpoint.task_kind
    return ""


def _mended(memory: Memory, heard: Heard) -> Answer:
    """What went through after all is no trouble any more; a nameless payment pays them all."""
    if not memory.troubles:
        return None
    kind, of = MENDED[heard.type], _of(heard)
    left = [
        one
        for one in memory.troubles
        if one.type != kind or (of and one.of and one.of != of) or one.at_ms > heard.at_ms
    ]
    if len(left) == len(memory.troubles):
        return None
    memory.troubles = left
    if left or not memory.told:
        return None
    memory.told = False
    return Clear("went_through")


def _tells(memory: Memory, heard: Heard) -> bool:
    """A proactive notice of a problem, or about one of the troubles."""
    touchpoint = heard.touchpoint
    if not touchpoint.proactive:
        return False
    known = any(one.event_id == touchpoint.about for one in memory.troubles)
    return known or touchpoint.trigger == "problem"


def _over(memory: Memory, heard: Heard, reason: str) -> Answer:
    """Everything up to now has been spoken about."""
    if not memory.troubles and not memory.told:
        return None
    if memory.troubles and heard.at_ms < memory.troubles[0].at_ms:
        return None
    memory.troubles = [one for one in memory.troubles if one.at_ms > heard.at_ms]
    told, memory.told = memory.told, False
    return Clear(reason) if told else None


def _listed(kinds: list[str]) -> str:
    counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    return ", ".join(f"{count} {NAMES[kind][count > 1]}" for kind, count in counts.items())


def _cause(kinds: list[str]) -> str | None:
    """The cause most of them have; the product's where they are even."""
    causes = {
        "payment.failed": "billing",
        "invoice.issued": "billing",
        "onboarding.step_failed": "onboarding",
        "order.delayed": "service_process",
    }
    found = [causes.get(kind, "product_quality") for kind in kinds]
    most = max(found, key=lambda cause: (found.count(cause), cause == "product_quality", cause))
    return None if most == "product_quality" else most


DETECTOR = SilentSufferer()
