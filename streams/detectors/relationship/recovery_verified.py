"""Was the relationship repaired, or only the case? (CL3)

Fires when   something is done to make up for a failure (``under_watch``, for information), and as
             failed when within ``quiet_after_d`` days the customer comes back about the same thing,
             or the next answer is below ``csat_min`` of 5 or ``ces_min`` of 7.
Silent when  they come back about something else. Quiet for so long and the next answer good, it
             resolves as ``recovered``; with no answer in ``answer_d`` days as ``not_confirmed``:
             that nobody answered is no failure, and no success either.
Forgets      a recovery when it is decided; a failed one after ``quiet_d`` days.
Requirements S1-27
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS
from streams.engine.watch import made_good

WATCHED_MAX = 2


class Watched(Struct, array_like=True, gc=False):
    """One recovery; ``good_ms`` when a good answer came, 0 while none has."""

    object: str
    at_ms: int
    issue: str | None = None
    mark: int = 0
    good_ms: int = 0


class Memory(Struct, array_like=True, gc=False):
    """The recoveries not yet decided, oldest first."""

    watched: list[Watched] = field(default_factory=list)


@dataclass(frozen=True)
class RecoveryVerified(Detector):
    """Thresholds: days of quiet, days to wait for an answer, answers that are good."""

    listens: ClassVar = (
        "recovery.action_taken",
        "contact.started",
        "case.customer_replied",
        "case.reopened",
        "survey.responded",
    )
    begins: ClassVar = frozenset({"recovery.action_taken"})
    memory: ClassVar = Memory
    action: ClassVar = "Take it up again with somebody senior: what was done did not repair it"
    quiet_d: ClassVar = 45

    quiet_after_d: Annotated[float, Gt(0), Le(180)] = 14
    answer_d: Annotated[float, Gt(0), Le(365)] = 30
    csat_min: Annotated[float, Ge(1), Le(5)] = 4
    ces_min: Annotated[float, Ge(1), Le(7)] = 5

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A recovery begins; the customer comes back, or answers."""
        if heard.type == "recovery.action_taken":
            return self._begun(memory, heard)
        answers: list[Finding] = []
        for one in list(memory.watched):
            failed = self._heard(one, heard) if heard.at_ms > one.at_ms else None
            if failed is not None:
                memory.watched.remove(one)
                answers.append(failed)
        return answers or None

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """It has been quiet for long enough, or nobody has answered for too long."""
        over = [one for one in memory.watched if self._due_ms(one) <= heard.at_ms]
        memory.watched = [one for one in memory.watched if one not in over]
        return [Clear("recovered" if one.good_ms else "not_confirmed", one.object) for one in over]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first of them is decided if nothing happens."""
        return min((self._due_ms(one) for one in memory.watched), default=None)

    def _due_ms(self, one: Watched) -> int:
        quiet_ms = one.at_ms + int(self.quiet_after_d * DAY_MS)
        if one.good_ms:
            return max(quiet_ms, one.good_ms)
        return max(quiet_ms, one.at_ms + int(self.answer_d * DAY_MS))

    def _begun(self, memory: Memory, heard: Heard) -> Finding:
        issue = made_good(heard.touchpoint, heard.journey)
        memory.watched = [one for one in memory.watched if one.object != (issue or "")]
        memory.watched.append(Watched(issue or "", heard.at_ms, issue, heard.note()))
        del memory.watched[:-WATCHED_MAX]
        return Finding(
            severity=1,
            reason="under_watch",
            text=f"1 recovery to be verified: {heard.touchpoint.kind}",
            object=issue or "",
            number=1,
            marks=[heard.note()],
            issue=issue,
        )

    def _heard(self, one: Watched, heard: Heard) -> Finding | None:
        if heard.type == "survey.responded":
            return self._answered(one, heard)
        if not (heard.new_contact or heard.reopened) or heard.issue is None:
            return None
        if one.issue is not None:
            again = heard.issue.key == one.issue
        else:
            again = heard.issue.first_ms <= one.at_ms and (
                heard.reopened or heard.previous_contact_ms > 0
            )
        days = (heard.at_ms - one.at_ms) / DAY_MS
        if not again or days > self.quiet_after_d:
            return None
        return self._failed(
            one, heard, f"{days:.1f} days after the recovery the customer came back about it",
            days, self.quiet_after_d,
        )  # fmt: skip

    def _answered(self, one: Watched, heard: Heard) -> Finding | None:
        kind = heard.touchpoint.kind
        if heard.score is None or kind not in ("csat", "ces"):
            return None
        if heard.issue is not None and one.issue not in (None, heard.issue.key):
            return None
        most, least = (5, self.csat_min) if kind == "csat" else (7, self.ces_min)
        score = round(1 + (most - 1) * heard.score, 6)
        if score >= least:
            one.good_ms = one.good_ms or heard.at_ms
            return None
        if one.good_ms:
            return None  # the next answer is the one that counts
        what = "satisfaction" if kind == "csat" else "ease"
        text = f"{score:.3g} of {most} in {what} after the recovery, {least:g} would do"
        return self._failed(one, heard, text, score, least)

    def _failed(
        self, one: Watched, heard: Heard, text: str, number: float, threshold: float
    ) -> Finding:
        return Finding(
            severity=4,
            reason="recovery_failed",
            text=text,
            object=one.object,
            number=number,
            threshold=threshold,
            marks=[one.mark, heard.note()],
            issue=one.issue,
        )


DETECTOR = RecoveryVerified()
