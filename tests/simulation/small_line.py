"""The real line under a small policy whose days are seconds, so that a minute holds a life.

Two detectors of the house, two that exist only here (one lives by its timer alone), and one that
crashes on purpose: in the middle of a record, or in the middle of a wake.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from msgspec import Struct

from streams.detectors.effort.cumulative_effort import CumulativeEffort
from streams.detectors.effort.repeat_contact import RepeatContact
from streams.engine.detector import PROMISE_BROKEN, Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.rules import EffortRules, PromiseRules, Rules, TimeRules
from streams.line import Line

SECOND_D = 1 / 86_400
LATENESS_S = 1.0
HORIZON_MS = 86_400_000
SILENCE_MS = 3_000
#: A contact of this id crashes the line when it is heard, of that id when its timer fires.
CRASHES, CRASHES_LATER = "boom", "tick"


class Waiting(Struct, array_like=True):
    """Since when a contact has been open; 0 for none."""

    since_ms: int = 0
    mark: int = 0


@dataclass(frozen=True)
class Unanswered(Detector):
    """A contact that nobody ended for three seconds."""

    listens: ClassVar = ("contact.started", "contact.ended")
    memory: ClassVar = Waiting
    action: ClassVar = "Answer"

    def on_touchpoint(self, memory: Waiting, heard: Heard) -> Answer:
        if heard.type == "contact.ended":
            memory.since_ms = 0
            return Clear("answered")
        if not memory.since_ms:
            memory.since_ms, memory.mark = heard.at_ms, heard.note()
        return None

    def on_wake(self, memory: Waiting, heard: Heard) -> Answer:
        memory.since_ms = 0
        return Finding(3, "unanswered", "3 s and no answer", marks=(memory.mark,))

    def wake_at_ms(self, memory: Waiting, journey: Journey) -> int | None:
        return memory.since_ms + SILENCE_MS if memory.since_ms else None


@dataclass(frozen=True)
class PromiseBroken(Detector):
    """A promise whose time has passed."""

    listens: ClassVar = (PROMISE_BROKEN,)
    action: ClassVar = "Keep it"

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        return Finding(4, "promise_broken", "1 promise broken", object=heard.promise.promise_id)


@dataclass(frozen=True)
class Faulty(Detector):
    """A detector with two faults, for touchpoints that ask for them."""

    listens: ClassVar = ("contact.started",)
    memory: ClassVar = Waiting
    action: ClassVar = "None"

    def on_touchpoint(self, memory: Waiting, heard: Heard) -> Answer:
        contact_id = heard.touchpoint.contact_id
        if contact_id.startswith(CRASHES):
            raise ZeroDivisionError("a detector's fault")
        if contact_id.startswith(CRASHES_LATER):
            memory.since_ms = heard.now_ms  # never due already: that would cost the record
        return None

    def on_wake(self, memory: Any, heard: Heard) -> Answer:
        raise ZeroDivisionError("a fault in a wake")

    def wake_at_ms(self, memory: Waiting, journey: Journey) -> int | None:
        return memory.since_ms + 1_500 if memory.since_ms else None


class QuickRepeat(RepeatContact):
    """The house's repeat contact; its episodes grow quiet after four seconds."""

    quiet_d: ClassVar = 4 * SECOND_D


RULES = Rules(
    label="simulation",
    effort=EffortRules(half_life_d=6 * SECOND_D, k=50),
    time=TimeRules(lateness_s=LATENESS_S, horizon_d=HORIZON_MS / 86_400_000),
    promises=PromiseRules(grace_callback_min=1 / 60, grace_other_h=1 / 3_600),
)

QUESTIONS = (
    Question(
        "effort", "repeat_contact", QuickRepeat(window_d=1 * SECOND_D, long_window_d=2 * SECOND_D)
    ),
    Question("effort", "cumulative_effort", CumulativeEffort()),
    Question("friction", "unanswered", Unanswered()),
    Question("moment", "promise_broken", PromiseBroken()),
    Question("friction", "zz_faulty", Faulty()),
)


@cache
def line_over(partitions: int, kind: type[Line] = Line) -> Line:
    """The line for a topic of so many partitions. It keeps nothing, so all workers share it."""
    line = kind(RULES, QUESTIONS, partitions)
    line.fires_max = 2
    return line
