"""Does the same fault come back again and again? (FR9)

Fires when   it is reported ``reports`` times with ``gap_min_d`` to ``gap_max_d`` days between; or a
             known fault has been open for ``open_d`` days and was reported ``open_reports`` times.
             A report is a contact or a case about it, or an error laid to the known fault; what
             comes sooner than ``gap_min_d`` after the one before is the same bout of it.
Silent when  reports lie closer together (that is a repeat contact), further apart, or are about
             different things.
Forgets      a fault when it is fixed, or its issue resolved, and quiet for ``quiet_after_d`` days;
             the one longest quiet of more than four.
Requirements S0-16, S0-17
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

Days = Annotated[float, Gt(0), Le(365)]
FAULTS_MAX, MARKS_MAX = 4, 4
KNOWN = "k:"


class Fault(Struct, array_like=True, gc=False):
    """One fault: reports in a row, the last one, since when it is known (0: not), fixed (0: not).

    ``in_row`` counts reports with fitting gaps; ``look_ms`` is when to look again (0: never).
    """

    key: str
    last_ms: int
    in_row: int = 0
    reports: int = 0
    known_ms: int = 0
    fixed_ms: int = 0
    look_ms: int = 0
    told: bool = False
    marks: list[int] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """Faults reported or known, in the order they were first heard of."""

    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class RecurringIssue(Detector):
    """Thresholds: reports and the days between them; days open and reports of a known fault."""

    listens: ClassVar = (
        "contact.started",
        "case.opened",
        "product.error",
        "product.known_issue_updated",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Have the cause mended and not the symptom; tell the customer by when"
    cause: ClassVar = "service_process"

    reports: Annotated[int, Ge(2), Le(20)] = 3
    gap_min_d: Days = 4
    gap_max_d: Days = 10
    open_d: Days = 30
    open_reports: Annotated[int, Ge(1), Le(20)] = 2
    quiet_after_d: Days = 30
    fixed_statuses: tuple[str, ...] = ("closed", "done", "fixed", "released", "resolved")

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A report, or word of what is known about the fault."""
        key = _key(heard)
        if key is None:
            return None
        fault = next((one for one in memory.faults if one.key == key), None)
        forgotten = []
        if fault is None:
            fault = Fault(key, 0)
            memory.faults.append(fault)
            if len(memory.faults) > FAULTS_MAX:
                forgotten = _forget(memory)
        if heard.type == "product.known_issue_updated":
            self._known(fault, heard)
        else:
            self._reported(fault, heard)
        return [*forgotten, *self._judged(fault, heard.at_ms)]

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """Open for too long; or quiet for so long that it may be over."""
        answers: list[Finding | Clear] = []
        for fault in [one for one in memory.faults if 0 < one.look_ms <= heard.at_ms]:
            quiet_ms = max(fault.last_ms, fault.fixed_ms) + int(self.quiet_after_d * DAY_MS)
            fault.look_ms = 0
            if fault.told and quiet_ms <= heard.at_ms and _is_over(fault, heard.journey):
                memory.faults.remove(fault)
                answers.append(Clear("fixed_and_quiet", fault.key))
                continue
            answers += self._judged(fault, heard.at_ms)
            if fault.told:
                # Not over yet: look again when it may be.
                fault.look_ms = max(quiet_ms, heard.at_ms + int(self.quiet_after_d * DAY_MS))
        return answers

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When one has been open too long or may be over."""
        return min((one.look_ms for one in memory.faults if one.look_ms), default=None)

    def _known(self, fault: Fault, heard: Heard) -> None:
        touchpoint = heard.touchpoint
        if touchpoint.status.lower() in self.fixed_statuses:
            fault.fixed_ms = max(fault.fixed_ms, heard.at_ms)
            return
        opened_ms = touchpoint.opened_at or heard.at_ms
        fault.known_ms = min(fault.known_ms or opened_ms, opened_ms)
        if heard.at_ms >= fault.fixed_ms:
            fault.fixed_ms = 0

    def _reported(self, fault: Fault, heard: Heard) -> None:
        gap_ms = heard.at_ms - fault.last_ms
        if 0 < fault.fixed_ms <= heard.at_ms:
            fault.fixed_ms = 0  # so it was not
        before, fault.last_ms = fault.in_row, max(fault.last_ms, heard.at_ms)
        if before and gap_ms < self.gap_min_d * DAY_MS:
            return
        fault.in_row = before + 1 if before and gap_ms <= self.gap_max_d * DAY_MS else 1
        fault.reports += 1
        fault.marks.append(heard.note())
        del fault.marks[:-MARKS_MAX]

    def _judged(self, fault: Fault, at_ms: int) -> list[Finding]:
        quiet_ms = int(self.quiet_after_d * DAY_MS)
        long = fault.known_ms and not fault.fixed_ms and fault.reports >= self.open_reports
        open_until_ms = fault.known_ms + int(self.open_d * DAY_MS)
        if fault.told:
            fault.look_ms = max(fault.last_ms, fault.fixed_ms) + quiet_ms
        elif long:
            fault.look_ms = open_until_ms if open_until_ms > at_ms else 0
        if fault.in_row >= self.reports and not fault.told:
            return [
                self._finding(
                    fault,
                    "comes_back",
                    fault.in_row,
                    self.reports,
                    f"{fault.in_row} reports of the same fault, "
                    f"{self.gap_min_d:g} to {self.gap_max_d:g} days apart",
                )
            ]
        if long and open_until_ms <= at_ms and not fault.told:
            days = (at_ms - fault.known_ms) / DAY_MS
            return [
                self._finding(
                    fault,
                    "known_and_open",
                    days,
                    self.open_d,
                    f"{days:.0f} days a known fault is open, reported {fault.reports} times",
                )
            ]
        return []

    def _finding(
        self, fault: Fault, reason: str, number: float, threshold: float, text: str
    ) -> Finding:
        fault.told = True
        last_ms = max(fault.last_ms, fault.fixed_ms)
        fault.look_ms = last_ms + int(self.quiet_after_d * DAY_MS)
        known, name = fault.key.startswith(KNOWN), fault.key.removeprefix(KNOWN)
        return Finding(
            severity=4,
            reason=reason,
            text=text,
            object=fault.key,
            number=number,
            threshold=threshold,
            marks=fault.marks,
            action=f"Set a date for the fix of {name} and tell everybody it hits"
            if known
            else None,
            cause="product_quality" if known else None,
        )


def _key(heard: Heard) -> str | None:
    """Which fault it is about, if it is a report of one."""
    touchpoint = heard.touchpoint
    known = getattr(touchpoint, "known_issue_id", None)
    if heard.type.startswith("product."):
        return KNOWN + known if known is not None else None
    if heard.type == "contact.started" and not heard.new_contact:
        return None
    if not heard.inbound:
        return None
    if known is not None:
        return KNOWN + known
    issue = heard.issue
    if issue is None:
        return None
    alias = issue.alias or ""
    return alias if alias.startswith(KNOWN) else issue.key


def _is_over(fault: Fault, journey: Journey) -> bool:
    if fault.fixed_ms:
        return True
    issue = journey.issue(fault.key)
    return issue.resolved_ms > 0 if issue is not None else not fault.key.startswith(KNOWN)


def _forget(memory: Memory) -> list[Clear]:
    gone = min(memory.faults[:-1], key=lambda one: max(one.last_ms, one.known_ms))
    memory.faults.remove(gone)
    return [Clear("forgotten", gone.key)] if gone.told else []


DETECTOR = RecurringIssue()
