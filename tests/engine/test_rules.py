"""Every judgement call has a range, and its default lies in it."""

from dataclasses import fields, is_dataclass
from math import inf, nan
from typing import get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from streams.engine.rules import (
    EffortPoints,
    EffortRules,
    LimitRules,
    PromiseRules,
    ScoreRules,
    SeverityRules,
    SnapshotRules,
    TimeRules,
)

SECTIONS = (
    EffortPoints,
    EffortRules,
    TimeRules,
    LimitRules,
    SeverityRules,
    PromiseRules,
    ScoreRules,
    SnapshotRules,
)
NUMBERS = [
    (section, field.name)
    for section in SECTIONS
    for field in fields(section)
    if isinstance(getattr(section(), field.name), int | float)
]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_defaults_are_in_their_ranges(section):
    """What comes with the program is what the program would accept."""
    table = {
        field.name: value
        for field in fields(section)
        if not is_dataclass(value := getattr(section(), field.name))
    }

    assert TypeAdapter(section).validate_python(table) == section()


@pytest.mark.parametrize(("section", "name"), NUMBERS)
def test_no_number_may_be_infinite_or_none(section, name):
    """TOML can write inf and nan; a policy may not mean them."""
    adapter = TypeAdapter(get_type_hints(section, include_extras=True)[name])
    for value in (inf, -inf, nan, -1):
        with pytest.raises(ValidationError):
            adapter.validate_python(value)
