"""How long it took: from a fault until work went on, and the longest time nothing moved.

Both are seen from outside, by when a batch became visible in the changelog.
"""

import math
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.faults import script as do
from tests.faults.watch import Seen

#: Steps that end a fault rather than begin one: recovery is counted from here.
_ENDS = ("resume", "start", "heal")


class Timing:
    """Moments of one run, monotonic seconds.

    Args:
        partitions: how many.

    Attributes:
        frozen: the broker does not answer.
    """

    def __init__(self, partitions: int):
        self.frozen = False
        self._partitions = partitions
        self._faults: list[float] = []
        self._excused: list[tuple[float, float]] = []  # nobody could work, or nothing was to do
        self._excused_since: float | None = time.monotonic()
        self._up = False
        self._idle = True

    def fault(self, step: do.Step) -> None:
        """Something is broken now, or (broker and network) mended."""
        if isinstance(step, do.Broker | do.Net) and step.what not in (*_ENDS, "cut", "delay"):
            return  # the time until it is mended is not the workers' fault
        if isinstance(step, do.Config | do.Deny | do.Ended):
            return
        self._faults.append(time.monotonic())

    def died(self) -> None:
        """A worker has ended by itself, or paused itself."""
        self._faults.append(time.monotonic())

    def up(self, up: bool) -> None:
        """Whether somebody could work now."""
        self._up = up
        self._excuse()

    def told(self) -> None:
        """There is work from now on."""
        self._idle = False
        self._excuse()

    def caught_up(self) -> None:
        """There is none any more."""
        self._idle = True
        self._excuse()

    def _excuse(self) -> None:
        now_s, excused = time.monotonic(), self._idle or not self._up
        if excused and self._excused_since is None:
            self._excused_since = now_s
        elif not excused and self._excused_since is not None:
            self._excused.append((self._excused_since, now_s))
            self._excused_since = None

    def recoveries(self, seen: Sequence[Sequence[Seen]]) -> Iterator[float]:
        """Per fault, seconds until every partition had a batch applied again, from the moment when
        there were a worker and a broker to do it. Of faults that came before all was well again
        only the last is counted."""
        for at_s, next_s in zip(self._faults, [*self._faults, math.inf][1:], strict=True):
            going_s = self._going(at_s)
            after = [next((s.at_s for s in one if s.at_s > going_s), math.inf) for one in seen]
            well_s = max(after, default=math.inf)
            if well_s < next_s:
                yield well_s - going_s

    def _going(self, at_s: float) -> float:
        """The moment from which somebody could work again."""
        for begin_s, end_s in self._excused:
            if begin_s <= at_s + 0.5 and at_s < end_s:
                return end_s
        return at_s

    def longest_stall(self, seen: Sequence[Sequence[Seen]]) -> float:
        """Longest time without a batch in a partition while there was work, worker and broker."""
        now_s = time.monotonic()
        excused = [*self._excused]
        if self._excused_since is not None:
            excused.append((self._excused_since, now_s))
        longest = 0.0
        for one in seen:
            for before, after in pairwise(one):
                if after.next_offset == before.next_offset:
                    continue  # a wake
                longest = max(longest, _left(before.at_s, after.at_s, excused))
        return longest


def _left(begin_s: float, end_s: float, excused: Sequence[tuple[float, float]]) -> float:
    """The longest piece of an interval that is not excused."""
    longest, at_s = 0.0, begin_s
    for from_s, to_s in excused:
        if to_s <= at_s or from_s >= end_s:
            continue
        longest = max(longest, from_s - at_s)
        at_s = max(at_s, to_s)
    return max(longest, end_s - at_s)
