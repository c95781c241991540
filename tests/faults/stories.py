"""The acceptance stories (catalogue section 9) as one log: what their own specs tell, told together.

The specs are played with a ``Story`` that is kept, so that a story that is added or changed there is
told here too. Each story's customer is somebody of their own; the crowd's is as it is.
"""

import inspect
import json
import time
from collections.abc import Iterator
from itertools import product
from types import ModuleType
from typing import Any, ClassVar

import pytest

from streams.engine.rules import Rules
from tests import test_acceptance_stories as plain
from tests import test_acceptance_stories_crowd as crowd
from tests import test_acceptance_stories_friction as friction
from tests import test_acceptance_stories_relationship as relationship
from tests.cohorts.crowd import Company
from tests.faults.source import Shape, Source
from tests.faults.unreadable import Told, home
from tests.story import DAY_MS, START_MS, Story

Touchpoints = list[dict[str, Any]]

PARTITIONS = 4
SHAPE = Shape(12, 0, 0, START_MS, 1.0, PARTITIONS, horizon=False, stray=False)

#: Everything that waits for something has seen it, or has waited long enough.
END_MS = START_MS + 150 * DAY_MS
_LATENESS_MS = int(Rules().time.lateness_s * 1_000)
_FALL = (3.8, 3.6, 3.4, 3.2, 3.2)


class _Kept(Story):
    """A story that is not forgotten when its spec has ended."""

    every: ClassVar[list[Story]] = []

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.every.append(self)


def of_customers() -> dict[str, Touchpoints]:
    """What each spec of one customer tells, by the customer it is told of here."""
    _Kept.every.clear()
    with pytest.MonkeyPatch.context() as patch:
        for module in (plain, friction, relationship):
            patch.setattr(module, "Story", _Kept)
            _play(module)
    told = {}
    for number, story in enumerate(_Kept.every):
        name = f"story-{number}"
        told[name] = [{**touchpoint, "customer_id": name} for touchpoint in story.told]
    return told


def _play(module: ModuleType) -> None:
    for name, spec in inspect.getmembers(module, inspect.isfunction):
        if not name.startswith("test_story_"):
            continue
        marks = [m for m in getattr(spec, "pytestmark", ()) if m.name == "parametrize"]
        for drawn in product(*(mark.args[1] for mark in marks)):
            given: dict[str, Any] = {}
            for mark, value in zip(marks, drawn, strict=True):
                names = mark.args[0]
                given |= (
                    {names: value}
                    if isinstance(names, str)
                    else dict(zip(names, value, strict=True))
                )
            spec(**given)


def of_the_crowd() -> Touchpoints:
    """Story 4: five weeks in Jakarta."""
    company = Company()
    return [t for number, csat in enumerate(_FALL) for t in crowd.week(company, number, csat)]


class Stories(Source):
    """All of them in order of time, and at the end a word in every partition, so that time passes
    everywhere without a clock; and another one, since a portion leaves with the next outcome.

    Attributes:
        told: every touchpoint.
        more: how many of them before the very last words.
    """

    def __init__(self) -> None:
        super().__init__(SHAPE)
        everything = [t for told in of_customers().values() for t in told] + of_the_crowd()
        self.told = sorted(everything, key=lambda touchpoint: touchpoint["occurred_at"])
        self.told += _last_words(END_MS - DAY_MS)
        self.more = len(self.told)
        self.told += _last_words(END_MS)

    def before(self, at_ms: int) -> int:
        """How many are told before that time."""
        return sum(touchpoint["occurred_at"] < at_ms for touchpoint in self.told)

    def __iter__(self) -> Iterator[Told]:
        for touchpoint in self.told:
            key = touchpoint["customer_id"].encode()
            now_ms = int(time.time() * 1_000)
            place = home(key, PARTITIONS)
            yield Told(key, json.dumps(touchpoint).encode(), (), now_ms, place, "good")


def _last_words(at_ms: int) -> Touchpoints:
    found: dict[int, str] = {}
    for number in range(100):
        found.setdefault(home(b"last-%d" % number, PARTITIONS), f"last-{number}")
    assert len(found) == PARTITIONS
    return [
        {
            "event_id": f"e-{at_ms}", "source": "urn:test", "type": "referral.made", "customer_id": name,
            "occurred_at": at_ms + _LATENESS_MS,
        }
        for name in found.values()
    ]  # fmt: skip
