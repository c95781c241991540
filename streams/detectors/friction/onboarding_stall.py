"""Has getting started come to a standstill? (ON1)

Fires when   an onboarding makes no progress for the business days of its model: ``self_serve_d``,
             ``smb_d``, ``mid_d``, ``enterprise_d``, or ``unknown_d`` where no model was told.
Silent when  a step is begun or done, a training attended or a milestone reached in time, or nobody
             said that an onboarding began. A failed step and a call for help are no progress.
Forgets      an onboarding when it is completed or cancelled; the oldest of more than four.
Requirements S1-08, S3-25
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, Le, Len
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey

BusinessDays = Annotated[float, Gt(0), Le(250)]
COURSES_MAX = 4


class Course(Struct, array_like=True, gc=False):
    """One onboarding under way: how far it got, and when it will have stalled or (due 0) had."""

    product: str
    model: str
    moved_ms: int
    due_ms: int = 0
    step: str = ""
    mark: int = 0
    stalls: int = 0
    stalled_ms: int = 0


class Memory(Struct, array_like=True, gc=False):
    """The onboardings under way, oldest first."""

    courses: list[Course] = field(default_factory=list)


@dataclass(frozen=True)
class OnboardingStall(Detector):
    """Thresholds: business days without progress by model, and the calendar that counts them."""

    listens: ClassVar = (
        "onboarding.started",
        "onboarding.step_started",
        "onboarding.step_completed",
        "onboarding.training_attended",
        "onboarding.milestone_reached",
        "onboarding.completed",
        "onboarding.cancelled",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Call and take the next onboarding step together; send what helps with it"
    cause: ClassVar = "onboarding"

    self_serve_d: BusinessDays = 2
    smb_d: BusinessDays = 5
    mid_d: BusinessDays = 10
    enterprise_d: BusinessDays = 15
    unknown_d: BusinessDays = 5
    calendar: Annotated[str, Len(1, 64)] = "weekdays"

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Progress sets the clock anew; an end takes it away."""
        course = _course(memory, heard)
        if course is None:
            return None
        if len(memory.courses) > COURSES_MAX:
            return [
                Clear("forgotten", memory.courses.pop(0).product),
                *self._moved(memory, course, heard),
            ]
        return self._moved(memory, course, heard)

    def _moved(self, memory: Memory, course: Course, heard: Heard) -> list[Clear]:
        what = heard.type.removeprefix("onboarding.")
        stalled = course.due_ms == 0 and course.stalled_ms > 0
        if what in ("completed", "cancelled"):
            memory.courses.remove(course)
            return [Clear(what, course.product)] if stalled else []
        if heard.at_ms < course.moved_ms:
            return []
        if stalled and heard.at_ms < course.stalled_ms:
            course.stalls -= 1  # told late: it had not stalled
        course.moved_ms = heard.at_ms
        if what == "started":
            course.model = heard.touchpoint.segment_model or course.model
        course.step = _named(heard) or course.step
        course.mark = heard.note()
        calendar = heard.rules.calendars[self.calendar]
        course.due_ms = calendar.add_days(heard.at_ms, self._days(course.model))
        return [Clear("progress", course.product)] if stalled else []

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """No progress until its time: a stall, worse if it is not the first."""
        stalled = [one for one in memory.courses if 0 < one.due_ms <= heard.at_ms]
        return [self._stall(course) for course in stalled]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first of them will have stalled."""
        return min((one.due_ms for one in memory.courses if one.due_ms), default=None)

    def _stall(self, course: Course) -> Finding:
        course.stalled_ms, course.due_ms = course.due_ms, 0
        course.stalls += 1
        days = self._days(course.model)
        again = course.stalls > 1
        after = f" after {course.step}" if course.step else ""
        return Finding(
            severity=4 if again else 3,
            reason="stalled_again" if again else "no_progress",
            text=f"{days:g} business days without progress{after} "
            f"(onboarding model {course.model or 'unknown'}, stall {course.stalls})",
            object=course.product,
            number=days,
            threshold=days,
            marks=[course.mark],
            action="Have a specialist take over the onboarding and agree on dates for what is left"
            if again
            else None,
        )

    def _days(self, model: str) -> float:
        return getattr(self, f"{model or 'unknown'}_d")


def _course(memory: Memory, heard: Heard) -> Course | None:
    """The onboarding meant: of that product, or the only one if no product is named."""
    product = heard.touchpoint.product_id or ""
    for course in memory.courses:
        if course.product == product:
            return course
    if heard.type == "onboarding.started":
        course = Course(product, "", heard.at_ms)
        memory.courses.append(course)
        return course
    only = memory.courses[0] if len(memory.courses) == 1 else None
    return only if not product or (only is not None and not only.product) else None


def _named(heard: Heard) -> str | None:
    touchpoint = heard.touchpoint
    return getattr(touchpoint, "step", None) or getattr(touchpoint, "milestone", None)


DETECTOR = OnboardingStall()
