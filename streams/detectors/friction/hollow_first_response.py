"""Was the first answer only there to stop the clock? (FR2)

Fires when   the first answer of a person on a case neither dealt with the problem nor said what
             happens next, and the case was then handed on; or nothing better came within
             ``after_h`` open hours of ``calendar``.
Silent when  it did either, a better one followed in time, or the case was resolved; automatic
             replies are no answers, and an answer that does not tell what was in it is not accused.
Forgets      a case when it is resolved; the oldest of more than four.
Requirements S0-18, S2-08
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, Le, Len
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey

CASES_MAX = 4


class First(Struct, array_like=True, gc=False):
    """The first answer on a case; ``hollow`` until a better one; due 0: none is waited for."""

    case_id: str
    at_ms: int
    mark: int
    due_ms: int = 0
    hollow: bool = False
    told: bool = False
    issue: str | None = None


class Memory(Struct, array_like=True, gc=False):
    """The first answers on open cases, oldest first."""

    firsts: list[First] = field(default_factory=list)


@dataclass(frozen=True)
class HollowFirstResponse(Detector):
    """Thresholds: open hours to something better, and the calendar that counts them."""

    listens: ClassVar = (
        "case.response_sent",
        "case.reassigned",
        "case.resolved",
        "case.closed",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Answer the question itself now, and measure the first answer that does"
    clears_with_issue: ClassVar = True

    after_h: Annotated[float, Gt(0), Le(720)] = 4
    calendar: Annotated[str, Len(1, 64)] = "weekdays"

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """The first answer on a case, what came after it, or the end of the case."""
        case_id = heard.touchpoint.case_id
        first = next((one for one in memory.firsts if one.case_id == case_id), None)
        if heard.type == "case.response_sent":
            return self._answered(memory, first, heard)
        if first is None or heard.at_ms < first.at_ms:
            return None
        if heard.type != "case.reassigned":
            return _settle(memory, [first], "resolved")
        if not first.hollow or not _is_handed_on(heard):
            return None
        first.due_ms = 0
        told_before, first.told = first.told, True
        return (
            None
            if told_before
            else self._finding(
                first,
                "hollow_then_handed_on",
                heard.at_ms,
                "then the case was handed on",
                heard.note(),
            )
        )

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """Nothing better has come."""
        due = [one for one in memory.firsts if 0 < one.due_ms <= heard.at_ms]
        for first in due:
            first.due_ms, first.told = 0, True
        what = f"and nothing better in {self.after_h:g} open hours"
        return [self._finding(one, "hollow_and_nothing_since", heard.at_ms, what) for one in due]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first of them has had its time."""
        return min((one.due_ms for one in memory.firsts if one.due_ms), default=None)

    def _answered(self, memory: Memory, first: First | None, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        if touchpoint.kind == "auto" or (heard.issue is not None and heard.issue.resolved_ms):
            return None
        helps = touchpoint.substantive or touchpoint.next_step or touchpoint.eta is not None
        hollow = touchpoint.substantive is False and touchpoint.next_step is False and not helps
        if first is not None:
            if not helps or not first.hollow:
                return None
            first.hollow, first.due_ms = False, 0
            told, first.told = first.told, False
            return Clear("answered", first.case_id) if told else None
        first = First(touchpoint.case_id, heard.at_ms, heard.note(), hollow=hollow)
        first.issue = heard.issue.key if heard.issue is not None else None
        if hollow:
            calendar = heard.rules.calendars[self.calendar]
            first.due_ms = calendar.add_hours(heard.at_ms, self.after_h)
        memory.firsts.append(first)
        return _settle(memory, memory.firsts[:-CASES_MAX], "forgotten")

    def _finding(self, first: First, reason: str, at_ms: int, what: str, mark: int = 0) -> Finding:
        minutes = (at_ms - first.at_ms) / 60_000
        return Finding(
            severity=3,
            reason=reason,
            text=f"1 first answer that neither helped nor said what happens next, {what}",
            object=first.case_id,
            number=minutes,
            threshold=self.after_h * 60,
            marks=[first.mark, mark] if mark else [first.mark],
            issue=first.issue,
        )


def _is_handed_on(heard: Heard) -> bool:
    touchpoint = heard.touchpoint
    group = touchpoint.to_group is not None and touchpoint.to_group != touchpoint.from_group
    agent = touchpoint.to_agent is not None and touchpoint.to_agent != touchpoint.from_agent
    return group or agent


def _settle(memory: Memory, settled: list[First], reason: str) -> list[Clear]:
    memory.firsts = [one for one in memory.firsts if one not in settled]
    return [Clear(reason, one.case_id) for one in settled if one.told]


DETECTOR = HollowFirstResponse()
