"""Looking at results: one customer, alerts, dead letters; from files, with no broker."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Throughline


@pytest.fixture
def company(throughline: Throughline) -> Path:
    """A month of a small company with 60 unreadable records, replayed."""
    run = throughline(
        "simulate", "--customers", 120, "--days", 30, "--spoiled", 60, "--truth", "truth",
        "--story", "masked_effort=0.05", "--story", "transfer_ping_pong=0.05",
    )  # fmt: skip
    Path("t").write_bytes(run.out)
    throughline("replay", "t", "--alerts", "alerts", "--dead-letters", "dead")
    return Path("t")


def of_story(name: str) -> str:
    """A customer who lives that story."""
    planted = map(json.loads, Path("truth").read_text().splitlines())
    return next(one["customer_id"] for one in planted if one["story"] == name)


def test_journey_tells_what_each_touchpoint_added(throughline: Throughline, company: Path) -> None:
    """The telecom call: its touchpoints in order, what each added, and the alerts among them."""
    customer = of_story("masked_effort")
    told = throughline("journey", "show", customer, "--file", company).out.decode()
    at = [told.index(part) for part in ("contact.started", "ivr +9.5", "wait_excess", "masked_eff")]
    assert at == sorted(at)
    assert told.count("transfer_cold +6") == 2 and told.count("information_repeated +4") == 3


def test_arithmetic_adds_up(throughline: Throughline, company: Path) -> None:
    """Points times decay, summed, are E; E gives the index; and at its height that was 69."""
    customer = of_story("masked_effort")
    alerts = map(json.loads, throughline("alerts", "tail", "--file", "alerts", "--json").lines)
    at = max(a["occurred_at"] for a in alerts
             if a.get("customer_id") == customer and a["kind"] == "masked_effort"
             and a["action"] == "trigger")  # fmt: skip
    run = throughline("journey", "show", customer, "--file", company, "--at", at, "--json")
    told = json.loads(run.out)
    sums = told["arithmetic"]
    for row in sums["contributions"]:
        factor = 0.5 ** (row["age_d"] / sums["half_life_d"])
        assert row["now"] == pytest.approx(row["points"] * factor, abs=0.01)
    total = sum(row["now"] for row in sums["contributions"]) + sums["others"]
    assert total == pytest.approx(sums["effort"], abs=0.01)
    assert sums["jei"] == told["jei"]["value"] == pytest.approx(69, abs=1)


def test_nobody_of_that_name(throughline: Throughline, company: Path) -> None:
    """An unknown customer fails, and says where was looked."""
    run = throughline("journey", "show", "C-1", "--file", company)
    assert (run.code, run.out) == (1, b"")
    assert "C-1" in run.err


def test_alerts_are_told_in_a_line_each(throughline: Throughline, company: Path) -> None:
    """When, who, what, how bad, why, and what to do."""
    lines = throughline("alerts", "tail", "--file", "alerts").lines
    whole = [json.loads(line) for line in Path("alerts").read_text().splitlines()]
    assert len(lines) == len(whole)
    for line, alert in zip(lines, whole, strict=True):
        about = alert["cohort_id"] if alert["family"] == "systemic" else alert["customer_id"]
        assert about in line and alert["kind"] in line
        if alert["action"] in ("trigger", "update"):
            assert line.endswith(f"→ {alert['suggested_action']}")
            assert alert["reason"]["text"] in line


def test_alerts_can_be_chosen(throughline: Throughline, company: Path) -> None:
    """By severity, by kind, by customer; whole with --json."""
    whole = [json.loads(line) for line in Path("alerts").read_text().splitlines()]
    customer = of_story("transfer_ping_pong")
    for options, wanted in (
        (["--severity", 4], lambda a: a["severity"] >= 4),
        (["--kind", "transfer_burden"], lambda a: a["kind"] == "transfer_burden"),
        (["--customer", customer], lambda a: a.get("customer_id") == customer),
    ):
        lines = throughline("alerts", "tail", "--file", "alerts", "--json", *options).lines
        expected = [alert for alert in whole if wanted(alert)]
        assert [json.loads(line) for line in lines] == expected != []


def test_what_is_no_alert_is_said(throughline: Throughline, company: Path) -> None:
    """A file of touchpoints is not a file of alerts."""
    run = throughline("alerts", "tail", "--file", company)
    assert run.code == 2 and "line 1" in run.err


def test_dead_letters_are_grouped_by_cause(throughline: Throughline, company: Path) -> None:
    """Commonest first, with count, hint and the place of one."""
    rows = list(map(json.loads, throughline("dlq", "show", "--file", "dead", "--json").lines))
    assert sum(row["count"] for row in rows) == 60
    assert [row["count"] for row in rows] == sorted((row["count"] for row in rows), reverse=True)
    assert all(row["hint"] and row["example"].startswith("cx.touchpoints.v1[") for row in rows)
    each = throughline("dlq", "show", "--file", "dead", "--each", "--json").lines
    by_code = Counter(json.loads(line)["code"] for line in each)
    grouped = Counter[str]()
    for row in rows:
        grouped[row["code"]] += row["count"]
    assert by_code == grouped


def test_dead_letters_of_one_code(throughline: Throughline, company: Path) -> None:
    """Chosen by code; sent again only when not dry."""
    rows = throughline("dlq", "show", "--file", "dead", "--code", "unknown_type", "--json").lines
    assert {json.loads(row)["code"] for row in rows} == {"unknown_type"}
    count = json.loads(rows[0])["count"]
    run = throughline(
        "dlq", "replay", "--file", "dead", "--code", "unknown_type", "--dry-run", "--json"
    )
    assert json.loads(run.out) == {"records": count, "sent": 0}


def test_no_dead_letters(throughline: Throughline) -> None:
    """Nothing wrong is said as such."""
    Path("dead").write_text("")
    assert throughline("dlq", "show", "--file", "dead").lines == ["✔ no dead letters"]
