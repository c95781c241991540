"""A line over one partition in memory, and a detector that reminds, or crashes where told to."""

import json
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.record import Record
from streams.engine.rules import Rules
from streams.line import Line
from tests.engine.probe import Probe

START_MS = 1_767_225_600_000
MINUTE_MS, DAY_MS = 60_000, 86_400_000
LATENESS_MS = int(Rules().time.lateness_s * 1000)


class Due(Struct, array_like=True):
    """When to be woken, and how often it was."""

    due_ms: int = 0
    woken: int = 0


@dataclass(frozen=True)
class Reminder(Detector):
    """Reminds a day after the last complaint; crashes where a spec wants it to.

    A complaint of severity 4 crashes it at once, one of severity 3 when it is to be woken.
    """

    listens: ClassVar = ("complaint.filed",)
    memory: ClassVar = Due
    action: ClassVar = "Look"

    def on_touchpoint(self, memory: Due, heard: Heard) -> Answer:
        """Plan a day ahead, or crash."""
        if heard.touchpoint.severity == 4:
            raise ZeroDivisionError("four")
        memory.due_ms = heard.at_ms + DAY_MS
        memory.woken = -9 if heard.touchpoint.severity == 3 else memory.woken
        return None

    def on_wake(self, memory: Due, heard: Heard) -> Answer:
        """Remind, or crash."""
        if memory.woken < 0:
            raise ZeroDivisionError("woken")
        memory.due_ms, memory.woken = 0, memory.woken + 1
        return Finding(2, "reminder", f"{memory.woken} reminders", object=str(memory.woken))

    def wake_at_ms(self, memory: Due, journey: Journey) -> int | None:
        """As planned."""
        return memory.due_ms or None


def line_of(*detectors: Detector, partitions: int = 1) -> Line:
    """A line that asks those detectors; the probe if none."""
    asked = [Question("effort", f"q{n}", d) for n, d in enumerate(detectors or (Probe(),))]
    return Line(Rules(), asked, partitions)


class Log:
    """Records as they come, one offset after the other."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def say(self, after_ms: int = 0, customer: str = "c-1", **fields) -> "Log":
        """A complaint so long after the start, by default of severity 1."""
        number, at_ms = len(self.records), START_MS + after_ms
        said = {
            "event_id": f"e-{number}",
            "source": "urn:test",
            "type": "complaint.filed",
            "customer_id": customer,
            "occurred_at": at_ms,
            "severity": 1,
            **fields,
        }
        return self.raw(json.dumps(said).encode(), customer, at_ms)

    def raw(self, value: bytes, customer: str = "c-1", at_ms: int = START_MS) -> "Log":
        """Any bytes."""
        self.records.append(Record(len(self.records), at_ms, customer.encode(), value))
        return self


def run(line, log, desk=None, size=1_000):
    """The outcomes of a log in batches of that size, each settled."""
    desk = desk or line.open(0, None, {})
    outcomes = []
    for start in range(0, len(log.records), size):
        part = log.records[start : start + size]
        outcomes.append(line.run(desk, part, part[-1].offset + 1))
        line.settle(desk, outcomes[-1])
    return outcomes


def total(outcomes):
    """All counts of those outcomes together."""
    names = {name for outcome in outcomes for name in outcome.counts}
    return {name: sum(o.counts.get(name, 0) for o in outcomes) for name in sorted(names)}


def alerts(outcomes):
    """The alerts of those outcomes, decoded."""
    return [
        json.loads(send.value)
        for outcome in outcomes
        for send in outcome.sends
        if send.topic.startswith("alerts.")
    ]
