"""A moment of truth and the standard it is held to (catalogue section 7).

Theory of operation. A moment begins with a touchpoint that its detector knows, and is told at once
(``detected``, severity 1). From then on it is watched. Three clocks run once the customer has
turned to us: to an answer of substance, to a solution or a date for one, and to a second word from
us, which is not owed when the matter is solved. Until they do one clock runs: to a first word from
us. Until ``repeat_d`` days are over no cold transfer may happen and the customer must
not have to come back. The first part that is missed makes the moment mishandled (severity 4, reason
``mishandled_<part>``) and ends the watch; when nothing was missed the episode resolves with
``standard_met``. A part whose threshold is 0 hours is not asked of that moment.

What would break it: a subclass that listens to less than ``HEARD``, or that begins the same moment
twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Gt, Le, Len
from msgspec import Struct
from msgspec import field as member

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS, HOUR_MS
from streams.engine.watch import Watch, concerns, note_word

Hours = Annotated[float, Ge(0), Le(8760)]
Name = Annotated[str, Len(1, 64)]

HEARD = (
    "contact.started",
    "contact.answered",
    "contact.transferred",
    "contact.ended",
    "callback.promised",
    "callback.done",
    "case.response_sent",
    "case.customer_replied",
    "case.resolved",
    "case.closed",
    "case.reopened",
    "promise.made",
    "notification.sent",
    "account.touch",
    "recovery.action_taken",
    "outreach.sent",
)
"""What every moment listens to while it is watched."""
WATCHES_MAX = 2
MISHANDLED = 4
_ACTIONS = {
    "response": "Answer now, in person: this is a moment the customer will remember",
    "transfer": "Call back and have one person take it over, with the whole story before them",
    "resolution": "Have somebody who may decide solve it today, or say by when it is solved",
    "follow_up": "Write or call first, today: say how it stands and ask whether it is well now",
    "repeat": "Have one owner call, solve it for good and stay until the customer says so",
}


class Memory(Struct, array_like=True, gc=False):
    """The moments under way, oldest first."""

    watches: list[Watch] = member(default_factory=list)


@dataclass(frozen=True)
class MomentOfTruth(Detector):
    """The parts of the standard; see the module's text.

    Args:
        response_h: open hours to an answer of substance.
        tier_share: such tiers get this share of it.
        cold_transfers: so many are still within the standard.
        resolve_h: open hours to a solution, or a date for one.
        follow_up_h: hours of the customer's clock, from their question to our second word.
        first_word_h: hours from the moment to a word from us to somebody who has not asked.
        repeat_d: days in which the customer must not have to come back.
        calendar: whose open hours.
    """

    memory: ClassVar = Memory
    quiet_d: ClassVar = 30
    called: ClassVar[str] = ""
    """What the moment is called in a sentence."""
    any_return: ClassVar[bool] = False
    """The first return of the customer on its issue is one too many."""

    response_h: Hours = 8
    tier_share: dict[Name, Annotated[float, Gt(0), Le(10)]] = field(
        default_factory=lambda: {"1": 0.5}
    )
    cold_transfers: Annotated[int, Ge(0), Le(20)] = 0
    resolve_h: Hours = 24
    follow_up_h: Hours = 48
    first_word_h: Hours = 48
    repeat_d: Annotated[float, Gt(0), Le(90)] = 7
    calendar: Name = "weekdays"

    def begun(self, memory: Any, heard: Heard) -> Finding | None:
        """The finding of a moment that begins with this touchpoint (see ``watch``), or None."""
        raise NotImplementedError

    def settles(self, memory: Any, watch: Watch, heard: Heard) -> bool:
        """Whether this touchpoint settles the matter: no clock runs on."""
        return heard.resolved

    def on_touchpoint(self, memory: Any, heard: Heard) -> Answer:
        """What is under way is held against the standard; something may begin."""
        found: list[Finding] = []
        for watch in list(memory.watches):
            missed = self._hear(memory, watch, heard)
            if missed is not None:
                memory.watches.remove(watch)
                found.append(missed)
        begun = self.begun(memory, heard)
        if begun is not None:
            found.append(begun)
        return found or None

    def on_wake(self, memory: Any, heard: Heard) -> Answer:
        """A part was not met by its time, or all of them were to the end."""
        answers: list[Finding | Clear] = []
        for watch in list(memory.watches):
            answer = self._due(watch, heard)
            if answer is not None:
                memory.watches.remove(watch)
                answers.append(answer)
        return answers

    def wake_at_ms(self, memory: Any, journey: Journey) -> int | None:
        """The next time by which a part must be met, or the end."""
        return min((ms for one in memory.watches for ms in self._dues(one)), default=None)

    def watch(
        self, memory: Any, heard: Heard, object_id: str, issue: str | None, asked: bool
    ) -> None:
        """Begin to watch a moment, unless it is under way.

        Args:
            memory: the detector's own.
            heard: the touchpoint it begins with.
            object_id: what the episode is about.
            issue: key of the issue concerned; None while none is known.
            asked: whether the customer turned to us with it.
        """
        if any(one.object == object_id for one in memory.watches):
            return
        watch = Watch(object_id, heard.at_ms, issue, heard.note())
        if asked:
            self._asked(watch, heard)
        elif self.first_word_h:
            watch.follow_ms = heard.at_ms + int(self.first_word_h * HOUR_MS)
        memory.watches.append(watch)
        del memory.watches[:-WATCHES_MAX]

    def _asked(self, watch: Watch, heard: Heard) -> None:
        calendar = heard.rules.calendars[self.calendar]
        watch.asked_ms = heard.at_ms
        watch.answered_ms = watch.follow_ms = 0  # a word before the question is no answer to it
        if self.follow_up_h:
            watch.follow_ms = heard.at_ms + int(self.follow_up_h * HOUR_MS)
        if self.response_h:
            watch.response_ms = calendar.add_hours(heard.at_ms, self._response_h(heard))
        if self.resolve_h and not watch.resolve_ms:
            watch.resolve_ms = calendar.add_hours(heard.at_ms, self.resolve_h)

    def _response_h(self, heard: Heard) -> float:
        return self.response_h * self.tier_share.get(heard.journey.profile.tier or "", 1.0)

    def _dues(self, watch: Watch) -> Iterable[int]:
        parts = [ms for ms in (watch.response_ms, watch.resolve_ms, watch.follow_ms) if ms]
        return (*parts, max([watch.at_ms + int(self.repeat_d * DAY_MS), *parts]))

    def _hear(self, memory: Any, watch: Watch, heard: Heard) -> Finding | None:
        if heard.at_ms < watch.at_ms or not concerns(watch, heard):
            return None
        kind, touchpoint = heard.type, heard.touchpoint
        if kind == "contact.transferred":
            watch.cold += touchpoint.mode == "cold"
            over = watch.cold > self.cold_transfers
            return self._missed("transfer", watch, heard, watch.cold) if over else None
        if heard.reopened or (heard.new_contact and heard.inbound):
            if self._is_return(watch, heard):
                days = (heard.at_ms - watch.at_ms) / DAY_MS
                return self._missed("repeat", watch, heard, days)
            if heard.new_contact and not watch.asked_ms:
                watch.issue = watch.issue or heard.issue.key
                self._asked(watch, heard)
            return None
        if self.settles(memory, watch, heard):
            watch.answered_ms = watch.answered_ms or heard.at_ms
            watch.response_ms = watch.resolve_ms = watch.follow_ms = 0
            return None
        note_word(watch, heard)
        return None

    def _is_return(self, watch: Watch, heard: Heard) -> bool:
        if heard.at_ms > watch.at_ms + self.repeat_d * DAY_MS:
            return False
        if heard.reopened:
            return watch.issue is not None
        before_ms = heard.previous_contact_ms
        if self.any_return:
            known = before_ms and heard.issue.first_ms <= watch.at_ms
            return bool(watch.issue is not None or known)
        if not watch.asked_ms:
            return False
        return watch.issue is not None or before_ms >= watch.at_ms

    def _due(self, watch: Watch, heard: Heard) -> Finding | Clear | None:
        at_ms, asked_ms = heard.at_ms, watch.asked_ms or watch.at_ms
        for part, due_ms, since_ms in (
            ("response", watch.response_ms, asked_ms),
            ("resolution", watch.resolve_ms, asked_ms),
            ("follow_up", watch.follow_ms, asked_ms),
        ):
            if 0 < due_ms <= at_ms:
                return self._missed(part, watch, heard, (at_ms - since_ms) / HOUR_MS)
        if max(self._dues(watch)) <= at_ms:
            return Clear("standard_met", watch.object)
        return None

    def _missed(self, part: str, watch: Watch, heard: Heard, number: float) -> Finding:
        told, limit = {
            "response": ("{:.3g} h without an answer of substance, standard {:g} open hours",
                         self._response_h(heard)),
            "transfer": ("{:g} x passed on without a word, standard {:g}", self.cold_transfers),
            "resolution": ("{:.3g} h and neither solved nor a date given, standard {:g} open hours",
                           self.resolve_h),
            "follow_up": ("{:.3g} h without a word from us, standard {:g} h",
                          self.follow_up_h if watch.asked_ms else self.first_word_h),
            "repeat": ("{:.1f} days until the customer had to come back, standard not in {:g}",
                       self.repeat_d),
        }[part]  # fmt: skip
        return Finding(
            severity=MISHANDLED,
            reason=f"mishandled_{part}",
            text=f"{told.format(number, limit)}: {self.called}",
            object=watch.object,
            number=number,
            threshold=limit,
            marks=[watch.mark, heard.note()],
            issue=watch.issue,
            action=_ACTIONS[part],
        )
