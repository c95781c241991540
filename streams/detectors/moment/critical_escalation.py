"""Is it critical, and on its way up? (MO4)

Fires when   a contact is escalated with a criticality of ``criticality`` or more, or a complaint
             goes to a regulator: at once as ``detected``, once per issue under way; and as
             mishandled when a part of its standard is missed: an answer of substance in
             ``response_h`` hours (of an escalation), no more than ``cold_transfers``, solved or a
             date for it in ``resolve_h``, a word from us in ``follow_up_h``, no return in
             ``repeat_d`` days. The clock never stops: ``calendar`` is round the clock unless the
             policy says otherwise.
Silent when  it is less critical: the escalation ladder looks at that. The standard met resolves it
             with ``standard_met``.
Forgets      the moment at the end of its standard; a mishandled one after ``quiet_d`` days.
Requirements S4-20, S2-06, S1-11
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from streams.engine.detector import Finding
from streams.engine.heard import Heard
from streams.engine.standard import HEARD, Hours, MomentOfTruth, Name


@dataclass(frozen=True)
class CriticalEscalation(MomentOfTruth):
    """The standard of a critical escalation, and what is critical (1-4)."""

    listens: ClassVar = ("contact.escalated", "complaint.filed", *HEARD)
    begins: ClassVar = frozenset({"contact.escalated", "complaint.filed"})
    action: ClassVar = (
        "Stay with it until it is solved: one person, who may decide, round the clock"
    )
    called: ClassVar = "a critical escalation"

    response_h: Hours = 1
    calendar: Name = "24x7"
    criticality: Annotated[int, Ge(1), Le(4)] = 3

    def begun(self, memory, heard: Heard) -> Finding | None:
        """Something critical goes up, to a lead or to a regulator."""
        touchpoint = heard.touchpoint
        if heard.type == "contact.escalated":
            grade = touchpoint.criticality or 0
            if grade < self.criticality:
                return None
            text = f"{grade} of 4 is how critical it is, escalated to level {touchpoint.level or 1}"
        elif heard.type == "complaint.filed" and touchpoint.regulatory:
            grade, text = 4, "1 complaint to a regulator"
        else:
            return None
        issue = heard.issue.key if heard.issue is not None else None
        object_id = issue or touchpoint.contact_id or ""
        self.watch(memory, heard, object_id, issue, asked=True)
        if heard.type == "complaint.filed":
            memory.watches[-1].response_ms = 0  # nobody waits on the line
        return Finding(
            severity=1,
            reason="detected",
            text=text,
            object=object_id,
            number=grade,
            threshold=self.criticality,
            marks=[heard.note()],
            issue=issue,
        )


DETECTOR = CriticalEscalation()
