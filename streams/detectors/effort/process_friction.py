"""Does the process itself stand in the customer's way? (EF12)

Fires when   one run of a task takes ``extra_steps`` steps more than expected, one of its steps is
             tried again ``retries`` times, or it is abandoned after something in it had failed; or
             a case is blocked for ``blocked_h`` hours. Higher for ``grave_tasks``.
Silent when  it takes a step or two more, is abandoned without anything having failed (the customer
             may have changed their mind), or the case moves on in time.
Forgets      a run when it is completed, a block when the case moves on; the one longest quiet of
             more than three; the episode after ``quiet_d`` days.
Requirements S2-23, S2-07, S1-07, S1-25
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import HOUR_MS

RUNS_MAX, BLOCKS_MAX, MARKS_MAX = 3, 3, 5
CASE = "case:"
MOVES = ("case.response_sent", "case.status_changed", "case.reassigned", "case.resolved",
         "case.closed")  # fmt: skip


class Run(Struct, array_like=True, gc=False):
    """One run of a task: steps taken and expected, the step tried last and how often again."""

    name: str
    kind: str
    steps: int = 0
    expected: int = 0
    step: str = ""
    retries: int = 0
    failures: int = 0
    told: bool = False
    marks: list[int] = field(default_factory=list)


class Block(Struct, array_like=True, gc=False):
    """A case that cannot move on; due 0 once told."""

    case_id: str
    by: str
    since_ms: int
    due_ms: int
    mark: int
    issue: str | None = None


class Memory(Struct, array_like=True, gc=False):
    """Runs and blocks, longest quiet first."""

    runs: list[Run] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class ProcessFriction(Detector):
    """Thresholds: steps too many, tries again of one step, hours a case may be blocked."""

    listens: ClassVar = (
        "task.started",
        "task.step",
        "task.failed",
        "task.abandoned",
        "task.completed",
        "case.blocked",
        *MOVES,
    )
    memory: ClassVar = Memory
    action: ClassVar = (
        "Finish it for the customer, and take the step that stopped them out of the way"
    )
    quiet_d: ClassVar = 30

    extra_steps: Annotated[int, Ge(1), Le(100)] = 3
    retries: Annotated[int, Ge(1), Le(100)] = 3
    blocked_h: Annotated[float, Gt(0), Le(8760)] = 24
    grave_tasks: tuple[str, ...] = ("payment", "dispute", "cancel")

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A step of a task, or a case that is stuck or moves on."""
        if heard.type == "case.blocked":
            return self._blocked(memory, heard)
        if heard.type in MOVES:
            return _unblocked(memory, heard)
        touchpoint = heard.touchpoint
        name = touchpoint.task_id or touchpoint.task_kind
        run = None
        for one in memory.runs:
            if one.name == name:
                run = one
        if heard.type in ("task.completed", "task.started"):
            if run is None:
                return None
            memory.runs.remove(run)
            anew = heard.type == "task.started"
            return Clear("started_anew" if anew else "task_completed", name) if run.told else None
        forgotten: list[Clear] = []
        if run is None:
            run, forgotten = _anew(memory, Run(name, touchpoint.task_kind))
        elif memory.runs[-1] is not run:
            memory.runs.remove(run)
            memory.runs.append(run)
        finding = self._stepped(run, heard)
        return [*forgotten, finding] if finding is not None else forgotten or None

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """A case has been blocked for too long."""
        due = [one for one in memory.blocks if 0 < one.due_ms <= heard.at_ms]
        return [self._stuck(one, (heard.at_ms - one.since_ms) / HOUR_MS) for one in due]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first block will have lasted too long."""
        if not memory.blocks:
            return None
        due = [one.due_ms for one in memory.blocks if one.due_ms]
        return min(due) if due else None

    def _stepped(self, run: Run, heard: Heard) -> Finding | None:
        _count(run, heard)
        if heard.type == "task.abandoned":
            if not run.failures:
                return None
            plural = "s" if run.failures > 1 else ""
            return self._finding(
                run,
                "abandoned_after_failure",
                run.failures,
                1,
                f"{run.failures} failure{plural}, then the customer gave up",
            )
        if run.retries >= self.retries:
            step = f" of step {run.step}" if run.step else ""
            return self._finding(
                run,
                "step_tried_again",
                run.retries,
                self.retries,
                f"{run.retries} tries again{step}",
            )
        most = run.expected + self.extra_steps
        if run.expected and run.steps >= most:
            return self._finding(
                run,
                "too_many_steps",
                run.steps,
                most,
                f"{run.steps} steps where {run.expected} are expected",
            )
        return None

    def _finding(self, run: Run, reason: str, number: int, threshold: int, what: str) -> Finding:
        run.told = True
        grave = run.kind in self.grave_tasks
        return Finding(
            severity=3 if grave else 2,
            reason=reason,
            text=f"{what} (task: {run.kind})",
            object=run.name,
            number=number,
            threshold=threshold,
            marks=run.marks,
            cause="billing" if run.kind in ("payment", "dispute") else None,
        )

    def _blocked(self, memory: Memory, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        known = next((one for one in memory.blocks if one.case_id == touchpoint.case_id), None)
        limit_ms = int(self.blocked_h * HOUR_MS)
        if touchpoint.duration_s is not None and touchpoint.duration_s * 1000 < limit_ms:
            return None  # told when it was over, and it was short
        forgotten = []
        if known is None:
            known = Block(
                touchpoint.case_id,
                touchpoint.blocked_by,
                heard.at_ms,
                heard.at_ms + limit_ms,
                heard.note(),
                heard.issue.key if heard.issue is not None else None,
            )
            memory.blocks.append(known)
            forgotten = _settle(memory, memory.blocks[:-BLOCKS_MAX], "forgotten")
        if touchpoint.duration_s is None:
            return forgotten
        return [*forgotten, self._stuck(known, touchpoint.duration_s / 3600)]

    def _stuck(self, block: Block, hours: float) -> Finding:
        block.due_ms = 0
        return Finding(
            severity=2,
            reason="case_blocked",
            text=f"{hours:.0f} h a case is blocked by {block.by.replace('_', ' ')}",
            object=CASE + block.case_id,
            number=hours,
            threshold=self.blocked_h,
            marks=[block.mark],
            issue=block.issue,
            action="Get it unblocked today by whoever may, and tell the customer what it waits for",
        )


def _count(run: Run, heard: Heard) -> None:
    """Take in a step, a failure or the end of it."""
    touchpoint = heard.touchpoint
    run.expected = touchpoint.expected_steps or run.expected
    again = run.step == (touchpoint.step or "") and bool(run.step)
    if heard.type == "task.step":
        run.steps = max(run.steps + (not again), touchpoint.step_no or 0)
        run.retries = max(touchpoint.retry_no or 0, run.retries + 1 if again else 0)
        run.step = touchpoint.step or ""
    elif heard.type == "task.failed":
        run.failures += 1
        run.retries = max(run.retries if again else 0, touchpoint.retry_no or 0)
        run.step = touchpoint.step or run.step
    # A step that goes as it should is no evidence, and everyday tasks are full of them.
    if heard.type != "task.step" or again or run.steps > run.expected:
        run.marks.append(heard.note())
        del run.marks[:-MARKS_MAX]


def _anew(memory: Memory, run: Run) -> tuple[Run, list[Clear]]:
    """A run not known yet; the one longest quiet makes room."""
    memory.runs.append(run)
    if len(memory.runs) <= RUNS_MAX:
        return run, []
    gone = memory.runs.pop(0)
    return run, [Clear("forgotten", gone.name)] if gone.told else []


def _unblocked(memory: Memory, heard: Heard) -> list[Clear] | None:
    """Somebody did something about the case; an automatic reply is nothing."""
    if not memory.blocks:
        return None
    if heard.type == "case.response_sent" and heard.touchpoint.kind == "auto":
        return []
    case_id = heard.touchpoint.case_id
    moved = [one for one in memory.blocks if one.case_id == case_id and heard.at_ms >= one.since_ms]
    return _settle(memory, moved, "moves_on")


def _settle(memory: Memory, settled: list[Block], reason: str) -> list[Clear]:
    memory.blocks = [one for one in memory.blocks if one not in settled]
    return [Clear(reason, CASE + one.case_id) for one in settled if not one.due_ms]


DETECTOR = ProcessFriction()
