"""What goes wrong between producers and log: twice, out of order, late."""

from dataclasses import dataclass
from heapq import heappush
from random import Random

from streams.simulator.telling import DAY_MS, HOUR_MS, SECOND_MS, Touchpoint

Arrival = tuple[int, int, Touchpoint]
"""(arrival in epoch ms, a number that orders equal arrivals, the touchpoint)."""


_NIGHTLY = frozenset({"urn:branch:import"})
_IMPORT_MS = 2 * HOUR_MS


@dataclass(frozen=True)
class Noise:
    """How much goes wrong.

    Args:
        duplicate_share: share of touchpoints that arrive twice.
        duplicate_s: most seconds between the two.
        disorder_share: share that arrive after later ones, by at most ``disorder_s``.
        disorder_s: seconds, below the allowed lateness.
        late_share: share that arrive when the watermark has passed them.
        late_s: least and most seconds of that.
        spare_stories: planted stories may arrive twice, but in order and in time, so that what is
            expected of them does not depend on chance.
        night_imports: some systems hand over by night what happened in the day.
    """

    duplicate_share: float = 0.01
    duplicate_s: float = 900
    disorder_share: float = 0.02
    disorder_s: float = 540
    late_share: float = 0.002
    late_s: tuple[float, float] = (3_600, 86_400)
    spare_stories: bool = True
    night_imports: bool = True


NONE = Noise(duplicate_share=0, disorder_share=0, late_share=0, night_imports=False)
"""Everything arrives once, in order and in time."""


class Carrier:
    """Brings touchpoints from where they occurred to where they arrive.

    Args:
        rng: where chance comes from.
        noise: how much goes wrong.

    ``under_way`` is a heap of arrivals.
    """

    def __init__(self, rng: Random, noise: Noise) -> None:
        self.rng = rng
        self.noise = noise
        self.under_way: list[Arrival] = []
        self.sent = 0

    def send(self, touchpoints: list[Touchpoint], instants_ms: list[int], spared: bool) -> None:
        """Send what one telling told.

        Args:
            touchpoints: in order, each at least a second after the one before.
            instants_ms: when they occurred.
            spared: whether they are spared disorder and lateness.
        """
        rng, noise, under_way = self.rng, self.noise, self.under_way
        late_to = noise.late_share
        disorder_to = late_to + noise.disorder_share
        for touchpoint, at_ms in zip(touchpoints, instants_ms, strict=True):
            # Below a second: in order, unless something goes wrong.
            delay_s = 0.2 + 0.7 * rng.random()
            if not spared:
                chance = rng.random()
                if noise.night_imports and touchpoint["source"] in _NIGHTLY:
                    delay_s += (DAY_MS - at_ms % DAY_MS + _IMPORT_MS) / SECOND_MS
                elif chance < late_to:
                    delay_s = rng.uniform(*noise.late_s)
                elif chance < disorder_to:
                    delay_s += rng.random() * noise.disorder_s
            arrival_ms = at_ms + int(delay_s * SECOND_MS)
            self.sent += 1
            heappush(under_way, (arrival_ms, self.sent, touchpoint))
            if rng.random() < noise.duplicate_share:
                self.sent += 1
                again_ms = arrival_ms + int(rng.random() * noise.duplicate_s * SECOND_MS)
                heappush(under_way, (again_ms, self.sent, touchpoint))
