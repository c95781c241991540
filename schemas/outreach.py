"""Outreach: who may be reached out to, on ``cx.outreach.v1``, and what became of it.

A candidate has passed the guard at ``offered_at``: consent, quiet hours on the customer's clock,
cap, cool-down, one at a time, no contact going on. Whoever acts on it later than that looks at
``expires_at`` and ``quiet_from`` again, and says what was done on ``cx.feedback.v1``.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.alerts import Index, Number
from schemas.terms import Code, Contract, CustomerId, DedupeKey, Id, Instant, Name, Severity

OutreachClass = Literal["service_notice", "persuasion"]
Arm = Literal["treat", "hold_out"]


class OutreachCandidate(Contract):
    """A customer to reach out to because of an alert; or, withdrawn, not any more."""

    step: Literal["offer", "withdraw"] = Field(
        description="withdraw: what it was about is over; do not send what has not been sent."
    )
    alert_id: Id
    dedupe_key: DedupeKey
    customer_id: CustomerId
    account_id: Id | None = None
    family: Code
    kind: Code = Field(description="The detector, e.g. repeat_contact.")
    reason_code: Code
    outreach_class: OutreachClass = Field(
        description="service_notice: what the customer needs to know; persuasion: all else."
    )
    suggested_action: Name
    arm: Arm = Field(description="Always treat: those held out are not offered.")
    severity: Severity
    priority: Annotated[int, Field(ge=0, le=100)]
    offered_at: Instant
    do_not_contact_before: Instant
    expires_at: Instant = Field(description="After it the offer is void.")
    timezone: Code | None = Field(None, description="The customer's, an IANA name.")
    quiet_from: Instant | None = Field(None, description="The customer's next quiet hours begin.")
    quiet_to: Instant | None = Field(None, description="They end.")
    why: Code | None = Field(None, description="Why it was withdrawn.")
    policy_version: Name


class OutreachObservation(Contract):
    """What became of one customer so many days after an offer, or after one held out.

    On ``cx.outreach.outcomes.v1``, keyed by the alert. It names no customer, so that what was
    learned stays when somebody asks to be forgotten.
    """

    alert_id: Id
    family: Code
    kind: Code
    outreach_class: OutreachClass
    arm: Arm
    measure: Literal["repeat_contact", "jei", "churn"]
    horizon_d: Annotated[int, Field(ge=1, le=3_650)]
    value: Number = Field(description="1 or 0: it happened or not; for jei the index then.")
    jei_before: Index
    started_at: Instant = Field(description="When it was offered, or would have been.")
    observed_at: Instant
    policy_version: Name
