"""Setting aside what crashes us, so that one poison record cannot stop a partition.

What crashes once is tried again: the batch is rolled back and runs anew. What crashes twice is
set aside with its reason and the batch runs without it. The crash is deterministic, so a replay
sets the same one aside.
"""

from collections.abc import Callable
from typing import TypeVar

Where = int | tuple[bytes, int, int]
"""An offset; or a timer: key, due time, touchpoints before it."""
Aside = dict[Where, str]
"""What is set aside, and why."""
T = TypeVar("T")

ASIDE_MAX = 20
"""More crashes than this in one batch are our fault, not the records': the batch fails."""


class Crash(Exception):
    """Something of ours failed at one record or at one customer's timer."""

    def __init__(self, where: Where, cause: Exception) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.where = where


def guarded(rollback: Callable[[], None], run: Callable[[Aside], T]) -> T:
    """Run until it comes through, setting aside what crashes it twice.

    Args:
        rollback: forgets what a crashed run has done.
        run: is given what to leave out.

    Raises:
        Crash: more than ``ASIDE_MAX`` things crash, or one that was already left out.
    """
    aside: Aside = {}
    crashed: set[Where] = set()
    while True:
        try:
            return run(aside)
        except Crash as crash:
            rollback()
            if crash.where in aside or len(aside) >= ASIDE_MAX:
                raise
            if crash.where in crashed:
                aside[crash.where] = str(crash)
            crashed.add(crash.where)
