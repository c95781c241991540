"""What people did about our alerts, and whether producers are there."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.terms import Code, DedupeKey, Id, Instant, Name
from schemas.touchpoints.envelope import Envelope, Rule


def names_an_alert(deed: Any) -> tuple[str, str] | None:
    """What was done was done about some alert."""
    if deed.alert_id is None and deed.dedupe_key is None:
        return "alert_id", "is missing, and so is dedupe_key: send one"
    return None


class _Alert(Envelope):
    """``reason_code`` is the catalogue's ``reason``, which the envelope owns."""

    RULES: ClassVar[tuple[Rule, ...]] = (names_an_alert,)

    alert_id: Id | None = Field(None, description="Required, unless dedupe_key is given.")
    dedupe_key: DedupeKey | None = Field(None, description="The episode open under it is meant.")
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


class SourceHeartbeat(Envelope):
    """The producer is there, whether or not it has anything to tell.

    While a source that has sent one is silent, nothing is concluded from its silence: no deadline
    is held against anybody. ``customer_id`` is the record's key and nobody's: any name will do.
    """

    type: Literal["source.heartbeat"] = "source.heartbeat"
