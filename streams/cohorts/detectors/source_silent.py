"""Has a source of touchpoints fallen silent?

Fires when   nothing was heard of a source for a whole hour in which ``usual_min`` touchpoints or
             more are usual: by the quietest of the same hours of the weeks before, but for one
             where there are four; of a source that told less than usual on the day before it fell
             silent, as much less. Where there are not yet two weeks to compare with, the quietest
             of the last ``steady_h`` hours counts as usual.
Silent when  the source is one that is often quiet at this hour, tells less and less, or speaks in
             fewer than ``spoken_h`` hours of a day: a run of bills is no steady source.
Forgets      nothing: it looks at eight weeks of hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from streams.cohorts.detector import (
    HOUR,
    UNKNOWN,
    Answer,
    CohortDetector,
    CohortFinding,
    Seen,
    values_of,
)

_WEEK_HOURS, _DAY_HOURS, _ALL_BUT_ONE = 168, 24, 4


@dataclass(frozen=True)
class SourceSilent(CohortDetector):
    """Thresholds: touchpoints an hour that are not missing by chance; hours of a steady source, and
    hours of a day in which it speaks."""

    period: ClassVar = HOUR
    kinds: ClassVar = ("source",)
    rhythm: ClassVar = "heard"
    action: ClassVar = "See whether the producer is down: what it does not tell looks undone"
    cause: ClassVar = "external"
    requirements: ClassVar = ("S1-29",)

    usual_min: Annotated[int, Ge(5)] = 12
    steady_h: Annotated[int, Ge(6)] = 24
    spoken_h: Annotated[int, Ge(1), Le(24)] = 6

    def judge(self, seen: Seen) -> Answer:
        """One hour."""
        if not seen.rhythm or seen.rhythm[-1]:
            return None
        usual = self._usual(seen.rhythm)
        if usual < self.usual_min:
            return UNKNOWN
        silent_h = next((i for i, count in enumerate(reversed(seen.rhythm)) if count), 0)
        text = f"0 touchpoints where {usual:.0f} an hour are usual"
        shown = [values_of(heard=0, usual=usual, silent_h=silent_h, n=usual)]
        return CohortFinding(4, "nothing_heard", text, 0, usual, shown, customers=())

    def _usual(self, rhythm: Sequence[int]) -> float:
        spoke = len(rhythm)
        while spoke and not rhythm[spoke - 1]:
            spoke -= 1
        weeks = _weeks(rhythm, len(rhythm) - 1)
        if len(weeks) >= 2:
            usual = sorted(weeks)[1 if len(weeks) >= _ALL_BUT_ONE else 0]
            day = rhythm[max(0, spoke - _DAY_HOURS) : spoke]
            if usual < self.usual_min or sum(map(bool, day)) < self.spoken_h:
                return 0
            return usual * _level(rhythm, spoke)
        before = rhythm[max(0, spoke - 1 - self.steady_h) : spoke - 1]
        return min(before) if len(before) >= self.steady_h else 0


def _weeks(rhythm: Sequence[int], hour: int) -> Sequence[int]:
    """The same hour of the weeks before."""
    return rhythm[: max(0, hour - _WEEK_HOURS + 1)][::-1][::_WEEK_HOURS]


def _level(rhythm: Sequence[int], end: int) -> float:
    """The day before as a share of what is usual on such a day, 1 at most."""
    hours = range(max(0, end - _DAY_HOURS), end)
    usual = sum(median(weeks) for hour in hours if (weeks := _weeks(rhythm, hour)))
    return min(1.0, sum(rhythm[hour] for hour in hours) / usual) if usual else 1.0


DETECTOR = SourceSilent()
