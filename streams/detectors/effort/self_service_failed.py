"""Did the customer try to help themselves first, and still had to ask? (EF6)

Fires when   ``attempts`` times within ``window_d`` days an attempt that did not solve it
             (self-service, a bot, a voice menu hung up on) was followed within ``follow_h`` hours
             by a contact with a person on the same topic, or with either topic unknown.
Silent when  the attempt solved it, the contact comes later, is about something else, or was made by
             the company.
Forgets      the episode after ``quiet_d`` days without another; pairs older than the window.
Requirements S3-23, S2-22, S2-10
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS, HOUR_MS

OPEN_MAX, PAIRS_MAX = 2, 4
MACHINES = frozenset({"bot", "ivr", "system"})
NAMES = {"selfservice.ended": "self-service", "bot.session_ended": "bot",
         "ivr.segment_ended": "voice menu"}  # fmt: skip


class Attempt(Struct, array_like=True, gc=False):
    """One attempt that did not solve it; topic "" if nobody told."""

    type: str
    topic: str
    at_ms: int
    mark: int


class Pair(Struct, array_like=True, gc=False):
    """An attempt and the contact that followed it."""

    type: str
    at_ms: int
    attempt_mark: int
    contact_mark: int


class Memory(Struct, array_like=True, gc=False):
    """Attempts no contact has followed yet, and attempts with the contact that did, by time."""

    attempts: list[Attempt] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True)
class SelfServiceFailed(Detector):
    """Thresholds: failed attempts, days they fall in, hours in which the contact follows."""

    listens: ClassVar = (*NAMES, "contact.started")
    memory: ClassVar = Memory
    action: ClassVar = "See what was searched for and not found, and mend that page, menu or bot"
    cause: ClassVar = "knowledge"
    quiet_d: ClassVar = 14

    attempts: Annotated[int, Ge(1), Le(PAIRS_MAX)] = 2
    window_d: Annotated[float, Gt(0), Le(90)] = 7
    follow_h: Annotated[float, Gt(0), Le(720)] = 24

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Remember what did not solve it, until a contact follows."""
        if heard.type in NAMES:
            _tried(memory, heard)
            return None
        if not heard.new_contact or heard.touchpoint.channel in MACHINES:
            return None
        attempt = self._followed(memory, heard)
        if attempt is None:
            return None
        memory.attempts = [one for one in memory.attempts if one.at_ms > attempt.at_ms]
        memory.pairs.append(Pair(attempt.type, heard.at_ms, attempt.mark, heard.note()))
        memory.pairs.sort(key=lambda one: one.at_ms)
        del memory.pairs[:-PAIRS_MAX]
        window_ms = self.window_d * DAY_MS
        pairs = [one for one in memory.pairs if 0 <= heard.at_ms - one.at_ms <= window_ms]
        count = len(pairs)
        if count < self.attempts:
            return None
        tools = ", ".join(dict.fromkeys(NAMES[one.type] for one in pairs))
        return Finding(
            severity=2,
            reason="had_to_ask_after_all",
            text=f"{count} times in {self.window_d:g} days the customer tried alone ({tools}) and "
            f"had to ask within {self.follow_h:g} h",
            number=count,
            threshold=self.attempts,
            marks=[n for one in pairs for n in (one.attempt_mark, one.contact_mark)],
        )

    def _followed(self, memory: Memory, heard: Heard) -> Attempt | None:
        """The latest attempt that this contact may be about."""
        reason = heard.touchpoint.reason
        known = (reason.l1, reason.l2) if reason is not None else ()
        for attempt in reversed(memory.attempts):
            in_time = 0 <= heard.at_ms - attempt.at_ms <= self.follow_h * HOUR_MS
            if in_time and (not attempt.topic or not known or attempt.topic in known):
                return attempt
        return None


def _tried(memory: Memory, heard: Heard) -> None:
    touchpoint = heard.touchpoint
    if heard.type == "ivr.segment_ended":
        topic, failed = "", touchpoint.exit == "hangup"
        solved = touchpoint.exit == "self_served"
    else:
        topic, solved = touchpoint.topic or "", touchpoint.outcome == "resolved"
        failed = not solved
    if solved:
        # Found in the end: what was tried before it on the same topic did not fail.
        memory.attempts = [one for one in memory.attempts if topic and one.topic != topic]
    elif failed:
        memory.attempts.append(Attempt(heard.type, topic, heard.at_ms, heard.note()))
        memory.attempts.sort(key=lambda one: one.at_ms)
        del memory.attempts[:-OPEN_MAX]


DETECTOR = SelfServiceFailed()
