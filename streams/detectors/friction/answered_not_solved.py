"""Was the customer answered, but told neither what happens next nor when? (FR4)

Fires when   ``after_h`` hours after the first such answer on an issue none has said what happens
             next or by when, none came with a promise, and the issue is open. Higher while an order
             of the customer is late or an incident touches them.
Silent when  one answer names a next step or a time, something is promised by a time, or the issue
             is resolved before; automatic replies are no answers, and an answer that does not tell
             whether it named a next step is not held against anybody.
Forgets      an issue once a next step or time is given or it is resolved; the oldest of more than
             four.
Requirements S0-10, S2-10
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import HOUR_MS

ISSUES_MAX, ORDERS_MAX, MARKS_MAX = 4, 3, 4
ENDS = ("order.delivered", "order.cancelled")


class Answered(Struct, array_like=True, gc=False):
    """An issue with empty answers only: how many, since when, and when to look (0: told)."""

    issue: str
    first_ms: int
    due_ms: int
    answers: int = 0
    marks: list[int] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """Issues answered and not solved, oldest first; the orders known to be late."""

    answered: list[Answered] = field(default_factory=list)
    late_orders: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AnsweredNotSolved(Detector):
    """Threshold: hours from the first empty answer."""

    listens: ClassVar = (
        "case.response_sent",
        "case.resolved",
        "case.closed",
        "contact.ended",
        "promise.made",
        "promise.changed",
        "callback.promised",
        "order.delayed",
        *ENDS,
    )
    memory: ClassVar = Memory
    action: ClassVar = "Write again with what happens next, who does it and by when"
    clears_with_issue: ClassVar = True

    after_h: Annotated[float, Gt(0), Le(8760)] = 24

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """An empty answer starts the clock; a next step, a time or a solution stops it."""
        if heard.type.startswith("order."):
            _follow(memory, heard)
            return None
        if heard.issue is None:
            return None
        known = next((one for one in memory.answered if one.issue == heard.issue.key), None)
        if heard.resolved or heard.issue.resolved_ms:
            if known is not None:
                memory.answered.remove(known)
            return None
        if heard.type == "case.response_sent":
            return self._answered(memory, known, heard)
        if heard.type == "contact.ended" or known is None or heard.at_ms < known.first_ms:
            return None
        return _settle(memory, known, "time_promised")

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """Time is up, and the customer knows no more than before."""
        due = [one for one in memory.answered if 0 < one.due_ms <= heard.at_ms]
        answers: list[Finding | Clear] = []
        for one in due:
            issue = heard.journey.issue(one.issue)
            if issue is None or issue.resolved_ms:
                memory.answered.remove(one)
                continue
            one.due_ms = 0
            answers.append(self._finding(memory, one, heard))
        return answers

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first of them has had its time."""
        return min((one.due_ms for one in memory.answered if one.due_ms), default=None)

    def _answered(self, memory: Memory, known: Answered | None, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        if touchpoint.kind == "auto":
            return None
        if touchpoint.next_step or touchpoint.eta is not None:
            if known is None or heard.at_ms < known.first_ms:
                return None
            return _settle(memory, known, "next_step_given")
        if touchpoint.next_step is None:
            return None
        forgotten = None
        if known is None:
            known = Answered(
                heard.issue.key, heard.at_ms, heard.at_ms + int(self.after_h * HOUR_MS)
            )
            memory.answered.append(known)
            if len(memory.answered) > ISSUES_MAX:
                forgotten = _settle(memory, memory.answered[0], "forgotten")
        known.answers += 1
        known.marks.append(heard.note())
        del known.marks[1:-MARKS_MAX]
        return forgotten

    def _finding(self, memory: Memory, one: Answered, heard: Heard) -> Finding:
        late_order = bool(memory.late_orders)
        late = late_order or bool(heard.journey.profile.incidents)
        plural = "s" if one.answers > 1 else ""
        what = ""
        if late:
            what = ", while an order is late" if late_order else ", while service is disrupted"
        return Finding(
            severity=4 if late else 3,
            reason="answered_while_late" if late else "answered_not_solved",
            text=f"{one.answers} answer{plural} in {self.after_h:g} h and none says what happens "
            f"next or when{what}",
            object=one.issue,
            number=one.answers,
            threshold=1,
            marks=one.marks,
            issue=one.issue,
            action="Find out where the order is, and write with one firm date and what went wrong"
            if late_order
            else None,
        )


def _follow(memory: Memory, heard: Heard) -> None:
    order_id = heard.touchpoint.order_id
    if order_id in memory.late_orders:
        memory.late_orders.remove(order_id)
    if heard.type not in ENDS:
        memory.late_orders.append(order_id)
        del memory.late_orders[:-ORDERS_MAX]


def _settle(memory: Memory, known: Answered, reason: str) -> Clear | None:
    memory.answered.remove(known)
    return None if known.due_ms else Clear(reason, known.issue)


DETECTOR = AnsweredNotSolved()
