"""Were they satisfied, and was it hard all the same? (DC4)

Fires when   about one contact, or one issue where an answer names no contact, satisfaction is
             ``csat_min`` of 5 or more and ease ``ces_max`` of 7 or less, answered within ``pair_d``
             days of each other, in either order. Scores on other scales, and of the older question
             where low is easy, are converted.
Silent when  both are good, both are poor, or they are about different things.
Forgets      the episode when ease is answered as good about the same issue, or after ``quiet_d``
             days; an answer after ``pair_d`` days.
Requirements S3-19, S0-09
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

ANSWERS_MAX = 4
EASY = 5.0
"""From here on, of 7, it was easy: the positive range of the question."""
MOST = {"csat": 5, "ces": 7}


class Given(Struct, array_like=True, gc=False):
    """One answer: about which contact and issue ("" if not known), of which question."""

    kind: str
    score: float
    at_ms: int
    contact: str
    issue: str
    mark: int


class Memory(Struct, array_like=True, gc=False):
    """The last answers, oldest first, and the issues told of."""

    answers: list[Given] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SatisfiedNotEasy(Detector):
    """Thresholds: the satisfaction that is good, the ease that is not, days between the two."""

    listens: ClassVar = ("survey.responded",)
    memory: ClassVar = Memory
    action: ClassVar = "Do not count it as a success: find the step that was hard, and remove it"
    quiet_d: ClassVar = 30

    csat_min: Annotated[float, Ge(1), Le(5)] = 4
    ces_max: Annotated[float, Ge(1), Le(7)] = 3
    pair_d: Annotated[float, Gt(0), Le(180)] = 30

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """One more answer, and perhaps its other half."""
        kind, touchpoint = heard.touchpoint.kind, heard.touchpoint
        if kind not in MOST or heard.score is None:
            return None
        score = round(1 + (MOST[kind] - 1) * heard.score, 6)
        issue = heard.issue.key if heard.issue is not None else ""
        answer = Given(kind, score, heard.at_ms, touchpoint.contact_id or "", issue, 0)
        about = issue or answer.contact
        if not about:
            return None
        answer.mark = heard.note()
        other = self._other_half(memory, answer)
        memory.answers.append(answer)
        del memory.answers[:-ANSWERS_MAX]
        if kind == "ces" and score >= EASY and about in memory.told:
            memory.told.remove(about)
            return Clear("easy_now", about)
        if other is None:
            return None
        csat, ces = (answer, other) if kind == "csat" else (other, answer)
        if csat.score < self.csat_min or ces.score > self.ces_max:
            return None
        if about not in memory.told:
            memory.told.append(about)
            del memory.told[:-ANSWERS_MAX]
        return self._finding(csat, ces, about, issue)

    def _other_half(self, memory: Memory, answer: Given) -> Given | None:
        """The latest answer to the other question about the same contact, or else issue."""
        for other in reversed(memory.answers):
            near = abs(answer.at_ms - other.at_ms) <= self.pair_d * DAY_MS
            if other.kind != answer.kind and near and _same(answer, other):
                return other
        return None

    def _finding(self, csat: Given, ces: Given, about: str, issue: str) -> Finding:
        return Finding(
            severity=3,
            reason="satisfied_not_easy",
            text=f"{csat.score:.3g} of 5 in satisfaction and {ces.score:.3g} of 7 in ease about "
            "the same thing",
            object=about,
            number=ces.score,
            threshold=self.ces_max,
            marks=[csat.mark, ces.mark],
            issue=issue or None,
        )


def _same(one: Given, other: Given) -> bool:
    if one.contact and other.contact:
        return one.contact == other.contact
    return bool(one.issue) and one.issue == other.issue


DETECTOR = SatisfiedNotEasy()
