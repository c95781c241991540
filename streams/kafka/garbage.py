"""The garbage collector, kept away from a million customers.

Nothing of ours makes cycles: what is no longer needed goes at once, by its count of references. So
looking through all that is kept finds next to nothing and stops everybody for as long as it takes
(about a second for a million live journeys). While there is work only what is young is looked
through. What has lived to see a worker idle is frozen: nobody looks at it again. The structs of a
journey are left out altogether (``gc=False``, held by ``tests/laws/test_garbage.py``): a journey is
a tree. Only its lists and dictionaries are looked at.
"""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Protocol

YOUNG = 10_000
"""Objects made before the youngest are looked through: about a millisecond."""
MIDDLE = 10
"""So many times the youngest, before those that lived on are looked through once more."""
NEVER = 1_000_000_000
LITTLE = 5
"""Looks at the middle since the last freezing, up to which an idle worker looks through all that
lived on since then: at most half a million objects."""


class Lane(Protocol):
    """As much of a lane as matters here."""

    doing: str

    def caught_up(self) -> bool:
        """Everything there is, is applied."""


class Garbage:
    """When to look, and when to freeze.

    Args:
        lanes: of the worker; looked at on each beat.
    """

    def __init__(self, lanes: Collection[Lane]) -> None:
        self._lanes = lanes
        self._frozen_at = -1  # looks at the middle when it was last frozen

    @contextmanager
    def kept_away(self) -> Iterator[None]:
        """Within, only what is young is looked through by itself; afterwards as before."""
        usual = gc.get_threshold()
        gc.set_threshold(YOUNG, MIDDLE, NEVER)
        try:
            yield
        finally:
            gc.set_threshold(*usual)
            gc.unfreeze()

    def beat(self) -> bool:
        """Freeze what there is if everything is restored and all is quiet; whether it was done.

        The first time after a restore it is done however busy the worker is: most of what it will
        ever hold is there.
        """
        lanes = list(self._lanes)
        if not lanes or any(lane.doing != "running" for lane in lanes):
            return False
        looked = gc.get_stats()[1]["collections"]
        first = self._frozen_at < 0
        if looked == self._frozen_at or not (first or all(lane.caught_up() for lane in lanes)):
            return False
        if not first and looked - self._frozen_at <= LITTLE:
            gc.collect()
        gc.freeze()
        self._frozen_at = looked
        return True
