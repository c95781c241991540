"""Is something being made good, and is it followed through? (MO6)

Fires when   something was done to make up for a failure: at once as ``detected``, once per issue
             under way; and as mishandled when a part of its standard is missed: a word from us in
             ``first_word_h`` to ask whether it is well now, no more than ``cold_transfers``, and no
             return of the customer about the same thing in ``repeat_d`` days.
Silent when  the customer comes back about something else. The standard met resolves it with
             ``standard_met``; whether the relationship is repaired is asked for longer elsewhere.
Forgets      the moment at the end of its standard; a mishandled one after ``quiet_d`` days.
Requirements S1-27, S1-11, S1-30
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from streams.engine.detector import Finding
from streams.engine.heard import Heard
from streams.engine.standard import HEARD, MomentOfTruth
from streams.engine.watch import Watch, made_good


@dataclass(frozen=True)
class Recovery(MomentOfTruth):
    """The standard of a recovery."""

    listens: ClassVar = (*HEARD, "survey.sent", "survey.responded")
    begins: ClassVar = frozenset({"recovery.action_taken"})
    action: ClassVar = "Ask within two days whether it is well now, and stay on it until it is"
    called: ClassVar = "a recovery"
    any_return: ClassVar = True

    def begun(self, memory: Any, heard: Heard) -> Finding | None:
        """Something is done to make up for it."""
        if heard.type != "recovery.action_taken":
            return None
        issue = made_good(heard.touchpoint, heard.journey)
        self.watch(memory, heard, issue or "", issue, asked=False)
        return Finding(
            severity=1,
            reason="detected",
            text=f"1 recovery: {heard.touchpoint.kind}",
            object=issue or "",
            number=1,
            marks=[heard.note()],
            issue=issue,
        )

    def settles(self, memory: Any, watch: Watch, heard: Heard) -> bool:
        """The customer was asked how it is, or said so, or it is solved."""
        return heard.resolved or heard.type in ("survey.sent", "survey.responded")


DETECTOR = Recovery()
