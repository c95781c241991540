"""Making it good: recovery actions and outreach."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.terms import AmountMinor, Code, Currency, DedupeKey, Id
from schemas.touchpoints.envelope import Envelope, Rule
from schemas.touchpoints.operations import names_an_alert


class RecoveryActionTaken(Envelope):
    """Something was done to make up for it."""

    type: Literal["recovery.action_taken"] = "recovery.action_taken"
    kind: Code
    cost_minor: AmountMinor | None = None
    currency: Currency | None = None


class _Outreach(Envelope):
    """``reason_code`` is the catalogue's ``reason``, which the envelope owns."""

    RULES: ClassVar[tuple[Rule, ...]] = (names_an_alert,)

    alert_id: Id | None = Field(None, description="Required, unless dedupe_key is given.")
    dedupe_key: DedupeKey | None = Field(None, description="The episode open under it is meant.")
    action: Code | None = None
    arm: Literal["treat", "hold_out"] | None = None
    reason_code: Code | None = None


class OutreachSent(_Outreach):
    """The customer was approached because of an alert."""

    type: Literal["outreach.sent"] = "outreach.sent"


class OutreachDelivered(_Outreach):
    """The approach arrived."""

    type: Literal["outreach.delivered"] = "outreach.delivered"


class OutreachResponded(_Outreach):
    """The customer took it up."""

    type: Literal["outreach.responded"] = "outreach.responded"


class OutreachDeclined(_Outreach):
    """The customer turned it down."""

    type: Literal["outreach.declined"] = "outreach.declined"


class OutreachSuppressed(_Outreach):
    """The approach was held back."""

    type: Literal["outreach.suppressed"] = "outreach.suppressed"
