"""Does getting started go against the grain? (ON3)

Fires when   one onboarding step fails ``step_failures`` times, or the customer asks for help
             ``help_requests`` times.
Silent when  different steps fail once each, or a step that failed was done at the next try.
Forgets      a step when it is done; the requests, once told, when the next step is done; everything
             when onboarding ends; the oldest of more than eight steps.
Requirements S3-26, S1-08
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard

STEPS_MAX, MARKS_MAX = 8, 6
HELP = ""
"""The object of requests for help: the onboarding as a whole."""


class Step(Struct, array_like=True, gc=False):
    """An onboarding step that failed and is not done."""

    name: str
    failures: int = 0
    marks: list[int] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """Failed steps, oldest first; requests for help and whether they were told."""

    steps: list[Step] = field(default_factory=list)
    requests: int = 0
    requests_told: bool = False
    marks: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class OnboardingFriction(Detector):
    """Thresholds: failures of one step and requests for help that are too many."""

    listens: ClassVar = (
        "onboarding.step_failed",
        "onboarding.step_completed",
        "onboarding.assistance_requested",
        "onboarding.completed",
        "onboarding.cancelled",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Do the failing step together with the customer, and have it mended"
    cause: ClassVar = "onboarding"

    step_failures: Annotated[int, Ge(2), Le(20)] = 2
    help_requests: Annotated[int, Ge(2), Le(50)] = 3

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Count failures per step and requests for help; what gets done is forgotten."""
        if heard.type == "onboarding.step_failed":
            return self._failed(memory, heard)
        if heard.type == "onboarding.assistance_requested":
            return self._asked(memory, heard)
        if heard.type == "onboarding.step_completed":
            return _done(memory, _name(heard.touchpoint))
        memory.steps.clear()
        _forget_requests(memory)
        return Clear("onboarding_" + heard.type.rpartition(".")[2], None)

    def _failed(self, memory: Memory, heard: Heard) -> Answer:
        touchpoint, name = heard.touchpoint, _name(heard.touchpoint)
        step = next((step for step in memory.steps if step.name == name), None)
        answers: list[Finding | Clear] = []
        if step is None:
            step = Step(name)
            memory.steps.append(step)
            if len(memory.steps) > STEPS_MAX:
                answers.append(Clear("forgotten", memory.steps.pop(0).name))
        step.failures = max(step.failures + 1, (touchpoint.retry_no or 0) + 1)
        _keep(step.marks, heard)
        if step.failures >= self.step_failures:
            error = f", error {touchpoint.error_code}" if touchpoint.error_code else ""
            answers.append(
                Finding(
                    severity=3,
                    reason="step_failed_again",
                    text=f"{step.failures} failures of onboarding step {touchpoint.step}{error}",
                    object=name,
                    number=step.failures,
                    threshold=self.step_failures,
                    marks=step.marks,
                )
            )
        return answers

    def _asked(self, memory: Memory, heard: Heard) -> Answer:
        memory.requests += 1
        _keep(memory.marks, heard)
        if memory.requests < self.help_requests:
            return None
        memory.requests_told = True
        return Finding(
            severity=3,
            reason="help_wanted",
            text=f"{memory.requests} requests for help while getting started",
            object=HELP,
            number=memory.requests,
            threshold=self.help_requests,
            marks=memory.marks,
            action="Give the customer one onboarding specialist until they see first value",
        )


def _name(touchpoint: Any) -> str:
    product = touchpoint.product_id
    return f"{product}:{touchpoint.step}" if product else touchpoint.step


def _keep(marks: list[int], heard: Heard) -> None:
    marks.append(heard.note())
    del marks[:-MARKS_MAX]


def _done(memory: Memory, name: str) -> Answer:
    done = [Clear("step_done", step.name) for step in memory.steps if step.name == name]
    memory.steps = [step for step in memory.steps if step.name != name]
    if memory.requests_told:
        _forget_requests(memory)
        done.append(Clear("step_done", HELP))
    return done


def _forget_requests(memory: Memory) -> None:
    memory.requests, memory.requests_told = 0, False
    memory.marks.clear()


DETECTOR = OnboardingFriction()
