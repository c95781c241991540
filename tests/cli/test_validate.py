"""``throughline validate``: a producer finds out before sending."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Throughline

GOOD = {
    "event_id": "e-1",
    "source": "urn:billing",
    "type": "invoice.issued",
    "customer_id": "c-1",
    "occurred_at": "2026-01-02T03:04:05Z",
    "invoice_id": "i-1",
    "amount_minor": 1250,
    "currency": "EUR",
}


def written(*lines: object) -> Path:
    """A file of these lines; dicts as JSON."""
    file = Path("t.jsonl")
    file.write_text("".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in lines))
    return file


def test_good_lines_are_exit_code_0(throughline: Throughline) -> None:
    """Blank lines are nobody's; the rest is counted."""
    run = throughline("validate", written(GOOD, "", {**GOOD, "event_id": "e-2"}))
    assert (run.code, run.lines) == (0, ["✔ 2 of 2 valid"])


def test_wrong_line_is_named_with_field_and_hint(throughline: Throughline) -> None:
    """Line number in the file, field path, code, and what to do; exit code 1."""
    run = throughline("validate", written(GOOD, {**GOOD, "amount_minor": "12.50"}, "", "nonsense"))
    assert run.code == 1
    first, second, end = run.lines
    assert first.startswith("✘ line 2 amount_minor [schema_violation] ")
    assert "integer" in first
    assert second.startswith("✘ line 4 [invalid_json] ")
    assert end == "✘ 1 of 3 valid"


def test_producing_is_strict(throughline: Throughline) -> None:
    """A field the contract does not know is an error here, though a worker would skip it."""
    (line, _) = throughline("validate", written({**GOOD, "amount_minr": 1})).lines
    assert line.startswith("✘ line 1 amount_minr ")


def test_several_files_are_named(throughline: Throughline) -> None:
    """With more than one file, each wrong line says in which it stands."""
    Path("other").write_text("{}\n")
    (line, _) = throughline("validate", written(GOOD), "other").lines
    assert line.startswith("✘ other: line 1 type ")


def test_json_is_one_object_a_wrong_line_and_one_at_the_end(throughline: Throughline) -> None:
    """For programs, in any language's build."""
    run = throughline("validate", written(GOOD, "{}"), "--json")
    wrong, end = map(json.loads, run.lines)
    assert (wrong["line"], wrong["code"], wrong["field"]) == (2, "schema_violation", "type")
    assert wrong["hint"]
    assert end == {"lines": 2, "valid": 1, "wrong": 1}


@pytest.mark.parametrize(("show", "shown"), [(["--show", "2"], 2), (["--show", "0"], 5)])
def test_not_every_wrong_line_need_be_shown(
    throughline: Throughline, show: list[str], shown: int
) -> None:
    """A file that is wrong throughout does not flood the screen; all are counted."""
    run = throughline("validate", written(*["{}"] * 5), *show)
    assert sum(line.startswith("✘ line") for line in run.lines) == shown
    assert run.lines[-1] == "✘ 0 of 5 valid"
