"""Feedback: what people say about alerts, and the touchpoint it becomes."""

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from schemas.feedback import TOUCHPOINT_OF, Feedback, FeedbackAction, as_touchpoint
from schemas.touchpoints import TYPES
from tests.schemas.examples import payloads

SAID = {
    "feedback_id": "f-1", "customer_id": "c-1", "alert_id": "a-1", "action": "acknowledge",
    "by": "ana", "occurred_at": "2026-01-01T00:00:00Z",
}  # fmt: skip


def test_every_action_has_its_touchpoint() -> None:
    """Nothing that can be said is lost on the way to the journey."""
    assert set(TOUCHPOINT_OF) == set(get_args(FeedbackAction))
    assert set(TOUCHPOINT_OF.values()) <= set(TYPES)


@settings(max_examples=200, deadline=None)
@given(payloads(Feedback))
def test_any_feedback_becomes_a_touchpoint_a_producer_may_send(payload: dict[str, Any]) -> None:
    """Strictly valid, keyed by the same customer, at the same instant."""
    feedback = Feedback.model_validate(payload)
    made = as_touchpoint(feedback)
    model = TYPES[made["type"]].model_validate(made, extra="forbid")
    assert model.customer_id == feedback.customer_id
    assert model.occurred_at == feedback.occurred_at
    assert (model.event_id, model.alert_id) == (feedback.feedback_id, feedback.alert_id)


def test_wrong_means_it_was_no_use() -> None:
    """A rule's precision is measured by it; other actions say nothing about use."""
    wrong = as_touchpoint(Feedback.model_validate(SAID | {"action": "wrong", "reason": "known"}))
    assert (wrong["type"], wrong["useful"]) == ("alert.feedback", False)
    assert wrong["reason_code"] == "known"
    assert "useful" not in as_touchpoint(Feedback.model_validate(SAID))


def test_a_snooze_keeps_its_end() -> None:
    """The episode wakes then."""
    until = {"action": "snooze", "until": "2026-01-02T00:00:00Z"}
    made = as_touchpoint(Feedback.model_validate(SAID | until))
    assert made["until"] == "2026-01-02T00:00:00.000Z"


def test_feedback_names_an_alert() -> None:
    """By id or by dedupe key."""
    nameless = {k: v for k, v in SAID.items() if k != "alert_id"}
    with pytest.raises(ValidationError, match="alert_id"):
        Feedback.model_validate(nameless)
    by_key = Feedback.model_validate(nameless | {"dedupe_key": "c-1/bill_shock/i-1"})
    assert as_touchpoint(by_key)["dedupe_key"] == "c-1/bill_shock/i-1"
