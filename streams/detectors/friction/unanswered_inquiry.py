"""Is somebody waiting for an answer that does not come? (FR1)

Fires when   an inquiry has no human answer by its target, and again at twice the target.
             An inquiry is a case the customer opened, a reply on a case, or a contact by a channel
             that expects no answer at once. The target is the case's own ``first_response_due``, or
             ``target_h`` of the channel times ``tier_share`` of the customer's tier, in business
             time of ``calendar``; for a critical case ``critical_h`` of ``critical_calendar``.
Silent when  a person answered: a response that is not automatic, a contact taken or held about the
             same issue, a question back, a status that waits for the customer, a resolution. Also
             for phone and chat, where somebody is there or the customer gives up.
Forgets      an inquiry a day after it was answered; the oldest of more than eight.
Requirements S2-24, S2-08, S2-03
"""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

import msgspec
from annotated_types import Gt, Le, Len

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS, HOUR_MS

Hours = Annotated[float, Gt(0), Le(8760)]
Name = Annotated[str, Len(1, 64)]
INQUIRIES_MAX, MARKS_MAX = 8, 6
LIVE_CHANNELS = frozenset({"phone", "chat", "in_store", "ivr", "bot", "field_visit", "system"})
ASYNC_MEDIA = frozenset({"async_text", "paper"})


class Inquiry(msgspec.Struct, array_like=True, gc=False):
    """What one issue waits for: asked when, due when and at twice the target, told how often."""

    issue: str
    contact_id: str | None
    case_id: str | None
    channel: str | None
    asked_ms: int
    due_ms: int
    twice_ms: int
    target_h: float
    critical: bool = False
    told: int = 0
    answered_ms: int = 0
    marks: list[int] = msgspec.field(default_factory=list)


class Memory(msgspec.Struct, array_like=True, gc=False):
    """The inquiries, open and lately answered, oldest first."""

    inquiries: list[Inquiry] = msgspec.field(default_factory=list)


@dataclass(frozen=True)
class UnansweredInquiry(Detector):
    """Thresholds: targets by channel in open hours, shares of them by tier, the calendars."""

    listens: ClassVar = (
        "case.opened",
        "case.customer_replied",
        "contact.started",
        "case.response_sent",
        "case.status_changed",
        "case.resolved",
        "case.closed",
        "contact.answered",
        "contact.info_requested",
        "contact.ended",
        "callback.done",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Answer the customer now: what happens next, and by when"
    clears_with_issue: ClassVar = True

    target_h: dict[Name, Hours] = field(default_factory=lambda: {
        "email": 24, "portal": 24, "web": 24, "app": 24, "messaging": 4, "social": 4, "post": 72,
        "other": 24,
    })  # fmt: skip
    tier_share: dict[Name, Annotated[float, Gt(0), Le(10)]] = field(
        default_factory=lambda: {"1": 0.5}
    )
    calendar: Name = "weekdays"
    critical_h: Hours = 1
    critical_calendar: Name = "24x7"
    waiting_statuses: tuple[str, ...] = (
        "pending",
        "awaiting_user_info",
        "waiting_for_customer",
        "waiting_on_customer",
    )

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """An inquiry starts its clock, a human answer stops it."""
        inquiry = None
        if memory.inquiries:
            # Answered ones are kept for a day, for words that come out of order.
            memory.inquiries = [
                one for one in memory.inquiries if not 0 < one.answered_ms < heard.at_ms - DAY_MS
            ]
            inquiry = _inquiry(memory, heard)
        if _asks(heard):
            return self._asked(memory, inquiry, heard)
        if inquiry is None or not self._answers(heard):
            return None
        if heard.at_ms < inquiry.asked_ms:
            return None
        inquiry.answered_ms = max(inquiry.answered_ms, heard.at_ms)
        return Clear("answered", inquiry.issue) if inquiry.told else None

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """A target, or twice a target, has passed without an answer."""
        return [self._finding(one) for one in memory.inquiries if 0 < _next_ms(one) <= heard.at_ms]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """The earliest target not yet told."""
        if not memory.inquiries:
            return None
        return min((ms for one in memory.inquiries if (ms := _next_ms(one))), default=None)

    def _asked(self, memory: Memory, inquiry: Inquiry | None, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        critical = getattr(touchpoint, "priority", None) == 1
        if inquiry is not None and inquiry.answered_ms:
            taken = (
                heard.type == "case.opened"
                and inquiry.contact_id is not None
                and (touchpoint.contact_id == inquiry.contact_id)
            )
            if taken or heard.at_ms <= inquiry.answered_ms:
                return None
            memory.inquiries.remove(inquiry)
            inquiry = None
        due_ms, twice_ms, target_h = self._targets(heard, critical)
        forgotten = None
        if inquiry is None:
            inquiry = Inquiry(
                heard.issue.key,
                None,
                None,
                touchpoint.channel,
                heard.at_ms,
                due_ms,
                twice_ms,
                target_h,
                critical,
            )
            memory.inquiries.append(inquiry)
            forgotten = _forget(memory)
        inquiry.contact_id = inquiry.contact_id or touchpoint.contact_id
        inquiry.case_id = inquiry.case_id or touchpoint.case_id
        inquiry.critical = inquiry.critical or critical
        if due_ms < inquiry.due_ms and not inquiry.told:
            inquiry.due_ms, inquiry.twice_ms, inquiry.target_h = due_ms, twice_ms, target_h
        inquiry.asked_ms = min(inquiry.asked_ms, heard.at_ms)
        inquiry.marks.append(heard.note())
        del inquiry.marks[1:-MARKS_MAX]
        return forgotten

    def _targets(self, heard: Heard, critical: bool) -> tuple[int, int, float]:
        """When an answer is due, when twice the target has passed, and the target in hours."""
        touchpoint, at_ms = heard.touchpoint, heard.at_ms
        own_ms = getattr(touchpoint, "first_response_due", None)
        if own_ms is not None and own_ms > at_ms:
            return own_ms, 2 * own_ms - at_ms, (own_ms - at_ms) / HOUR_MS
        if critical:
            hours, calendar = self.critical_h, heard.rules.calendars[self.critical_calendar]
        else:
            hours = self.target_h.get(touchpoint.channel or "other", self.target_h["other"])
            hours *= self.tier_share.get(heard.journey.profile.tier or "", 1.0)
            calendar = heard.rules.calendars[self.calendar]
        due_ms = calendar.add_hours(at_ms, hours)
        return due_ms, calendar.add_hours(due_ms, hours), float(hours)

    def _answers(self, heard: Heard) -> bool:
        touchpoint = heard.touchpoint
        if heard.type == "case.response_sent":
            return touchpoint.kind != "auto"
        if heard.type == "case.status_changed":
            status = touchpoint.status.lower().replace(" ", "_").replace("-", "_")
            return status in self.waiting_statuses
        if heard.type == "contact.ended":
            return touchpoint.outcome not in ("unanswered", "dropped")
        return heard.type not in ("contact.started", "case.opened", "case.customer_replied")

    def _finding(self, inquiry: Inquiry) -> Finding:
        inquiry.told += 1
        twice = inquiry.told > 1
        hours = inquiry.target_h * inquiry.told
        action = "Answer now; a critical case waits: wake whoever is on call"
        if not inquiry.critical:
            action = "Have the team lead answer in person, and find out why nobody did"
        return Finding(
            severity=5 if inquiry.critical else 4 if twice else 3,
            reason="unanswered_twice_the_target" if twice else "unanswered",
            text=f"{hours:g} h without a human answer "
            f"({inquiry.channel or 'unknown channel'}, target {inquiry.target_h:g} h)",
            object=inquiry.issue,
            number=hours,
            threshold=inquiry.target_h,
            marks=inquiry.marks,
            issue=inquiry.issue,
            action=action if twice or inquiry.critical else None,
        )


def _inquiry(memory: Memory, heard: Heard) -> Inquiry | None:
    """The inquiry this touchpoint is about: of the same contact or case, else the same issue."""
    touchpoint = heard.touchpoint
    key = heard.issue.key if heard.issue is not None else None
    for one in sorted(memory.inquiries, key=lambda one: one.answered_ms > 0):
        same_contact = one.contact_id is not None and one.contact_id == touchpoint.contact_id
        same_case = one.case_id is not None and one.case_id == touchpoint.case_id
        if same_contact or same_case or one.issue == key:
            return one
    return None


def _asks(heard: Heard) -> bool:
    touchpoint = heard.touchpoint
    if heard.issue is None or heard.issue.resolved_ms or not heard.inbound:
        return False
    if heard.type == "contact.started":
        if touchpoint.medium is not None:
            return touchpoint.medium in ASYNC_MEDIA
        return touchpoint.channel is not None and touchpoint.channel not in LIVE_CHANNELS
    if heard.type in ("case.opened", "case.customer_replied"):
        return touchpoint.channel not in LIVE_CHANNELS
    return False


def _next_ms(inquiry: Inquiry) -> int:
    """When to look at it next; 0 for never."""
    if inquiry.answered_ms or inquiry.told > 1:
        return 0
    return inquiry.twice_ms if inquiry.told else inquiry.due_ms


def _forget(memory: Memory) -> Clear | None:
    if len(memory.inquiries) <= INQUIRIES_MAX:
        return None
    answered = [one for one in memory.inquiries if one.answered_ms]
    victim = (answered or memory.inquiries)[0]
    memory.inquiries.remove(victim)
    return Clear("forgotten", victim.issue) if victim.told and not answered else None


DETECTOR = UnansweredInquiry()
