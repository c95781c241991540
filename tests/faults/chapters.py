"""What a chapter is: one deployment, one source and one script."""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.faults import script as do
from tests.faults.source import Shape

BOTH = ("exactly_once", "effectively_once")
ENDLESS = 100_000_000
HUSH = do.Hush()


class Chapter(NamedTuple):
    """One run.

    Args:
        fault: its number and name, ``04-kill``.
        delivery: of the deployment.
        seed: of source and script.
        size: how much of it; each fault says what that counts.
        variant: which of a fault's variants.
        pace: how many touchpoints are told, as a share of what the long form tells: rates, and what
            must be applied before the script goes on.
    """

    fault: str
    delivery: str
    seed: int
    size: int
    variant: int = 0
    pace: float = 1.0

    @property
    def name(self) -> str:
        """Unique among chapters."""
        return f"{self.fault}.{self.variant}-{self.delivery.partition('_')[0]}-{self.seed}"

    def of(self, count: int) -> int:
        """So many touchpoints, or so many a second, at this chapter's pace."""
        return max(1, round(count * self.pace))


class Plan(NamedTuple):
    """What a chapter comes down to.

    Args:
        shape: of the source.
        script: the steps.
        settings: of the deployment, over the bench's.
        login: workers must say who they are.
        live: event time keeps up with the wall clock.
        may_repeat: something may have been said twice (without transactions, after a crash).
    """

    shape: Shape
    script: list[do.Step]
    settings: Mapping[str, Any] = {}
    login: bool = False
    live: bool = True
    may_repeat: bool = True


def shape(chapter: Chapter, rate: float, customers: int = 2_000, **more: Any) -> Shape:
    """An endless source, told at that rate, that begins now."""
    return Shape(chapter.seed, ENDLESS, customers, int(time.time() * 1_000), 1_000 / rate, **more)
