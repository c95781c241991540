"""Does a page or an app fight back while the customer tries to get something done? (FR13)

Fires when   ``signals`` signals (rage and dead clicks, going in circles, form errors, timeouts,
             failures of a task) fall on one flow within ``window_h`` hours; or a task of
             ``failing_tasks`` fails ``task_failures`` times within ``task_window_h``. A flow is a
             page, or a kind of task. Higher for payment.
Silent when  there are fewer, or they fall on different flows.
Forgets      a task's flow when the task is completed; any episode after ``quiet_d`` days; the flow
             longest quiet of more than three.
Requirements S2-01, S2-23
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import HOUR_MS

FLOWS_MAX, SIGNALS_MAX = 3, 6
PAYMENT = "payment"
NAMES = {
    "rage_click": "rage clicks",
    "dead_click": "dead clicks",
    "back_loop": "going in circles",
    "form_error": "form errors",
    "timeout": "timeouts",
    "failed": "failures",
}


class Signal(Struct, array_like=True, gc=False):
    """One signal: when, what, how often."""

    at_ms: int
    what: str
    count: int
    mark: int


class Flow(Struct, array_like=True, gc=False):
    """A page or a kind of task, and what lately went wrong on it, by time."""

    name: str
    signals: list[Signal] = field(default_factory=list)
    told: bool = False


class Memory(Struct, array_like=True, gc=False):
    """The flows lately troubled, longest quiet first."""

    flows: list[Flow] = field(default_factory=list)


@dataclass(frozen=True)
class DigitalFriction(Detector):
    """Thresholds: signals in how many hours, failures of which tasks in how many hours."""

    listens: ClassVar = ("digital.friction", "task.failed", "task.completed")
    memory: ClassVar = Memory
    action: ClassVar = "Have this page mended; help the customer to the end of it by another way"
    cause: ClassVar = "product_quality"
    quiet_d: ClassVar = 7

    signals: Annotated[int, Ge(2), Le(100)] = 3
    window_h: Annotated[float, Gt(0), Le(168)] = 1
    task_failures: Annotated[int, Ge(2), Le(SIGNALS_MAX)] = 2
    task_window_h: Annotated[float, Gt(0), Le(720)] = 24
    failing_tasks: tuple[str, ...] = ("payment", "registration")

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Count what went wrong on the flow; a task done is behind the customer."""
        touchpoint = heard.touchpoint
        if heard.type == "task.completed":
            return _done(memory, _task(touchpoint.task_kind), heard.at_ms)
        if heard.type == "task.failed":
            what, count, name = "failed", 1, _task(touchpoint.task_kind)
        else:
            what, count = touchpoint.kind, 1 if touchpoint.count is None else touchpoint.count
            name = (touchpoint.page or "").partition("?")[0].partition("#")[0]
        if not count:
            return None
        flow, forgotten = _flow(memory, name)
        flow.signals.append(Signal(heard.at_ms, what, count, heard.note()))
        flow.signals.sort(key=lambda one: one.at_ms)
        del flow.signals[:-SIGNALS_MAX]
        finding = self._failing(flow, touchpoint, heard) or self._fighting(flow, heard)
        return [*forgotten, finding] if finding is not None else forgotten

    def _failing(self, flow: Flow, touchpoint, heard: Heard) -> Finding | None:
        if heard.type != "task.failed" or touchpoint.task_kind not in self.failing_tasks:
            return None
        failed = [
            one for one in _within(flow, heard.at_ms, self.task_window_h) if one.what == "failed"
        ]
        if len(failed) < self.task_failures:
            return None
        error = f", error {touchpoint.error_code}" if touchpoint.error_code else ""
        flow.told = True
        return Finding(
            severity=3 if touchpoint.task_kind == PAYMENT else 2,
            reason="task_failed_again",
            text=f"{len(failed)} failures of {touchpoint.task_kind} in {self.task_window_h:g} h"
            + error,
            object=flow.name,
            number=len(failed),
            threshold=self.task_failures,
            marks=[one.mark for one in failed],
            action="Help the customer through it now, by phone or with another means"
            if touchpoint.task_kind == PAYMENT
            else None,
        )

    def _fighting(self, flow: Flow, heard: Heard) -> Finding | None:
        found = _within(flow, heard.at_ms, self.window_h)
        count = sum(one.count for one in found)
        if count < self.signals:
            return None
        flow.told = True
        what = ", ".join(dict.fromkeys(NAMES[one.what] for one in found))
        return Finding(
            severity=3 if flow.name == _task(PAYMENT) else 2,
            reason="page_fights_back",
            text=f"{count} signals in {self.window_h:g} h on {flow.name or 'an unnamed page'}: "
            f"{what}",
            object=flow.name,
            number=count,
            threshold=self.signals,
            marks=[one.mark for one in found],
        )


def _task(kind: str) -> str:
    return f"task:{kind}"


def _within(flow: Flow, at_ms: int, hours: float) -> list[Signal]:
    return [one for one in flow.signals if abs(at_ms - one.at_ms) <= hours * HOUR_MS]


def _flow(memory: Memory, name: str) -> tuple[Flow, list[Clear]]:
    """The flow, moved to the end; and what was forgotten to make room."""
    flow = next((one for one in memory.flows if one.name == name), None) or Flow(name)
    memory.flows = [one for one in memory.flows if one is not flow]
    memory.flows.append(flow)
    if len(memory.flows) <= FLOWS_MAX:
        return flow, []
    gone = memory.flows.pop(0)
    return flow, [Clear("forgotten", gone.name)] if gone.told else []


def _done(memory: Memory, name: str, at_ms: int) -> Answer:
    for flow in memory.flows:
        if flow.name == name:
            flow.signals = [one for one in flow.signals if one.at_ms > at_ms]
            told, flow.told = flow.told, False
            return Clear("task_completed", name) if told else None
    return None


DETECTOR = DigitalFriction()
