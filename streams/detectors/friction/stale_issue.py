"""Has the customer's problem stood unsolved for too long, however fast the answers were? (FR3)

Fires when   an issue is unresolved for ``first_d``, ``second_d`` and ``third_d`` days of the
             customer's own clock, nights and weekends included; one higher while a promise about it
             is open.
Silent when  it is resolved before; or nobody ever said that it was not: its contacts ended without
             an outcome, and no case, complaint, dispute or unsolved contact stands for it.
Forgets      the age when the issue is resolved: opened again, it begins anew. The issue longest
             watched of more than eight; the episode with it.
Requirements S0-19, S3-11
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar

from annotated_types import Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

Days = Annotated[float, Gt(0), Le(3650)]
WATCHED_MAX = 8
OPENERS = (
    "contact.started",
    "case.opened",
    "case.reopened",
    "case.customer_replied",
    "case.response_sent",
    "case.reassigned",
    "case.status_changed",
    "case.blocked",
    "complaint.filed",
    "dispute.opened",
)


class Watch(Struct, array_like=True, gc=False):
    """One unresolved issue: open since when, how many of the ages told; ``firm`` if it is known
    to be unsolved and not only not known to be solved; ``anew`` if it was watched or solved before.
    """

    key: str
    since_ms: int
    told: int = 0
    firm: bool = False
    anew: bool = False
    mark: int = 0


class Memory(Struct, array_like=True, gc=False):
    """The unresolved issues, in the order they were opened."""

    watched: list[Watch] = field(default_factory=list)


@dataclass(frozen=True)
class StaleIssue(Detector):
    """Thresholds: the three ages in days, ascending."""

    listens: ClassVar = (
        *OPENERS,
        "contact.ended",
        "case.resolved",
        "case.closed",
        "case.linked",
        "dispute.resolved",
    )
    memory: ClassVar = Memory
    action: ClassVar = "Give the issue one owner and the customer a date; report until it is solved"
    clears_with_issue: ClassVar = True

    first_d: Days = 3
    second_d: Days = 7
    third_d: Days = 14

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Watch the issue from its opening to its resolution."""
        gone = _gone(memory, heard.journey)
        issue = heard.issue
        if issue is None:
            return gone
        watch = None
        for one in memory.watched:
            if one.key == issue.key:
                watch = one
                break
        if issue.resolved_ms:
            if watch is not None:
                memory.watched.remove(watch)
            return gone
        if watch is None:
            if heard.type in OPENERS and _comes_from_outside(heard):
                gone += _begin(memory, heard)
            return gone
        if heard.at_ms < watch.since_ms and not watch.anew:
            watch.since_ms = heard.at_ms
        watch.firm = watch.firm or _is_firm(heard)
        if heard.type == "contact.ended" and not watch.firm and not watch.told:
            memory.watched.remove(watch)
        return gone

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """An age is reached and the issue is as open as before."""
        answers = _gone(memory, heard.journey)
        due = [one for one in memory.watched if self._due_ms(one, heard.at_ms + 1) <= heard.at_ms]
        return [*answers, *(self._finding(watch, heard) for watch in due)]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first of them reaches its next age."""
        if not memory.watched:
            return None
        due = [self._due_ms(one, 0) for one in memory.watched if one.told < 3]
        return min(due, default=None)

    @cached_property
    def _ages_d(self) -> list[float]:
        return sorted((self.first_d, self.second_d, self.third_d))

    @cached_property
    def _ages_ms(self) -> list[int]:
        return [round(age_d * DAY_MS) for age_d in self._ages_d]

    def _due_ms(self, watch: Watch, never_ms: int) -> int:
        if watch.told >= 3:
            return never_ms
        return watch.since_ms + self._ages_ms[watch.told]

    def _finding(self, watch: Watch, heard: Heard) -> Finding:
        journey, issue = heard.journey, heard.journey.issue(watch.key)
        age_d = self._ages_d[watch.told]
        watch.told += 1
        promised = any(promise.issue == watch.key for promise in journey.promises)
        contacts = issue.chain if issue is not None else 0
        return Finding(
            severity=1 + watch.told + promised,
            reason="unresolved_though_promised" if promised else "unresolved",
            text=f"{age_d:g} days unresolved, {contacts} contact{'s' * (contacts != 1)} about it"
            + (", a promise about it is open" if promised else ""),
            object=watch.key,
            number=age_d,
            threshold=age_d,
            marks=[watch.mark, *(issue.contact_marks if issue is not None else ())],
            issue=watch.key,
            action=(
                None,
                "Take the issue to whoever can decide it, and tell the customer who that is",
                "Have a manager call the customer, own the issue and make good what it cost them",
            )[watch.told - 1],
        )


def _begin(memory: Memory, heard: Heard) -> list[Clear]:
    key, anew = heard.issue.key, heard.issue.first_ms < heard.at_ms
    memory.watched.append(Watch(key, heard.at_ms, 0, _is_firm(heard), anew, heard.note()))
    if len(memory.watched) <= WATCHED_MAX:
        return []
    return [Clear("forgotten", memory.watched.pop(0).key)]


def _gone(memory: Memory, journey: Journey) -> list[Clear]:
    """Issues the journey has forgotten or joined to another can never be seen resolved."""
    if not memory.watched:
        return []
    gone = [one for one in memory.watched if journey.issue(one.key) is None]
    if not gone:
        return []
    memory.watched = [one for one in memory.watched if one not in gone]
    return [Clear("forgotten", one.key) for one in gone]


def _comes_from_outside(heard: Heard) -> bool:
    """A call of ours about nothing the customer raised opens no problem of theirs."""
    return heard.type != "contact.started" or (heard.contact is not None and heard.contact.inbound)


def _is_firm(heard: Heard) -> bool:
    if heard.type == "contact.ended":
        touchpoint = heard.touchpoint
        return touchpoint.outcome is not None or touchpoint.agent_says_resolved is not None
    return heard.type != "contact.started"


DETECTOR = StaleIssue()
