"""Named stories of whole companies: what many customers show together, and what must be found.

One module per kind, found by its being here, with

* a docstring: what is told;
* ``positive``, ``near_miss`` and ``look_alike``: functions that tell it to a ``Many``; in the first
  the kind must be raised, in the others it must not. A kind that nothing can only just miss has no
  ``near_miss``;
* ``NEARLY``: thresholds under which the near miss is raised (``cohorts.x`` is the policy's own);
* ``DAYS``: how long it takes until everything in it is known.

The kind is the module's name: a detector of cohorts, or a record that is made of the crowd.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from streams.simulator.crowds._many import Many

__all__ = ["Many", "Tale", "tales"]


class Tale(NamedTuple):
    """One company's story.

    Args:
        kind: what it is about.
        variant: ``positive``, ``near_miss`` or ``look_alike``.
        tell: tells it.
        days: until everything in it is known.
        nearly: thresholds under which a near miss is raised.
    """

    kind: str
    variant: str
    tell: Callable[[Many], None]
    days: int
    nearly: Mapping[str, Any]


@cache
def tales() -> tuple[Tale, ...]:
    """Every story, by kind."""
    found = []
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        if module.startswith("_"):
            continue
        told = importlib.import_module(f"{__name__}.{module}")
        for variant in ("positive", "near_miss", "look_alike"):
            tell = getattr(told, variant, None)
            if tell is not None:
                nearly = told.NEARLY if variant == "near_miss" else {}
                found.append(Tale(module, variant, tell, told.DAYS, nearly))
    return tuple(found)
