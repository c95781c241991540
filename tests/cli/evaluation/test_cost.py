"""What asking costs: every detector that was asked has a cost, a dear one a higher one."""

from dataclasses import dataclass, replace
from time import perf_counter_ns
from typing import ClassVar

from streams import policy
from streams.cli.evaluation.cost import costs
from streams.cli.evaluation.portion import Portion
from streams.engine.detector import Answer, Detector
from streams.engine.heard import Heard
from streams.engine.judgement import Question

COMPANY = Portion(0, 7, 20)


@dataclass(frozen=True)
class Slow(Detector):
    """Takes its time: a millisecond."""

    listens: ClassVar = ("contact.started",)
    action: ClassVar = "Wait"

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """Nothing, slowly."""
        began_ns = perf_counter_ns()
        while perf_counter_ns() - began_ns < 1_000_000:
            pass
        return None


@dataclass(frozen=True)
class Idle(Detector):
    """Does nothing at all."""

    listens: ClassVar = ("contact.started",)
    action: ClassVar = "Rest"

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """Nothing."""
        return None


def test_the_slow_one_is_found_and_the_idle_one_is_nearly_free() -> None:
    """Order, not figures: a millisecond of work is seen; what the stopwatch costs is not."""
    asked = (Question("effort", "slow", Slow()), Question("effort", "idle", Idle()))
    found = costs(replace(policy.load(), questions=asked), COMPANY, 1_000)
    assert found["slow"].call_ns > 500_000
    assert found["idle"].call_ns < found["slow"].call_ns / 50
    assert found["slow"].asked_share == found["idle"].asked_share
    assert 0 < found["slow"].asked_share < 0.5


def test_every_detector_in_force_is_measured_and_none_is_changed_by_it() -> None:
    """All kinds are there, and the detectors in force are the same objects as before."""
    in_force = policy.load()
    before = [question.detector for question in in_force.questions]
    found = costs(in_force, COMPANY, 1_000)
    assert set(found) == {question.kind for question in in_force.questions}
    assert [question.detector for question in in_force.questions] == before
    assert all(cost.touchpoint_ns <= cost.call_ns * 1.5 for cost in found.values())
