"""``throughline import``: a foreign log as touchpoints, and the count that proves it."""

import json
from pathlib import Path

from tests.cli.conftest import Throughline

EXCERPT = Path(__file__).parents[1] / "adapters" / "data" / "servicenow_excerpt.csv"


def test_touchpoints_on_stdout_progress_on_stderr(throughline: Throughline) -> None:
    """What is piped on is touchpoints and nothing else; they pass the strict check."""
    run = throughline("import", "servicenow", EXCERPT)
    assert run.code == 0 and len(run.lines) == 125
    assert run.err.startswith("125 touchpoints from")
    Path("t").write_bytes(run.out)
    assert throughline("validate", "t").code == 0


def test_census_counts_instead(throughline: Throughline) -> None:
    """The table of what can be counted in it, for people and for programs."""
    told = throughline("import", "servicenow", EXCERPT, "--census").lines
    assert told[0].split("  ")[0] == "transfers / incidents with at least one"
    assert told[0].endswith(" 11 / 7")
    lines = throughline("import", "servicenow", EXCERPT, "--census", "--json").lines
    assert json.loads(lines[0]) == {
        "what": "transfers / incidents with at least one",
        "values": [11, 7],
    }
    assert len(lines) == len(told)


def test_unknown_adapter_says_which_there_are(throughline: Throughline) -> None:
    """Usage, with the names."""
    run = throughline("import", "zendesk", EXCERPT)
    assert (run.code, run.out) == (2, b"")
    assert "servicenow" in run.err


def test_wrong_log_is_said(throughline: Throughline) -> None:
    """A file that is no such log fails, and says what it misses."""
    Path("x.csv").write_text("a,b\n1,2\n")
    run = throughline("import", "servicenow", "x.csv")
    assert (run.code, run.out) == (1, b"")
    assert "no column" in run.err
    assert throughline("import", "servicenow", "missing.csv").code == 2
