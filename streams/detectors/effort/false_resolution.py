"""Was it called solved when it was not? (EF8)

Fires when   a case is reopened, or the customer makes contact about an issue within the policy's
             ``repeat_short_d`` days of a claim that it was resolved; higher from
             ``severe_claims`` such claims on one issue.
Silent when  nobody had claimed it, the contact is about another issue or comes later, or the
             company called; a case reopened after the customer's contact is the same claim, told
             once.
Forgets      by itself: an episode resolves after ``quiet_d`` days without another.
Requirements S4-08, S0-19
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard


@dataclass(frozen=True)
class FalseResolution(Detector):
    """Threshold: the number of false claims on one issue that is severe."""

    listens: ClassVar = ("case.reopened", "contact.started", "case.customer_replied")
    action: ClassVar = (
        "Find out why it was called solved; let the customer confirm before closing again"
    )
    quiet_d: ClassVar = 30

    severe_claims: Annotated[int, Ge(2), Le(20)] = 2

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """A claim fell by this touchpoint."""
        if not heard.refuted:
            return None
        issue = heard.issue
        count = issue.false_resolutions
        by = "the case was reopened" if heard.reopened else "the customer came back"
        return Finding(
            severity=4 if count >= self.severe_claims else 2,
            reason="false_resolution",
            text=f"{count} {'claims' if count > 1 else 'claim'} of resolution did not hold: {by}",
            object=issue.key,
            number=count,
            threshold=1,
            marks=(issue.claim_mark, heard.note()),
            issue=issue.key,
        )


DETECTOR = FalseResolution()
