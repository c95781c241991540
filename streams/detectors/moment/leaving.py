"""Does the customer want to leave, or to have less? (MO5)

Fires when   a cancellation is asked for, or a plan is reduced and not by the company: at once as
             ``detected``; and as mishandled when a part of its standard is missed: an answer of
             substance in ``response_h`` open hours (times ``tier_share``), no more than
             ``cold_transfers``, a second word from us in ``follow_up_h`` (after a reduction a first
             one in ``first_word_h``), no return about the same
             thing in ``repeat_d`` days. A solution within hours is not asked of a decision to leave
             unless the policy sets ``resolve_h``.
Silent when  the company reduced the plan, or a contract simply ends. The standard met resolves it
             with ``standard_met``.
Forgets      the moment at the end of its standard, or when the customer stays; a mishandled one
             after ``quiet_d`` days.
Requirements S3-09, S1-11, S1-30
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from streams.engine.detector import Answer, Clear, Finding
from streams.engine.heard import Heard
from streams.engine.standard import HEARD, Hours, MomentOfTruth
from streams.engine.watch import Watch

DECIDED = ("customer.reactivated", "customer.churned", "renewal.decided")
STAYS = ("renewed", "expanded")


@dataclass(frozen=True)
class Leaving(MomentOfTruth):
    """The standard of a cancellation."""

    listens: ClassVar = ("cancel.requested", "plan.changed", *DECIDED, *HEARD)
    begins: ClassVar = frozenset({"cancel.requested", "plan.changed", *DECIDED})
    action: ClassVar = "Call and listen: learn why, offer what helps, and let go with good grace"
    cause: ClassVar = "expectation"
    called: ClassVar = "a customer who is leaving"

    resolve_h: Hours = 0

    def on_touchpoint(self, memory: Any, heard: Heard) -> Answer:
        """As every moment; but who stays after all is not leaving any more."""
        stays = heard.type == "customer.reactivated" or (
            heard.type == "renewal.decided" and heard.touchpoint.outcome in STAYS
        )
        if stays:
            memory.watches.clear()
            return Clear("stays")
        return super().on_touchpoint(memory, heard)

    def begun(self, memory: Any, heard: Heard) -> Finding | None:
        """The customer asks to cancel, or to have less."""
        touchpoint = heard.touchpoint
        asked = heard.type == "cancel.requested"
        if asked:
            what = "request to cancel"
        elif heard.type == "plan.changed" and _is_reduced(touchpoint):
            what = "plan reduced"
        else:
            return None
        self.watch(memory, heard, "", None, asked)
        codes = getattr(touchpoint, "reason_codes", None) or ()
        return Finding(
            severity=1,
            reason="detected",
            text=f"1 {what}" + (f": {', '.join(codes[:5])}" if codes else ""),
            number=1,
            marks=[heard.note()],
        )

    def settles(self, memory: Any, watch: Watch, heard: Heard) -> bool:
        """What was to be said is said, or it is decided, one way or the other."""
        return heard.resolved or heard.type in DECIDED


def _is_reduced(touchpoint: Any) -> bool:
    old_minor, new_minor = touchpoint.old_minor, touchpoint.new_minor
    if touchpoint.initiated_by == "company" or old_minor is None or new_minor is None:
        return False
    return bool(new_minor < old_minor)


DETECTOR = Leaving()
