"""Does one poor answer stand against the good ones before it? (DC7)

Fires when   satisfaction of ``poor_score`` of 5 or less follows ``good_scores`` answers of
             ``good_score`` or more with no poor one in between, all within ``window_d`` days. The
             mean may still be good: what is told beside it is half the mean, half the worst of the
             last five. Scores on other scales are converted.
Silent when  fewer were good, or one of them was poor already: that customer is not surprised.
Forgets      the episode when ``good_scores`` good answers have followed, or after ``quiet_d`` days.
Requirements S4-13, S4-14, S3-08
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

SCORES_MAX = 5
Csat = Annotated[float, Ge(1), Le(5)]


class Score(Struct, array_like=True, gc=False):
    """One answer, on a scale of 1 to 5."""

    at_ms: int
    score: float
    mark: int


class Memory(Struct, array_like=True, gc=False):
    """The last answers, by time, and whether an episode is open."""

    scores: list[Score] = field(default_factory=list)
    told: bool = False


@dataclass(frozen=True)
class InconsistentExperience(Detector):
    """Thresholds: what is poor and what is good, of how many good ones, in how many days."""

    listens: ClassVar = ("survey.responded",)
    memory: ClassVar = Memory
    action: ClassVar = (
        "Find what was different this time: who, which channel, which shift; call back"
    )
    quiet_d: ClassVar = 90

    poor_score: Csat = 2
    good_score: Csat = 4
    good_scores: Annotated[int, Ge(1), Le(SCORES_MAX - 1)] = 3
    window_d: Annotated[float, Gt(0), Le(730)] = 180

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """One more answer."""
        if heard.touchpoint.kind != "csat" or heard.score is None:
            return None
        score = Score(heard.at_ms, round(1 + 4 * heard.score, 3), heard.note())
        memory.scores.append(score)
        memory.scores.sort(key=lambda one: one.at_ms)
        del memory.scores[:-SCORES_MAX]
        if memory.scores[-1] is not score:
            return None  # told late: what came after it has been judged
        before = self._good_before(memory, score)
        if score.score <= self.poor_score:
            if len(before) < self.good_scores:
                return None
            memory.told = True
            return self._finding(memory, score, before)
        if memory.told and score.score >= self.good_score and len(before) + 1 >= self.good_scores:
            memory.told = False
            return Clear("consistent_again")
        return None

    def _good_before(self, memory: Memory, last: Score) -> list[Score]:
        """The good answers before the last one, back to the poor one before them."""
        since_ms, good = last.at_ms - int(self.window_d * DAY_MS), []
        for one in reversed(memory.scores[:-1]):
            if one.score <= self.poor_score or one.at_ms < since_ms:
                break
            if one.score >= self.good_score:
                good.append(one)
        return good[::-1]

    def _finding(self, memory: Memory, last: Score, before: list[Score]) -> Finding:
        scores = [one.score for one in memory.scores]
        mean = sum(scores) / len(scores)
        weighted = 0.5 * mean + 0.5 * min(scores)
        return Finding(
            severity=3,
            reason="poor_after_good",
            text=f"{last.score:.3g} of 5 after {len(before)} good answers; the mean of the last "
            f"{len(scores)} is still {mean:.1f}, worst-weighted {weighted:.1f}",
            number=last.score,
            threshold=self.poor_score,
            marks=[*(one.mark for one in before), last.mark],
        )


DETECTOR = InconsistentExperience()
