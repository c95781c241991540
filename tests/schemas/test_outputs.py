"""What we publish: alerts, snapshots, metrics; and the codes of what we could not read."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from schemas.alerts import Alert
from schemas.dead_letters import CODES, Code
from schemas.metrics import MetricRecord
from schemas.snapshots import JourneySnapshot

ALERT: dict[str, Any] = {
    "alert_id": "0d9e", "dedupe_key": "c-1/repeat_contact/bill", "family": "effort",
    "kind": "repeat_contact", "action": "trigger", "revision": 1, "state": "open", "severity": 3,
    "priority": 60, "customer_id": "c-1", "reason": {"code": "third_contact", "text": "3 in 7 d"},
    "number": 3, "threshold": 2, "jei": {"value": 43.1, "parts": {"repeat": 16.0}},
    "evidence": [{"event_id": "e-1", "type": "contact.started", "occurred_at": 1767225600000}],
    "cause_class": "service_process", "owner_team": "care", "suggested_action": "call_back",
    "policy_version": "7", "late": False, "opened_at": "2026-01-01T00:00:00Z",
    "occurred_at": "2026-01-01T00:00:00Z",
}  # fmt: skip


def test_an_alert_has_one_number_one_reason_one_action() -> None:
    """The least an alert says is enough to act on it."""
    alert = Alert.model_validate(ALERT, extra="forbid")
    assert (alert.number, alert.reason.text, alert.suggested_action) == (3, "3 in 7 d", "call_back")


@pytest.mark.parametrize(
    "change",
    [
        {"suggested_action": ""}, {"suggested_action": None}, {"severity": 0}, {"severity": 6},
        {"priority": 101}, {"family": "happy"}, {"action": "shout"}, {"revision": 0},
        {"jei": {"value": 101}}, {"number": float("nan")}, {"customer_id": "a\x00"},
        {"evidence": [{}]}, {"suppressed_reason": "because"}, {"cause_class": "weather"},
    ],
)  # fmt: skip
def test_an_alert_that_could_not_be_acted_on_is_none(change: dict[str, Any]) -> None:
    """No action, no such severity, no such state: refused before it is sent."""
    with pytest.raises(ValidationError):
        Alert.model_validate(ALERT | change)


def test_a_journey_snapshot_says_as_of_when() -> None:
    """And what is open."""
    snapshot = JourneySnapshot.model_validate({
        "customer_id": "c-1", "as_of": 1767225600000, "stage": "active", "jei": {"value": 12},
        "issues": [{"issue_key": "bill", "first_seen_at": 1767225600000,
                    "last_seen_at": 1767225600000, "contacts": 2, "channels": ["phone"]}],
    })  # fmt: skip
    assert snapshot.issues[0].contacts == 2
    assert snapshot.promises == []


def test_a_metric_says_of_whom_when_and_how_sure() -> None:
    """Cohort, window, n and watermark are never left out."""
    metric = {
        "cohort_id": "stage=billing", "dimensions": {"stage": "billing"},
        "window_start": 1767225600000, "window_end": 1767229200000, "family": "experience",
        "phase": "after", "values": {"csat_mean": 4.1}, "n": 31, "revision": 1,
        "watermark": 1767229200000,
    }  # fmt: skip
    assert MetricRecord.model_validate(metric).values["csat_mean"] == 4.1
    for name in ("cohort_id", "window_end", "n", "watermark", "phase"):
        with pytest.raises(ValidationError, match=name):
            MetricRecord.model_validate({k: v for k, v in metric.items() if k != name})


@pytest.mark.parametrize("code", get_args(Code))
def test_every_code_says_what_it_means_and_what_to_do(code: Code) -> None:
    """In one line each."""
    meaning, hint = CODES[code]
    assert meaning.endswith(".") and hint.endswith(".")
    assert "\n" not in meaning + hint
    assert len(meaning) < 100
