"""Did the customer go quiet after a contact that ended badly? (FR7)

Fires when   ``quiet_after_d`` days after a bad contact (satisfaction ``csat_max`` of 5 or less, not
             solved, or given up in the queue) the customer has not come back in any way and their
             use of the product has fallen by ``usage_fall`` against their own 28 days; or falls so
             while they stay quiet, up to ``watch_d`` days.
Silent when  they came back, it was solved meanwhile, they use it as before, or nothing is known of
             their use: summaries that do not come are a producer's silence, not a customer's.
Forgets      the contact at any return, or ``watch_d`` days after it.
Requirements S3-13
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine import usage
from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

RETURNS = ("contact.started", "case.opened", "case.customer_replied", "order.placed",
           "selfservice.started", "onboarding.step_completed")  # fmt: skip
UNSOLVED = frozenset({"pending", "unanswered", "dropped"})
SCORED, ABANDONED = "poor score", "given up in the queue"


class Memory(Struct, array_like=True, gc=False):
    """The last bad contact (at 0: none), when to look next, whether quiet and told; use by week."""

    at_ms: int = 0
    why: str = ""
    issue: str | None = None
    due_ms: int = 0
    quiet: bool = False
    told: bool = False
    marks: list[int] = field(default_factory=list)
    weeks: list[usage.Week] = field(default_factory=list)


@dataclass(frozen=True)
class WentQuietAfterBadContact(Detector):
    """Thresholds: days of quiet, days watched, how far use must fall, the score that is bad."""

    listens: ClassVar = (
        *RETURNS,
        "contact.ended",
        "contact.abandoned",
        "survey.responded",
        "product.usage_summary",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Call in person about that contact: say sorry, solve it, ask what would help"

    quiet_after_d: Annotated[float, Gt(0), Le(180)] = 14
    watch_d: Annotated[float, Gt(0), Le(365)] = 45
    usage_fall: Annotated[float, Gt(0), Le(1)] = 0.5
    csat_max: Annotated[float, Ge(1), Le(5)] = 2

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A bad contact starts the watch, any return ends it, use says what the quiet means."""
        if heard.type == "product.usage_summary":
            usage.fold(memory.weeks, heard.touchpoint)
            return self._used(memory, heard) if memory.quiet else None
        if heard.type in RETURNS:
            if not memory.at_ms:
                return None
            came = heard.type == "order.placed" or heard.inbound
            return _forget(memory, "came_back") if came and heard.at_ms > memory.at_ms else None
        why = self._bad(heard)
        if why is None or heard.at_ms < memory.at_ms:
            return None
        # A poor score about the contact under watch says again that it was bad, and starts nothing.
        answer = _forget(memory, "came_back") if why != SCORED or not memory.quiet else None
        memory.at_ms, memory.why = heard.at_ms, why
        memory.issue = heard.issue.key if heard.issue is not None else None
        memory.due_ms = heard.at_ms + int(self.quiet_after_d * DAY_MS)
        memory.quiet = memory.told = False
        memory.marks = [heard.note()]
        return answer

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """They have been quiet for long enough to wonder; or for too long to go on watching."""
        end_ms = memory.at_ms + int(max(self.watch_d, self.quiet_after_d) * DAY_MS) + 1
        if memory.quiet or self._is_solved(memory, heard.journey):
            return _forget(memory, "watched_long_enough")
        memory.quiet, memory.due_ms = True, end_ms
        return self._used(memory, heard)

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When quiet becomes telling, then when it is old."""
        return memory.due_ms or None

    def _bad(self, heard: Heard) -> str | None:
        touchpoint = heard.touchpoint
        if heard.type == "survey.responded":
            poor = (
                touchpoint.kind == "csat"
                and heard.score is not None
                and (1 + 4 * heard.score <= self.csat_max + 1e-9)
            )
            return SCORED if poor else None
        if heard.contact is None or not heard.contact.inbound:
            return None
        if heard.type == "contact.abandoned":
            return ABANDONED
        unsolved = touchpoint.outcome in UNSOLVED or touchpoint.agent_says_resolved is False
        return "not solved" if unsolved else None

    def _is_solved(self, memory: Memory, journey: Journey) -> bool:
        issue = journey.issue(memory.issue)
        return memory.why != SCORED and issue is not None and issue.resolved_ms > 0

    def _used(self, memory: Memory, heard: Heard) -> Answer:
        """Only a week that began after the bad contact says what it led to."""
        fallen = usage.fallen(memory.weeks, memory.at_ms + usage.WEEK_MS)
        if fallen is None:
            return None
        if fallen < self.usage_fall:
            told, memory.told = memory.told, False
            return Clear("uses_it_again") if told else None
        if memory.told:
            return None
        memory.told = True
        days = (heard.at_ms - memory.at_ms) / DAY_MS
        return Finding(
            severity=4,
            reason="went_quiet",
            text=f"{days:.0f} days of quiet after a contact that ended badly ({memory.why}); use "
            f"has fallen by {fallen:.0%}",
            number=days,
            threshold=self.quiet_after_d,
            marks=memory.marks,
            issue=memory.issue,
        )


def _forget(memory: Memory, reason: str) -> Clear | None:
    told = memory.told
    memory.at_ms = memory.due_ms = 0
    memory.why, memory.issue = "", None
    memory.quiet = memory.told = False
    memory.marks = []
    return Clear(reason) if told else None


DETECTOR = WentQuietAfterBadContact()
