"""Named stories: one customer's way through it, and what must be found in it.

A story is one module here, found by its being here, with

* a docstring: the story, in words;
* ``tell(rng, customer_id, start_ms)``: its touchpoints, told as gaps, in order;
* ``EXPECTS``: the kinds of finding it must raise; ``SILENT``: the kinds it must not. What is in
  neither is left open. A near miss or a benign look-alike expects nothing and names what it is not;
* ``SPAN_D``: days from the start until everything in it, timers too, has come due;

and, if they have something to say,

* ``NEARLY``: the silent kinds it only just misses, each with the thresholds under which it would
  be raised: so near is measured, not claimed;
* ``ALIKE``: the silent kinds it looks like and is not: no threshold makes it one;
* ``SINCE``: for an expected kind, the touchpoint with which the trouble begins, as its type and
  which of that type in the story (1 the first). Without it the trouble begins with the story. Time
  to detect counts from there.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from typing import Any, NamedTuple

from streams.simulator.telling import Touchpoint


class Story(NamedTuple):
    """A story as its module gives it; see the package's text.

    Args:
        name: the module's name.
        text: the story in words.
        tell: (rng, customer id, start in epoch ms) → touchpoints in order.
        expects: kinds of finding it must raise.
        silent: kinds it must not raise.
        span_d: days from its start until everything in it has come due.
        nearly: silent kinds it only just misses → thresholds under which it is raised.
        alike: silent kinds it merely looks like.
        since: expected kind → (type, which of that type) of the touchpoint the trouble begins with.
    """

    name: str
    text: str
    tell: Callable[[Random, str, int], list[Touchpoint]]
    expects: frozenset[str]
    silent: frozenset[str]
    span_d: float
    nearly: Mapping[str, Mapping[str, Any]]
    alike: frozenset[str]
    since: Mapping[str, tuple[str, int]]


@cache
def stories() -> dict[str, Story]:
    """Every story by its name, in alphabetical order."""
    return {
        name: _story(name)
        for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
    }


def _story(name: str) -> Story:
    module = importlib.import_module(f"{__name__}.{name}")
    return Story(
        name,
        (module.__doc__ or "").strip(),
        module.tell,
        frozenset(module.EXPECTS),
        frozenset(module.SILENT),
        float(module.SPAN_D),
        getattr(module, "NEARLY", {}),
        frozenset(getattr(module, "ALIKE", ())),
        getattr(module, "SINCE", {}),
    )
