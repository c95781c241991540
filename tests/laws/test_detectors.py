"""The law-book, tried on every detector that the catalogue finds, and on all of them together."""

import inspect
import os
import re
from functools import cache
from random import Random
from typing import get_type_hints

import pytest
from annotated_types import BaseMetadata
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.touchpoints import TYPES
from streams import catalogue
from streams.engine.detector import EFFORT, EPISODE, PROMISE_BROKEN
from tests.laws import laws
from tests.laws.kits import Kit, kit_of, kit_of_all, spec_of
from tests.laws.laws import LAWS, Law

ENTRIES = catalogue.entries()
KINDS = [entry.kind for entry in ENTRIES]
EXAMPLES = int(os.environ.get("LAWS_EXAMPLES", "12"))
"""Drawn stories per law and detector; the seeds of the specs make each of them count."""

numbers = st.integers(0, 2**32 - 1)
drawn = st.tuples(st.integers(0, 400), st.lists(numbers, max_size=3), st.lists(numbers, max_size=6))


@cache
def kit(kind: str) -> Kit:
    """The kit of a detector, made once."""
    return kit_of_all() if kind == "all" else kit_of(kind)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("kind", [*KINDS, "all"])
def test_law(kind: str, law: Law):
    """Each law holds of each detector, and of all of them together."""
    tried = kit(kind)

    @settings(max_examples=EXAMPLES)
    @given(drawn, numbers)
    def holds(story, chance):
        law(tried, tried.story(*story), Random(chance))

    holds()


@pytest.mark.parametrize("kind", [*KINDS, "all"])
def test_an_endless_customer_stays_small(kind: str):
    """Three thousand touchpoints, each about something new, leave no more than has a limit."""
    laws.an_endless_customer_stays_small(kit(kind), [], Random(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawn_stories_make_it_speak(kind: str):
    """A law tried on silence says nothing: bent stories of its spec make each detector speak."""
    tried, chance = kit(kind), Random(kind)
    spoken = silent = 0
    for _ in range(60):
        story = tried.story(chance.randint(1, 400), [chance.randrange(2**32)], [])
        found = any(alert["kind"] == kind for alert in laws._told(tried, story).alerts())
        spoken, silent = spoken + found, silent + (not found)
    assert spoken >= 6, f"{kind} spoke in {spoken} of 60 stories: its spec tells too few positives"
    assert silent >= 1, f"{kind} is never silent"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_it_says_what_it_is_for(entry):
    """Its docstring asks one question and says when it fires, is silent and forgets, and for whom."""
    text = inspect.cleandoc(entry.text)
    question = text.split("\n\n")[0].replace("\n", " ")
    assert re.search(r"\? \([A-Z]{2}\d+[^)]*\)$", question), f"no question with its id: {question}"
    said = dict(
        re.findall(r"^(Fires when|Silent when|Forgets|Requirements)\s+(\S.*)$", text, re.MULTILINE)
    )
    assert list(said) == ["Fires when", "Silent when", "Forgets", "Requirements"], list(said)
    for requirement in said["Requirements"].split(", "):
        assert re.fullmatch(r"S[0-4]-\d\d|2\.2 #\d+", requirement), requirement


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_it_has_a_spec(entry):
    """Beside each detector stands its spec, each test of which states a rule."""
    spec = spec_of(entry.family, entry.kind)
    assert spec.exists(), f"write {spec}"
    tests = re.findall(r"^def (test_\w+)\(.*?\).*?:\n(    \"\"\")?", spec.read_text(), re.MULTILINE)
    assert len(tests) >= 5, f"{spec}: {len(tests)} tests are no spec"
    assert not [name for name, docstring in tests if not docstring], "a test states no rule"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_it_listens_to_what_there_is(entry):
    """It listens only to types of the contract and to the pseudo types, each once."""
    listens = entry.detector.listens
    assert set(listens) <= {*TYPES, EFFORT, PROMISE_BROKEN, EPISODE}
    assert len(set(listens)) == len(listens)
    assert entry.detector.begins <= set(listens), "it would never begin"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_its_thresholds_have_ranges(entry):
    """Every number a policy may change has a range, and its default lies in it."""
    hints = get_type_hints(type(entry.detector), include_extras=True)
    for name, default in entry.thresholds.items():
        if isinstance(default, int | float) and not isinstance(default, bool):
            notes = getattr(hints[name], "__metadata__", ())
            assert any(isinstance(note, BaseMetadata) for note in notes), f"{name} has no range"
            assert TypeAdapter(hints[name]).validate_python(default) == default
