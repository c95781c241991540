"""``throughline policy``: everything in force, in the form in which it can be changed."""

import json
import tomllib
from pathlib import Path

import pytest

from streams import policy
from streams.cli.policy import toml
from tests.cli.conftest import Throughline


def test_what_is_shown_is_a_policy_file_that_says_the_same(throughline: Throughline) -> None:
    """Shown, saved and used, it is the same policy under the same name."""
    told = throughline("policy", "show")
    Path("p.toml").write_bytes(told.out)
    assert policy.load(Path("p.toml")).rules.label == policy.load().rules.label
    assert throughline("policy", "show", "--policy", "p.toml").out == told.out


@pytest.mark.parametrize(
    "table",
    [
        {"a": 1, "b": 2.5, "c": True, "d": 'quote " and \\', "e": [1, 2], "f": ["x"]},
        {"outer": {"inner": {"x": 1}, "y": 2}, "z": []},
        {"empty": {}},
        {"by_source": {"urn:branch import": 1, "ä": 2}, "urn:x": {"1": 0.5}},
    ],
)
def test_toml_is_read_back(table: dict) -> None:
    """What is written is TOML and means what was meant."""
    assert tomllib.loads("\n".join(toml(table))) == table


def test_check_says_what_a_file_changes(throughline: Throughline) -> None:
    """Key, usual value, value in force."""
    Path("p.toml").write_text('version = "autumn"\n[effort]\nhalf_life_d = 10\n')
    run = throughline("policy", "check", "p.toml")
    assert run.code == 0
    assert run.lines[0].startswith("✔ p.toml: autumn+")
    assert [line.split() for line in run.lines[1:]] == [["effort.half_life_d", "14", "→", "10"]]
    told = json.loads(throughline("policy", "check", "p.toml", "--json").out)
    assert told["changes"] == [{"key": "effort.half_life_d", "default": 14, "value": 10.0}]


def test_check_refuses_and_names_the_key(throughline: Throughline) -> None:
    """An unknown key is an error, not a wish."""
    Path("p.toml").write_text('version = "x"\n[effort]\nhalflife = 10\n')
    run = throughline("policy", "check", "p.toml")
    assert (run.code, run.out) == (2, b"")
    assert "effort.halflife" in run.err
