"""``throughline detectors``: made from the files themselves, so it cannot be out of date."""

import json
from pathlib import Path

from streams import catalogue
from tests.cli.conftest import Throughline


def test_every_detector_is_listed_with_its_question(throughline: Throughline) -> None:
    """One line each, under its family."""
    lines = throughline("detectors").lines
    for entry in catalogue.entries():
        (line,) = (one for one in lines if one.split()[:1] == [entry.kind])
        assert "?" in line
        assert entry.family in lines


def test_one_is_told_in_full(throughline: Throughline) -> None:
    """When it fires and is silent, what it suggests, and what a policy file may change."""
    told = throughline("detectors", "repeat_contact").out.decode()
    for part in ("Fires when", "Silent when", "Suggests", "[detectors.repeat_contact]", "window_d"):
        assert part in told
    for part in ("``", "Requirements"):  # of no use to who reads it on a terminal
        assert part not in told


def test_json_has_thresholds_in_force_and_defaults(throughline: Throughline) -> None:
    """What a policy changes is seen; what it turns off, too."""
    Path("p.toml").write_text(
        'version = "x"\n[detectors.repeat_contact]\nwindow_d = 5\n'
        "[detectors.bill_shock]\nenabled = false\n"
    )
    lines = throughline("detectors", "--json", "--policy", "p.toml").lines
    told = {line["kind"]: line for line in map(json.loads, lines)}
    assert told["repeat_contact"]["thresholds"]["window_d"] == 5
    assert told["repeat_contact"]["defaults"]["window_d"] == 7
    assert told["bill_shock"]["enabled"] is False
    everybody = (*catalogue.entries(), *catalogue.cohort_entries())
    assert set(told) == {entry.kind for entry in everybody}


def test_unknown_kind(throughline: Throughline) -> None:
    """Usage, with the one that may have been meant, or all there are."""
    run = throughline("detectors", "nonsense")
    assert run.code == 2 and "repeat_contact" in run.err
    near = throughline("detectors", "transfer_burdn")
    assert near.code == 2 and "Did you mean transfer_burden?" in near.err


def test_evaluation_is_a_table_and_an_object_and_fails_on_a_fault(throughline: Throughline) -> None:
    """A policy that hears nothing of bills misses what was planted: exit code 1, and it is named."""
    Path("p.toml").write_text(
        'version = "x"\n[detectors.bill_shock]\nratio = 90\nsevere_ratio = 95\n'
    )
    run = throughline("detectors", "--evaluate", "--touchpoints", 1, "--json", "--policy", "p.toml")
    told = json.loads(run.out)
    assert run.code == 1
    assert told["detectors"]["bill_shock"]["recall"] == 0
    assert told["detectors"]["wait_excess"]["recall"] == 1
    assert all("bill_shock" in fault for fault in told["faults"])


def test_evaluation_is_of_all_detectors_together(throughline: Throughline) -> None:
    """Asked for one, it says why not."""
    run = throughline("detectors", "bill_shock", "--evaluate")
    assert run.code == 2 and "together" in run.err
