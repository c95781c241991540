"""Has the sum become too much, though each contact may have been fine? (EF9)

Fires when   the Journey Effort Index crosses ``medium``, ``high`` or ``critical`` upward.
Silent when  effort is added within a band already told.
Forgets      a band when the index has decayed ``hysteresis`` points below it; the lowest one
             resolves the episode.
Requirements S3-02, S3-04, S1-02, S0-07
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Lt
from msgspec import Struct

from streams.engine import effort
from streams.engine.detector import EFFORT, Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Contribution, Journey

Jei = Annotated[float, Gt(0), Lt(100)]
REASONS = ("", "effort_medium", "effort_high", "effort_critical")


class Memory(Struct, array_like=True, gc=False):
    """The band told (0 none, 1 medium, 2 high, 3 critical) and when it will have decayed."""

    band: int = 0
    decayed_ms: int = 0


@dataclass(frozen=True)
class CumulativeEffort(Detector):
    """Thresholds: the three bands of the index and how far below one it must fall to clear."""

    listens: ClassVar = (EFFORT,)
    memory: ClassVar = Memory
    action: ClassVar = "Call the customer before the next contact; one person settles all of it"

    medium: Jei = 40
    high: Jei = 60
    critical: Jei = 80
    hysteresis: Annotated[float, Ge(0), Lt(40)] = 10

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Compare the index with the bands; plan when the band will have decayed."""
        band = sum(heard.jei >= limit for limit in self._bands())
        if not band and not memory.band:
            return None
        risen = band > memory.band
        memory.band = max(band, memory.band)
        memory.decayed_ms = self._decayed_ms(memory.band, heard)
        return self._finding(memory.band, heard, heard.jei) if risen else None

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """The index has decayed below the band told."""
        memory.band -= 1
        if memory.band <= 0:
            memory.band = memory.decayed_ms = 0
            return Clear("effort_decayed")
        memory.decayed_ms = max(heard.at_ms + 1, self._decayed_ms(memory.band, heard))
        jei = self._bands()[memory.band] - self.hysteresis
        return self._finding(memory.band, heard, jei, eases=True)

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the index will have decayed below the band told."""
        return memory.decayed_ms or None

    def _bands(self) -> tuple[float, float, float]:
        return (self.medium, self.high, self.critical)

    def _decayed_ms(self, band: int, heard: Heard) -> int:
        limit = max(0.01, self._bands()[band - 1] - self.hysteresis)
        points = effort.points_of(limit, heard.rules.effort)
        return effort.falls_to_ms(heard.journey.effort, heard.now_ms, points)

    def _finding(self, band: int, heard: Heard, jei: float, eases: bool = False) -> Finding:
        top = sorted(heard.journey.effort.top, key=lambda c: -_weight(c, heard))[:5]
        told = ", ".join(f"{c.component.replace('_', ' ')} +{c.points:g}" for c in top[:3])
        limit = self._bands()[band - 1]
        return Finding(
            severity=2 + band,
            reason=REASONS[band],
            text=f"Journey effort {jei:.0f} of 100, band from {limit:g}: {told}",
            number=jei,
            threshold=limit,
            marks=sorted({c.n for c in top}),
            eases=eases,
        )


def _weight(contribution: Contribution, heard: Heard) -> float:
    age_ms = heard.now_ms - contribution.at_ms
    return contribution.points * 0.5 ** (age_ms / heard.journey.effort.half_life_ms)


DETECTOR = CumulativeEffort()
