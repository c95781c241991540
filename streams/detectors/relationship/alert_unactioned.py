"""Has somebody been told, and nobody done anything? (CL1)

Fires when   an alert about this customer is open and not acknowledged: after ``severe_h`` hours
             from a severity of ``severe_from`` on, else after ``after_h`` open hours of
             ``calendar`` from ``severity_min`` on, counted from when it was last said. One level
             above the gravest of them; one episode per customer, however many lie.
Silent when  somebody acknowledged, snoozed, resolved or dismissed it in time, it ended by itself,
             it was suppressed, or it was for information (base severity 1) only.
Forgets      the episode as soon as none of them lies any more.
Asked        only where the policy says ``enabled = true``: where what people did about alerts does
             not come back through the feedback topic, every serious alert would look forgotten.
Requirements S1-26
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le, Len
from msgspec import Struct

from streams.engine.detector import EPISODE, Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Episode, Journey
from streams.engine.units import HOUR_MS

UNTOUCHED = frozenset({"open", "reopened"})
KIND = "alert_unactioned"


class Memory(Struct, array_like=True, gc=False):
    """When to look next, until when it was looked, and whether it is told."""

    due_ms: int = 0
    looked_ms: int = 0
    told: bool = False


@dataclass(frozen=True)
class AlertUnactioned(Detector):
    """Thresholds: which alerts must be acted on, and within what time."""

    listens: ClassVar = (EPISODE,)
    memory: ClassVar = Memory
    action: ClassVar = "Have the lead of the team that owns it take it on now, and say so"
    asked_after: ClassVar = 2
    by_default: ClassVar = False

    severe_h: Annotated[float, Gt(0), Le(8760)] = 1
    severe_from: Annotated[int, Ge(2), Le(5)] = 4
    after_h: Annotated[float, Gt(0), Le(8760)] = 8
    severity_min: Annotated[int, Ge(2), Le(5)] = 3
    calendar: Annotated[str, Len(1, 64)] = "weekdays"

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Something was said of an episode: another may lie, or none any more."""
        return self._look(memory, heard)

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """One has lain for its time."""
        return self._look(memory, heard)

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the next of them will have lain for its time."""
        return memory.due_ms or None

    def _look(self, memory: Memory, heard: Heard) -> Answer:
        memory.looked_ms = max(memory.looked_ms, heard.at_ms)
        lying = [
            (self._due_ms(episode, heard), episode)
            for episode in heard.journey.episodes
            if self._waits(episode)
        ]
        later = [due_ms for due_ms, _ in lying if due_ms > memory.looked_ms]
        memory.due_ms = min(later, default=0)
        over = [episode for due_ms, episode in lying if due_ms <= memory.looked_ms]
        if over:
            memory.told = True
            return self._finding(over, heard)
        if lying or not memory.told:
            return None  # one that was said anew gets its time anew; what is told stays told
        memory.told = False
        return Clear("acted_on")

    def _waits(self, episode: Episode) -> bool:
        return (
            not episode.resolved_ms
            and episode.state in UNTOUCHED
            and episode.suppressed is None
            and episode.severity >= min(self.severity_min, self.severe_from)
            and episode.base_severity > 1
            and episode.kind != KIND
        )

    def _due_ms(self, episode: Episode, heard: Heard) -> int:
        if episode.severity >= self.severe_from:
            return episode.changed_ms + int(self.severe_h * HOUR_MS)
        return heard.rules.calendars[self.calendar].add_hours(episode.changed_ms, self.after_h)

    def _finding(self, over: list[Episode], heard: Heard) -> Finding:
        # By their own account: what context adds to them it adds to this as well.
        worst = max(over, key=lambda one: (one.base_severity, -one.changed_ms))
        oldest_ms = min(one.changed_ms for one in over)
        hours = (max(heard.at_ms, heard.now_ms) - oldest_ms) / HOUR_MS
        severe = worst.severity >= self.severe_from
        return Finding(
            severity=min(5, worst.base_severity + 1),
            reason="not_acknowledged",
            text=f"{len(over)} {'alert' if len(over) == 1 else 'alerts'} not acknowledged, the "
            f"gravest {worst.kind} of severity {worst.severity}, the oldest for {hours:.1f} h",
            number=hours,
            threshold=self.severe_h if severe else self.after_h,
            cause=worst.cause,
        )


DETECTOR = AlertUnactioned()
