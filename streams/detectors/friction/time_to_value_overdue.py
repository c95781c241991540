"""Has the customer got started and still has nothing from it? (ON2)

Fires when   first value is not reached by the onboarding's own target, or by the days of its model:
             ``self_serve_d``, ``smb_d``, ``mid_d``, ``enterprise_d``, or ``unknown_d`` where no
             model was told. Higher when ``severe_share`` times that has passed.
Silent when  a milestone that is first value came in time, the onboarding was cancelled before, or
             nobody said that it began. To have completed it is not yet to have something from it.
Forgets      an onboarding at first value, when it is cancelled, or when the customer has left; the
             oldest of more than three.
Requirements S1-08
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

Days = Annotated[float, Gt(0), Le(730)]
COURSES_MAX, MISSING_MAX = 3, 3


class Course(Struct, array_like=True, gc=False):
    """One onboarding without first value yet; ``told`` counts the deadlines that have passed."""

    product: str
    started_ms: int
    due_ms: int
    severe_ms: int
    told: int = 0
    done: int = 0
    mark: int = 0
    last_mark: int = 0
    missing: list[str] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """The onboardings without first value, oldest first."""

    courses: list[Course] = field(default_factory=list)


@dataclass(frozen=True)
class TimeToValueOverdue(Detector):
    """Thresholds: days to first value by model, and the share of them from which it is severe."""

    listens: ClassVar = (
        "onboarding.started",
        "onboarding.step_started",
        "onboarding.step_failed",
        "onboarding.step_completed",
        "onboarding.milestone_reached",
        "onboarding.cancelled",
        "customer.churned",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Find the shortest way to one thing that is of use, and go it together"
    cause: ClassVar = "onboarding"

    self_serve_d: Days = 1.5
    smb_d: Days = 14
    mid_d: Days = 28
    enterprise_d: Days = 84
    unknown_d: Days = 14
    severe_share: Annotated[float, Ge(1), Le(10)] = 1.5

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """The clock starts with the onboarding and stops at first value."""
        kind = heard.type
        if kind == "onboarding.started":
            return self._started(memory, heard)
        if kind == "customer.churned":
            return _over(memory, list(memory.courses), "churned")
        course = _course(memory, heard)
        if course is None:
            return None
        if kind == "onboarding.cancelled":
            return _over(memory, [course], "cancelled")
        if kind == "onboarding.milestone_reached":
            reached = heard.touchpoint.is_first_value
            return _over(memory, [course], "first_value_reached") if reached else None
        _progress(course, heard)
        return None

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """First value is overdue, or long overdue."""
        due = [one for one in memory.courses if 0 < _next_ms(one) <= heard.at_ms]
        return [self._finding(one, heard.at_ms) for one in due]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first of them will be overdue, or long so."""
        return min((ms for one in memory.courses if (ms := _next_ms(one))), default=None)

    def _started(self, memory: Memory, heard: Heard) -> Answer:
        touchpoint, at_ms = heard.touchpoint, heard.at_ms
        product = touchpoint.product_id or ""
        again = [one for one in memory.courses if one.product == product]
        days = getattr(self, f"{touchpoint.segment_model or 'unknown'}_d")
        due_ms = at_ms + round(days * DAY_MS)
        if touchpoint.target_value_at is not None and touchpoint.target_value_at > at_ms:
            due_ms = touchpoint.target_value_at
        severe_ms = max(due_ms + 1, at_ms + round((due_ms - at_ms) * self.severe_share))
        answers = _over(memory, again, "started_anew")
        memory.courses.append(Course(product, at_ms, due_ms, severe_ms, mark=heard.note()))
        return [*answers, *_over(memory, memory.courses[:-COURSES_MAX], "forgotten")]

    def _finding(self, course: Course, at_ms: int) -> Finding:
        course.told += 1
        severe = course.told > 1
        days = (at_ms - course.started_ms) / DAY_MS
        missing = f", missing: {', '.join(course.missing)}" if course.missing else ""
        steps = f"{course.done} step{'s' * (course.done != 1)} done"
        return Finding(
            severity=4 if severe else 3,
            reason="value_long_overdue" if severe else "value_overdue",
            text=f"{days:.3g} days since the start and no first value; {steps}{missing}",
            object=course.product,
            number=days,
            threshold=days,
            marks=[course.mark, course.last_mark],
            action="Have somebody who knows this customer's goal set it up for them this week"
            if severe
            else None,
        )


def _course(memory: Memory, heard: Heard) -> Course | None:
    """The onboarding meant: of that product, or the only one if either names no product."""
    product = heard.touchpoint.product_id or ""
    for course in memory.courses:
        if course.product == product:
            return course
    only = memory.courses[0] if len(memory.courses) == 1 else None
    return only if only is not None and not (product and only.product) else None


def _progress(course: Course, heard: Heard) -> None:
    """Steps done are counted; those begun or failed and not done are what is missing."""
    step = heard.touchpoint.step
    done = heard.type == "onboarding.step_completed"
    course.missing = [one for one in course.missing if one != step]
    if done:
        course.done += 1
    else:
        course.missing.append(step)
        del course.missing[:-MISSING_MAX]
    course.last_mark = heard.note()


def _next_ms(course: Course) -> int:
    """When to look at it next; 0 for never."""
    return (course.due_ms, course.severe_ms, 0)[min(course.told, 2)]


def _over(memory: Memory, over: list[Course], reason: str) -> list[Clear]:
    memory.courses = [one for one in memory.courses if one not in over]
    return [Clear(reason, one.product) for one in over if one.told]


DETECTOR = TimeToValueOverdue()
