"""Is it time to talk about renewal, and is the ground prepared? (MO3)

Fires when   the renewal window opens, or renewal is talked about: at once as ``detected``, saying
             whether there was a proactive touch in the ``touch_d`` days before, which issues are
             open, and a tone that is all business; and as mishandled when a part of its standard
             is missed: every open issue solved, or a date given, in ``resolve_h`` open hours; a
             word from us in ``first_word_h`` unless there was that touch; once the customer turns
             to us an answer in ``response_h`` open hours (times ``tier_share``) and a second word
             in ``follow_up_h``; no more than ``cold_transfers``; no return in ``repeat_d`` days.
Silent when  the contract only nears its end: the window is the producer's to open. The standard met
             resolves it with ``standard_met``.
Forgets      the moment at the end of its standard or when the renewal is decided; a mishandled one
             after ``quiet_d`` days.
Requirements S4-19, S1-12, S1-11
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Gt, Le

from streams.engine import standard
from streams.engine.detector import Finding
from streams.engine.heard import Heard
from streams.engine.standard import HEARD, MomentOfTruth
from streams.engine.units import DAY_MS
from streams.engine.watch import Watch

BEGINS = ("renewal.window_opened", "renewal.conversation")


class Memory(standard.Memory, array_like=True):
    """Also: when we last turned to the customer without being asked."""

    touched_ms: int = 0


@dataclass(frozen=True)
class RenewalConversation(MomentOfTruth):
    """The standard of a renewal, and how far back a proactive touch counts."""

    listens: ClassVar = (*BEGINS, "renewal.decided", *HEARD)
    begins: ClassVar = frozenset({*BEGINS, "account.touch"})
    memory: ClassVar = Memory
    action: ClassVar = "Settle what is open first, then talk about their year, and only then price"
    cause: ClassVar = "expectation"
    called: ClassVar = "the renewal"

    touch_d: Annotated[float, Gt(0), Le(365)] = 90

    def begun(self, memory: Memory, heard: Heard) -> Finding | None:
        """We turn to the customer; the window opens; renewal is talked about."""
        if heard.type == "account.touch":
            if heard.touchpoint.proactive is not False:
                memory.touched_ms = max(memory.touched_ms, heard.at_ms)
            return None
        if heard.type not in BEGINS:
            return None
        under_way = bool(memory.watches)
        by_customer = getattr(heard.touchpoint, "initiator", None) == "customer"
        self.watch(memory, heard, "", None, asked=by_customer)
        watch = memory.watches[-1]
        touched = 0 <= heard.at_ms - memory.touched_ms <= self.touch_d * DAY_MS
        if touched or (heard.type == "renewal.conversation" and not by_customer):
            watch.follow_ms = 0
        if under_way:
            return None
        count = sum(not issue.resolved_ms for issue in heard.journey.issues)
        if count and self.resolve_h and not watch.resolve_ms:
            calendar = heard.rules.calendars[self.calendar]
            watch.resolve_ms = calendar.add_hours(heard.at_ms, self.resolve_h)
        return self._finding(heard, touched, count)

    def settles(self, memory: Any, watch: Watch, heard: Heard) -> bool:
        """The renewal is decided, or nothing is open any more of what was open then."""
        if heard.type == "renewal.decided":
            return True
        issues = heard.journey.issues
        return heard.resolved and all(i.resolved_ms or i.first_ms > watch.at_ms for i in issues)

    def _finding(self, heard: Heard, touched: bool, open_issues: int) -> Finding:
        left_ms = heard.journey.profile.contract_ends_ms - heard.at_ms
        days, known_d = left_ms / DAY_MS, (heard.at_ms - heard.journey.first_ms) / DAY_MS
        flags = []
        if not touched and known_d >= 1:
            flags.append(f"no proactive touch in {min(self.touch_d, known_d):.0f} days")
        if open_issues:
            flags.append(f"{open_issues} open {'issue' if open_issues == 1 else 'issues'}")
        if getattr(heard.touchpoint, "tone", None) == "transactional":
            flags.append("a tone that is all business")
        when = (
            f"{days:.0f} days to the end of the contract" if days > 0 else "Contract's end unknown"
        )
        return Finding(
            severity=1,
            reason="detected",
            text=f"{when}, renewal is due: {', '.join(flags) or 'the ground is prepared'}",
            number=max(0.0, days),
            marks=[heard.note()],
        )


DETECTOR = RenewalConversation()
