"""Feedback on alerts, as people and outreach tools send it to ``cx.feedback.v1``.

Keyed by customer like a touchpoint, and for the engine it is one: ``TOUCHPOINT_OF`` names the type
each action becomes.
"""

from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.instants import rfc3339
from schemas.terms import Code, Contract, CustomerId, DedupeKey, Id, Instant, Name, Reference

FeedbackAction = Literal[
    "acknowledge", "snooze", "resolve", "dismiss", "wrong", "useful",
    "outreach_sent", "outreach_delivered", "outreach_responded", "outreach_declined",
    "outreach_suppressed",
]  # fmt: skip

TOUCHPOINT_OF: dict[str, str] = {
    "acknowledge": "alert.acknowledged",
    "snooze": "alert.snoozed",
    "resolve": "alert.resolved",
    "dismiss": "alert.dismissed",
    "wrong": "alert.feedback",
    "useful": "alert.feedback",
    "outreach_sent": "outreach.sent",
    "outreach_delivered": "outreach.delivered",
    "outreach_responded": "outreach.responded",
    "outreach_declined": "outreach.declined",
    "outreach_suppressed": "outreach.suppressed",
}
"""Feedback action → touchpoint type. ``wrong`` and ``useful`` become ``alert.feedback``, with
useful = false and true."""
_USEFUL = {"wrong": False, "useful": True}


class Feedback(Contract):
    """What somebody did about an alert."""

    feedback_id: Id = Field(description="Unique for ever within its sender.")
    customer_id: CustomerId
    alert_id: Id | None = None
    dedupe_key: DedupeKey | None = Field(
        None, description="Instead of alert_id: whichever episode is open under it."
    )
    action: FeedbackAction
    by: Name
    reason: Code | None = None
    note_ref: Reference | None = Field(None, description="Where the note is kept, not the note.")
    until: Instant | None = Field(None, description="End of a snooze.")
    occurred_at: Instant

    @model_validator(mode="after")
    def _names_an_alert(self) -> "Feedback":
        if self.alert_id is None and self.dedupe_key is None:
            raise PydanticCustomError(
                "rule", "{field}: {wrong}",
                {"field": "alert_id", "wrong": "is missing, and so is dedupe_key: send one"},
            )  # fmt: skip
        return self


def as_touchpoint(feedback: Feedback) -> dict[str, Any]:
    """The touchpoint a feedback is, ready to be produced."""
    fields: dict[str, Any] = {
        "event_id": feedback.feedback_id,
        "source": f"feedback/{feedback.by}"[:256],
        "type": TOUCHPOINT_OF[feedback.action],
        "customer_id": feedback.customer_id,
        "occurred_at": rfc3339(feedback.occurred_at),
        "alert_id": feedback.alert_id,
        "dedupe_key": feedback.dedupe_key,
        "reason_code": feedback.reason,
    }
    if fields["type"].startswith("alert."):
        fields |= {"by": feedback.by, "useful": _USEFUL.get(feedback.action)}
    if feedback.action == "snooze" and feedback.until is not None:
        fields["until"] = rfc3339(feedback.until)
    return {name: value for name, value in fields.items() if value is not None}
