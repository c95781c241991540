"""What asking each detector costs: a stopwatch round every call, less what the stopwatch costs."""

from array import array
from copy import copy
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from time import perf_counter_ns
from typing import Any

from streams.cli.evaluation.portion import Portion, records
from streams.engine.heard import Heard
from streams.engine.judgement import Question
from streams.policy import Policy
from streams.replay.house import ReplayHouse

BUDGET_NS = 500
"""What one detector may cost per touchpoint of the traffic."""
_TRIES = 20_000


@dataclass(frozen=True)
class Cost:
    """What one detector costs.

    Args:
        call_ns: median of asking it once (and when to wake it), the cost of asking subtracted.
        asked_share: how many calls there are per touchpoint of the traffic.
    """

    call_ns: float
    asked_share: float

    @property
    def touchpoint_ns(self) -> float:
        """Nanoseconds per touchpoint of the traffic, those it does not listen to included."""
        return self.call_ns * self.asked_share


class _Timed:
    """A detector with a stopwatch round it; otherwise itself."""

    def __init__(self, detector: Any) -> None:
        self._detector = detector
        self._answers, self._wakes = detector.on_touchpoint, detector.on_wake
        self._wake_at = detector.wake_at_ms
        self.took_ns = array("q")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._detector, name)

    def on_touchpoint(self, memory: Any, heard: Heard) -> Any:
        began_ns = perf_counter_ns()
        answer = self._answers(memory, heard)
        self.took_ns.append(perf_counter_ns() - began_ns)
        return answer

    def on_wake(self, memory: Any, heard: Heard) -> Any:
        began_ns = perf_counter_ns()
        answer = self._wakes(memory, heard)
        self.took_ns.append(perf_counter_ns() - began_ns)
        return answer

    def wake_at_ms(self, memory: Any, journey: Any) -> int | None:
        began_ns = perf_counter_ns()
        due_ms = self._wake_at(memory, journey)
        self.took_ns[-1] += perf_counter_ns() - began_ns
        return due_ms


class _Silent:
    """Costs what asking costs."""

    def on_touchpoint(self, memory: Any, heard: Any) -> None:
        return None

    def on_wake(self, memory: Any, heard: Any) -> None:
        return None

    def wake_at_ms(self, memory: Any, journey: Any) -> None:
        return None


def costs(in_force: Policy, portion: Portion, touchpoints: int) -> dict[str, Cost]:
    """By kind, measured while a simulated company is replayed.

    Args:
        in_force: the policy.
        portion: the company.
        touchpoints: how many of its touchpoints at most.
    """
    timed = {question.kind: _Timed(question.detector) for question in in_force.questions}
    questions = tuple(_with(question, timed[question.kind]) for question in in_force.questions)
    house = ReplayHouse(replace(in_force, questions=questions), partitions=1)
    for _ in house.run(islice(records(portion.world()), touchpoints), 5_000):
        pass
    asking_ns, waking_ns = _stopwatch_ns()
    found = {}
    for question in questions:
        took_ns = timed[question.kind].took_ns
        free_ns = asking_ns + (waking_ns if question.wakes else 0)
        call_ns = max(0.0, median(took_ns) - free_ns) if took_ns else 0.0
        found[question.kind] = Cost(call_ns, len(took_ns) / house.records)
    return found


def _with(question: Question, detector: Any) -> Question:
    question = copy(question)
    question.detector = detector
    return question


def _stopwatch_ns() -> tuple[float, float]:
    """Medians of asking a detector that answers nothing, and of asking when to wake it."""
    silent = _Timed(_Silent())
    asked: Any = None
    for _ in range(_TRIES):
        silent.on_touchpoint(asked, asked)
    asking_ns = median(silent.took_ns)
    both = _Timed(_Silent())
    for _ in range(_TRIES):
        both.on_touchpoint(asked, asked)
        both.wake_at_ms(asked, asked)
    return asking_ns, median(both.took_ns) - asking_ns
