"""What outreach services get is what the worker writes, and what they say back is understood."""

import pytest
from pydantic import ValidationError

from schemas.feedback import Feedback, as_touchpoint
from schemas.outreach import OutreachCandidate, OutreachObservation
from streams.engine.said import Candidate, Observation
from streams.wire import outreach

AT_MS = 1_767_225_600_000
OFFER = Candidate(
    step="offer", alert_id="a-1", dedupe_key="c-1:probe:", customer_id="c-1", account_id=None,
    family="effort", kind="probe", reason="slow", outreach_class="persuasion", action="Call",
    arm="treat", severity=3, priority=60, offered_ms=AT_MS, expires_ms=AT_MS + 1,
    timezone="Europe/Berlin", quiet_from_ms=AT_MS + 2, quiet_to_ms=AT_MS + 3, policy="p",
)  # fmt: skip
SEEN = Observation(
    alert_id="a-1", family="effort", kind="probe", outreach_class="persuasion", arm="hold_out",
    measure="jei", horizon_d=14, value=41.23, jei_before=60.06, started_ms=AT_MS,
    at_ms=AT_MS + 1, policy="p",
)  # fmt: skip


def test_a_candidate_is_as_promised():
    """Every field of it, and no other."""
    sent = OutreachCandidate.model_validate_json(outreach.candidate(OFFER), extra="forbid")

    assert sent.expires_at == AT_MS + 1
    assert (sent.do_not_contact_before, sent.quiet_from, sent.quiet_to) == (
        AT_MS, AT_MS + 2, AT_MS + 3,
    )  # fmt: skip


def test_a_candidate_without_quiet_hours_has_none():
    """Where the policy has no quiet hours."""
    OFFER.quiet_from_ms = OFFER.quiet_to_ms = 0
    sent = OutreachCandidate.model_validate_json(outreach.candidate(OFFER), extra="forbid")

    assert (sent.quiet_from, sent.quiet_to) == (None, None)


def test_an_observation_is_as_promised_and_names_no_customer():
    """Numbers stay when somebody asks to be forgotten."""
    sent = OutreachObservation.model_validate_json(outreach.observation(SEEN), extra="forbid")

    assert (sent.value, sent.jei_before) == (41.23, 60.1)
    assert not [name for name in OutreachObservation.model_fields if "customer" in name]


@pytest.mark.parametrize(
    ("action", "type_", "useful"),
    [
        ("useful", "alert.feedback", True),
        ("wrong", "alert.feedback", False),
        ("outreach_suppressed", "outreach.suppressed", None),
    ],
)
def test_what_is_said_back_becomes_a_touchpoint(action, type_, useful):
    """Useful, wrong, and an offer that the service did not take up."""
    said = {
        "feedback_id": "f-1", "customer_id": "c-1", "alert_id": "a-1", "action": action,
        "by": "ana", "reason": "no_number", "occurred_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    made = as_touchpoint(Feedback.model_validate(said))

    assert (made["type"], made.get("useful"), made["reason_code"]) == (type_, useful, "no_number")


def test_only_known_actions_are_understood():
    """Anything else is refused, not guessed."""
    with pytest.raises(ValidationError, match="action"):
        Feedback.model_validate(
            {
                "feedback_id": "f", "customer_id": "c", "alert_id": "a", "by": "x",
                "action": "called", "occurred_at": 1_767_225_600_000,
            }
        )  # fmt: skip
