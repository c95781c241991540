"""Detectors and lines with one fault each, to show that every law can fail.

None of them is in the catalogue. Each fault is one that somebody could make in good faith.
"""

from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct, field

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS
from streams.line import Line


class Count(Struct, array_like=True):
    """A count and a due time."""

    count: int = 0
    due_ms: int = 0


def every_second(count: int) -> Finding | None:
    """A finding of its own for every second contact."""
    if count % 2:
        return None
    return Finding(2, "second_contact", f"{count} contacts so far", object=str(count), number=count)


@dataclass(frozen=True)
class Sound(Detector):
    """What all of them share; without a fault: every second contact, and two days of silence."""

    listens: ClassVar = ("contact.started",)
    memory: ClassVar = Count
    action: ClassVar = "Mend it"

    silence_d: float = 2

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """Count, and plan."""
        memory.count += 1
        memory.due_ms = heard.at_ms + int(self.silence_d * DAY_MS)
        return every_second(memory.count)

    def on_wake(self, memory: Count, heard: Heard) -> Answer:
        """Silence."""
        memory.due_ms = 0
        return Finding(1, "silence", f"{memory.count} contacts, then silence", object="silence")

    def wake_at_ms(self, memory: Count, journey: Journey) -> int | None:
        """As planned."""
        return memory.due_ms or None


TOLD = [0]


class CountsInItsModule(Sound):
    """Counts in a module variable: a second telling goes on where the first ended."""

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """Count in the wrong place."""
        TOLD[0] += 1
        return every_second(TOLD[0])


BY_CUSTOMER: dict[str, int] = {}


class RemembersByCustomer(Sound):
    """Keeps its count by customer in the process, and begins anew with a new journey."""

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """Count in the wrong place, with more care."""
        customer = heard.journey.customer_id
        before = BY_CUSTOMER.get(customer, 0) if heard.journey.n > 1 else 0
        BY_CUSTOMER[customer] = before + 1
        return every_second(BY_CUSTOMER[customer])


LAST = ["", 0]


class RemembersTheLastCustomer(Sound):
    """Counts how often the same customer came in a row, on whatever partition."""

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """Count until somebody else comes."""
        if heard.journey.customer_id != LAST[0] or heard.journey.n == 1:
            LAST[:] = heard.journey.customer_id, 0
        LAST[1] += 1
        return every_second(LAST[1])


class KeepsHalves(Sound):
    """Keeps a fraction where it says that it keeps a whole number."""

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """Count by halves."""
        memory.count += 0.5
        return None


class NeverMovesItsWake(Sound):
    """Woken, it wants to be woken at the same time again."""

    def on_wake(self, memory: Count, heard: Heard) -> Answer:
        """Forget to forget."""
        return None


class TakesForGranted(Sound):
    """Crashes where a field that may be missing is missing."""

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """Ask for the length of nothing."""
        return every_second(len(heard.touchpoint.medium))


class Meddles(Sound):
    """Resolves the issue itself."""

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """Change what is only for reading."""
        if heard.issue is not None:
            heard.issue.resolved_ms = heard.at_ms
        return None


class Mumbles(Sound):
    """Says nothing that anybody could read or act on."""

    def on_touchpoint(self, memory: Count, heard: Heard) -> Answer:
        """No sentence, and a reason that is no code."""
        return Finding(2, "Second Contact!", "?", number=1.0)


class Window(Struct, array_like=True):
    """Times of all contacts."""

    times: list[int] = field(default_factory=list)


class NeverTrimsItsWindow(Sound):
    """Keeps every contact of a customer's life."""

    memory: ClassVar = Window

    def on_touchpoint(self, memory: Window, heard: Heard) -> Answer:
        """Keep it all."""
        memory.times.append(heard.at_ms)
        return None

    def wake_at_ms(self, memory: Window, journey: Journey) -> int | None:
        """Never."""
        return None


class SortsItsBatch(Line):
    """Puts a batch in order of time first: what came in another batch stays out of order."""

    def run(self, desk, records, next_offset):
        """Sort what there is."""
        return super().run(desk, sorted(records, key=lambda r: r.timestamp_ms), next_offset)


class ForgetsWhatItHeard(Line):
    """Knows duplicates within a batch only."""

    def _closed(self, desk, outcome):
        for journey in desk.dirty.values():
            journey.seen = b""
        return super()._closed(desk, outcome)


class StampsWhenItNotices(Line):
    """Dates a timer when it was noticed instead of when it was due."""

    def _fire_one(self, desk, key, journey, until_ms, outcome, aside):
        for kind, due_ms in journey.wakes.items():
            if due_ms <= until_ms:
                journey.wakes[kind] = until_ms
        journey.next_due_ms = self.engine._next_due(journey)
        super()._fire_one(desk, key, journey, until_ms, outcome, aside)


class AllowsNoLateness(Line):
    """Lets time come as far as the latest touchpoint of anybody."""

    def _fire(self, desk, outcome, aside):
        desk.watermark.ms += int(self.rules.time.lateness_s * 1000)
        super()._fire(desk, outcome, aside)
