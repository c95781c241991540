"""Do they recommend the contact and not the company? (DC8)

Fires when   a transactional recommendation (scope interaction or journey) of ``contact_min`` of 10
             or more and one of the relationship of ``relationship_max`` or less lie within
             ``window_d`` days of each other, the last of each counting, in either order.
Silent when  both agree, the scope is not told, or one of them is old.
Forgets      the episode when the two agree again, or after ``quiet_d`` days.
Requirements S3-07, S4-06
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS


class Memory(Struct, array_like=True, gc=False):
    """The last answer of each scope (0 to 10; at 0 ms: none), and whether it is told."""

    contact: float = 0.0
    contact_ms: int = 0
    contact_mark: int = 0
    relationship: float = 0.0
    relationship_ms: int = 0
    relationship_mark: int = 0
    told: bool = False


@dataclass(frozen=True)
class TouchpointVsRelationship(Detector):
    """Thresholds: what recommends the contact, what not the company, and days between the two."""

    listens: ClassVar = ("survey.responded",)
    memory: ClassVar = Memory
    action: ClassVar = "Do not read the contact's score as loyalty: ask what spoils the whole"
    cause: ClassVar = "expectation"
    quiet_d: ClassVar = 120

    contact_min: Annotated[float, Ge(0), Le(10)] = 9
    relationship_max: Annotated[float, Ge(0), Le(10)] = 6
    window_d: Annotated[float, Gt(0), Le(730)] = 90

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """One more recommendation."""
        touchpoint = heard.touchpoint
        if touchpoint.kind != "nps" or heard.score is None or touchpoint.scope is None:
            return None
        score, at_ms = round(10 * heard.score, 6), heard.at_ms
        if touchpoint.scope == "relationship":
            if at_ms < memory.relationship_ms:
                return None
            memory.relationship, memory.relationship_ms = score, at_ms
            memory.relationship_mark = heard.note()
        else:
            if at_ms < memory.contact_ms:
                return None
            memory.contact, memory.contact_ms, memory.contact_mark = score, at_ms, heard.note()
        if not self._apart(memory):
            told, memory.told = memory.told, False
            return Clear("agree_again") if told else None
        memory.told = True
        return self._finding(memory)

    def _apart(self, memory: Memory) -> bool:
        if not memory.contact_ms or not memory.relationship_ms:
            return False
        days = abs(memory.contact_ms - memory.relationship_ms) / DAY_MS
        return (
            days <= self.window_d
            and memory.contact >= self.contact_min
            and memory.relationship <= self.relationship_max
        )

    def _finding(self, memory: Memory) -> Finding:
        return Finding(
            severity=3,
            reason="contact_good_relationship_not",
            text=f"{memory.contact:.3g} of 10 for the contact and {memory.relationship:.3g} of 10 "
            "for the relationship",
            number=memory.contact - memory.relationship,
            threshold=self.contact_min - self.relationship_max,
            marks=[memory.contact_mark, memory.relationship_mark],
        )


DETECTOR = TouchpointVsRelationship()
