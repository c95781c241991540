"""What the laws need to try one detector: its line, its gaps, and the stories of its own spec.

Stories are drawn as gaps taken from the detector's own thresholds: absolute times miss timer
faults. A drawn story begins with one its spec tells, because only the spec knows how to make it
speak; then it is bent, and goes on with touchpoints of the types it listens to.
"""

import importlib.util
import inspect
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from schemas.touchpoints import TYPES
from streams import catalogue
from streams.engine.detector import EFFORT, EPISODE, PROMISE_BROKEN
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.line import Line
from tests.laws import touchpoints
from tests.laws.touchpoints import After
from tests.story import Story

SPECS = Path(__file__).parents[1] / "detectors"
UNITS_MS = {"_d": 86_400_000, "_h": 3_600_000, "_min": 60_000, "_s": 1_000}
COMMON_GAPS_MS = (0, 1, 1_000, 60_000, 600_000, 3_600_000, 86_400_000)
PSEUDO = {
    EFFORT: ("contact.started", "contact.transferred", "case.reopened", "ivr.segment_ended"),
    PROMISE_BROKEN: ("promise.made", "callback.promised", "promise.changed"),
    EPISODE: ("contact.started", "complaint.filed", "payment.failed", "alert.acknowledged"),
}


OF_IDENTITY = ("identity.merged", "customer.erasure_requested")
"""Whose journey it is, and whether there is one: of the line, not of detectors. These have laws of
their own (``test_merging.py``), in which two customers are told."""


class Step(NamedTuple):
    """One touchpoint of a story: how long after the one before, and what it says."""

    gap_ms: int
    fields: dict[str, Any]


def gaps_of(*things: Any) -> tuple[int, ...]:
    """Gaps around every duration among their thresholds: just below, at, just above, half, double."""
    durations = set()
    for thing in things:
        for name in [f.name for f in fields(thing)] if is_dataclass(thing) else []:
            durations |= _durations(name, getattr(thing, name))
        if getattr(thing, "quiet_d", None):
            durations |= _durations("quiet_d", thing.quiet_d)
    around = {d for ms in durations for d in (ms // 2, ms - 1, ms, ms + 1, ms * 2)}
    return tuple(sorted({*COMMON_GAPS_MS, *around}))


def _durations(name: str, value: Any) -> set[int]:
    unit_ms = next((ms for end, ms in UNITS_MS.items() if name.endswith(end)), None)
    if unit_ms is None:
        return set()
    values = value.values() if isinstance(value, dict) else value
    values = values if not isinstance(values, int | float) else (values,)
    return {int(v * unit_ms) for v in values if isinstance(v, int | float) and v > 0}


class Kit:
    """One detector (or several) ready to be tried.

    Args:
        name: for messages.
        questions: those the line asks.
        about: those whose thresholds and types stories are drawn from.
        seeds: stories to begin with.
    """

    def __init__(
        self, name: str, questions: list[Question], about: list[Question], seeds: list[list[Step]]
    ) -> None:
        self.name = name
        self.questions = questions
        self.about = about
        self.seeds = seeds
        detectors = [question.detector for question in about]
        self.gaps_ms = gaps_of(*detectors)
        listened = [t for d in detectors for one in d.listens for t in PSEUDO.get(one, (one,))]
        self.types = tuple(dict.fromkeys(listened))
        self.all_types = tuple(kind for kind in TYPES if kind not in OF_IDENTITY)

    @cached_property
    def line(self) -> Line:
        """The line, made once: nothing may stay in it from one telling to the next."""
        return Line(Rules(), self.questions, partitions=1)

    def story(self, seed: int, bends: list[int], tail: list[int]) -> list[Step]:
        """A story from plain numbers: a spec's story, some bends of it, and what comes after."""
        steps = list(self.seeds[seed % len(self.seeds)]) if self.seeds and seed else []
        for number in bends:
            if steps:
                self._bend(steps, Random(number))
        for number in tail:
            chance = Random(number)
            pool = self.types if chance.random() < 0.8 else self.all_types
            made = touchpoints.make(chance.choice(pool), chance, self.gaps_ms)
            steps.append(Step(self._gap(chance), made))
        return steps

    def _gap(self, chance: Random) -> int:
        if chance.random() < 0.1:  # told out of order
            return -min(chance.choice(self.gaps_ms), 7 * 86_400_000)
        return chance.choice(self.gaps_ms)

    def _bend(self, steps: list[Step], chance: Random) -> None:
        at = chance.randrange(len(steps))
        how = chance.random()
        if how < 0.5:
            steps[at] = steps[at]._replace(gap_ms=self._gap(chance))
        elif how < 0.65:
            del steps[at]
        elif how < 0.8:
            steps.insert(at, Step(self._gap(chance), steps[at].fields))
        else:
            made = touchpoints.make(chance.choice(self.types), chance, self.gaps_ms)
            steps.insert(at, Step(self._gap(chance), made))


def kit_of(kind: str) -> Kit:
    """One detector of the catalogue: alone, or among all if it reads what the others found."""
    everybody = [*catalogue.questions(), *catalogue.on_request()]
    question = next(q for q in everybody if q.kind == kind)
    asked = everybody if question.detector.asked_after else [question]
    return Kit(kind, asked, [question], seeds_of(question.family, kind))


def kit_of_all() -> Kit:
    """The whole catalogue together."""
    questions = [*catalogue.questions(), *catalogue.on_request()]
    seeds = [seed for q in questions for seed in seeds_of(q.family, q.kind)]
    return Kit("the whole catalogue", questions, questions, seeds)


def spec_of(family: str, kind: str) -> Path:
    """Where a detector's spec stands."""
    return SPECS / family / f"test_{kind}.py"


@cache
def seeds_of(family: str, kind: str) -> list[list[Step]]:
    """The stories that a detector's spec tells, by running a copy of it that remembers them."""
    path = spec_of(family, kind)
    if not path.exists():
        return []
    told: list[Story] = []

    class Remembered(Story):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            told.append(self)

    spec = importlib.util.spec_from_file_location(f"seeds_{kind}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Story = Remembered
    for name, test in list(vars(module).items()):
        if name.startswith("test_") and callable(test):
            for given in _cases(test):
                test(**given)
    return [_steps(story) for story in told if story.told]


def _cases(test: Any) -> list[dict[str, Any]]:
    """The arguments a spec is run with; none at all if it wants more than its parameters."""
    cases: list[dict[str, Any]] = [{}]
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names = mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0]
            names = [name.strip() for name in names]
            rows = [_values(row, len(names)) for row in mark.args[1]]
            cases = [case | dict(zip(names, row, strict=True)) for case in cases for row in rows]
    wanted = set(inspect.signature(test).parameters)
    return [case for case in cases if set(case) == wanted]


def _values(row: Any, count: int) -> tuple[Any, ...]:
    if isinstance(row, type(pytest.param())):
        return tuple(row.values)
    return tuple(row) if count > 1 else (row,)


def _steps(story: Story) -> list[Step]:
    steps, before_ms = [], story.told[0]["occurred_at"]
    for told in story.told:
        steps.append(Step(told["occurred_at"] - before_ms, touchpoints.relative(told)))
        before_ms = told["occurred_at"]
    return steps


def on_wire(steps: list[Step], customer: str, start_ms: int) -> list[dict[str, Any]]:
    """The touchpoints of a story as producers send them."""
    now_ms, sent = start_ms, []
    for number, step in enumerate(steps):
        now_ms = max(start_ms, now_ms + step.gap_ms)
        said = {
            name: value.on(now_ms) if isinstance(value, After) else value
            for name, value in step.fields.items()
        }
        sent.append(
            {
                "event_id": f"e-{number}",
                "source": "urn:test",
                "customer_id": customer,
                "occurred_at": now_ms,
                **said,
            }
        )
    return sent
