"""Was something promised and not done? (FR5)

Fires when   a promise is neither kept nor withdrawn nor moved by its time plus grace (section
             ``promises`` of the policy), a callback is missed, or a promise is moved too often.
             Higher for the second within ``again_d`` days on one issue, and for what sales promised
             a customer of a raised tier.
Silent when  it was kept, withdrawn or given a new time before that.
Forgets      a promise once it is kept, if late, or withdrawn, or its issue is resolved; the oldest
             of more than eight.
Requirements S3-12, S4-28
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, Le
from msgspec import Struct, field

from streams.engine.detector import PROMISE_BROKEN, Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

BROKEN_MAX = 8

ACTIONS = {
    "callback": "Call the customer back now and say why it did not happen",
    "refund": "Pay the refund today and confirm it in writing",
    "credit": "Book the credit today and confirm it in writing",
    "delivery": "Give one firm delivery date, and write before it slips again",
    "fix": "Tell the customer honestly where the fix stands and who answers for it",
}
CAUSES = {"sales": "expectation", "billing": "billing"}


class Broken(Struct, array_like=True, gc=False):
    """A promise that was broken; ``told`` until it is kept, withdrawn or made good."""

    promise_id: str
    issue: str | None
    at_ms: int
    told: bool = True


class Memory(Struct, array_like=True, gc=False):
    """The last broken promises, oldest first."""

    broken: list[Broken] = field(default_factory=list)


@dataclass(frozen=True)
class BrokenPromise(Detector):
    """Thresholds: days in which a second broken promise on one issue is worse."""

    listens: ClassVar = (PROMISE_BROKEN, "promise.kept", "promise.withdrawn", "callback.done")
    memory: ClassVar = Memory
    action: ClassVar = "Tell the customer what holds now and by when, and see it through in person"
    clears_with_issue: ClassVar = True

    again_d: Annotated[float, Gt(0), Le(3650)] = 90

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A broken promise is a finding; one kept late takes it back."""
        if heard.type == PROMISE_BROKEN:
            return self._broken(memory, heard)
        promise = heard.promise
        promise_id = promise.promise_id if promise is not None else heard.touchpoint.promise_id
        for broken in memory.broken:
            if broken.promise_id == promise_id and broken.told:
                broken.told = False
                withdrawn = heard.type == "promise.withdrawn"
                return Clear("withdrawn" if withdrawn else "kept_late", promise_id)
        return None

    def _broken(self, memory: Memory, heard: Heard) -> Answer:
        promise = heard.promise
        since_ms = self._since_ms(heard)
        memory.broken = [one for one in memory.broken if one.told or one.at_ms >= since_ms]
        memory.broken.append(Broken(promise.promise_id, promise.issue, heard.at_ms))
        if len(memory.broken) <= BROKEN_MAX:
            return self._finding(memory, heard)
        return Clear("forgotten", memory.broken.pop(0).promise_id), self._finding(memory, heard)

    def _since_ms(self, heard: Heard) -> int:
        return heard.at_ms - int(self.again_d * DAY_MS)

    def _finding(self, memory: Memory, heard: Heard) -> Finding:
        promise = heard.promise
        since_ms = self._since_ms(heard)
        same = [
            one for one in memory.broken if one.issue == promise.issue and one.at_ms >= since_ms
        ]
        count = len(same) if promise.issue is not None else 1
        by_sales = promise.made_by == "sales"
        tier_raised = heard.journey.profile.tier in heard.rules.severity.tier_raised
        moved = promise.changes > heard.rules.promises.changes_max
        by = f" made by {promise.made_by}" if promise.made_by else ""
        if moved:
            text = f"{promise.changes} new dates for one promise ({promise.kind}{by})"
        else:
            text = f"{count} promise{'s' * (count > 1)} broken, now: {promise.kind}{by}"
        return Finding(
            severity=4 if count > 1 or (by_sales and tier_raised) else 3,
            reason="moved_too_often" if moved else "broken_again" if count > 1 else "not_kept",
            text=text,
            object=promise.promise_id,
            number=promise.changes if moved else count,
            threshold=heard.rules.promises.changes_max if moved else 1,
            marks=promise.marks,
            issue=promise.issue,
            action=ACTIONS.get(promise.kind),
            cause=CAUSES.get(promise.made_by or ""),
        )


DETECTOR = BrokenPromise()
