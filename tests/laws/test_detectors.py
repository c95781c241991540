"""The law-book, tried on every detector that the catalogue finds, and on all of them together."""

import inspect
import os
import re
from functools import cache
from random import Random

import pytest
from annotated_types import BaseMetadata
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.touchpoints import TYPES
from streams import catalogue
from streams.engine.detector import EFFORT, PROMISE_BROKEN
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
