"""What people did about our alerts."""

from typing import Literal

from pydantic import Field

from schemas.terms import Code, Id, Instant, Name
from schemas.touchpoints.envelope import Envelope


class _Alert(Envelope):
    """``reason_code`` is the catalogue's ``reason``, which the envelope owns."""

    alert_id: Id
    by: Name | None = Field(None, description="Who did it.")
    reason_code: Code | None = None
    useful: bool | None = None


class AlertAcknowledged(_Alert):
    """Someone took the alert on."""

    type: Literal["alert.acknowledged"] = "alert.acknowledged"


class AlertSnoozed(_Alert):
    """Someone put the alert off."""

    type: Literal["alert.snoozed"] = "alert.snoozed"
    until: Instant | None = None


class AlertResolved(_Alert):
    """Someone settled the alert."""

    type: Literal["alert.resolved"] = "alert.resolved"


class AlertDismissed(_Alert):
    """Someone set the alert aside."""

    type: Literal["alert.dismissed"] = "alert.dismissed"


class AlertFeedback(_Alert):
    """Someone said whether the alert was any use."""

    type: Literal["alert.feedback"] = "alert.feedback"
