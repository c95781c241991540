"""The alert: one step in the life of an episode, as it lies on ``cx.alerts.<family>.v1``.

An episode is re-said only when its severity, its reason or its state changes. One number, one
reason, one action; everything else is there to check them.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.terms import (
    MAX_SAFE_INT,
    AmountMinor,
    Code,
    Contract,
    Currency,
    CustomerId,
    DedupeKey,
    Id,
    Instant,
    Name,
    Origin,
    Reference,
    Sentence,
    Severity,
)

AlertFamily = Literal["effort", "friction", "disconnect", "moment", "relationship", "systemic"]
Action = Literal["trigger", "update", "acknowledge", "resolve", "suppress"]
State = Literal["open", "acknowledged", "snoozed", "resolved", "suppressed", "reopened"]
Suppression = Literal[
    "cap", "quiet_hours", "inhibited_by", "consent", "hold_out", "backfill", "maintenance",
    "duplicate",
]  # fmt: skip
CauseClass = Literal[
    "service_process", "product_quality", "expectation", "billing", "onboarding", "knowledge",
    "external",
]  # fmt: skip
Stage = Literal[
    "prospect", "purchase", "onboarding", "active", "renewal_window", "renewed", "expanded",
    "churned",
]  # fmt: skip
Number = Annotated[float, Field(ge=-(10**15), le=10**15)]
Points = Annotated[float, Field(ge=-100_000, le=100_000, description="Effort points.")]
Index = Annotated[float, Field(ge=0, le=100, description="Journey Effort Index, 0 to 100.")]
Parts = Annotated[dict[Code, Points], Field(max_length=64)]


class JourneyEffort(Contract):
    """The Journey Effort Index and the points of each component it is made of."""

    value: Index
    parts: Parts = Field(default_factory=dict)


class AlertReason(Contract):
    """Why: a stable code for programs, one sentence for people."""

    code: Code
    text: Sentence


class Evidence(Contract):
    """A touchpoint the finding rests on, with its place in the log and what it contributed."""

    event_id: Id
    type: Code
    occurred_at: Instant
    topic: Annotated[str, Field(max_length=249)] | None = None
    partition: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    offset: Annotated[int, Field(ge=0, le=MAX_SAFE_INT)] | None = None
    contribution: Number | None = Field(None, description="What it added, in the number's unit.")
    late: bool | None = None


class Alert(Contract):
    """One step in the life of an episode."""

    alert_id: Id = Field(
        description="Derived from dedupe_key and what first showed it: same in a replay."
    )
    dedupe_key: DedupeKey = Field(
        description="Scope, detector and object: one open episode per key."
    )
    episode_id: Id | None = Field(None, description="Same through reopening; alert_id if absent.")
    family: AlertFamily
    kind: Code = Field(description="The detector, e.g. repeat_contact.")
    action: Action
    revision: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        description="Counts what was said about the episode; the highest is the latest."
    )
    state: State
    severity: Severity
    priority: Annotated[int, Field(ge=0, le=100)] = Field(description="Severity scaled by value.")
    customer_id: CustomerId
    account_id: Id | None = None
    stage: Stage | None = Field(None, description="Where the customer stood in the lifecycle.")
    object_id: Reference | None = Field(
        None, description="The issue, contact, invoice … it is about."
    )
    reason: AlertReason
    number: Number = Field(description="The value that was measured.")
    threshold: Number = Field(description="The value it had to reach.")
    jei: JourneyEffort
    evidence: Annotated[list[Evidence], Field(max_length=100)]
    cause_class: CauseClass
    owner_team: Code
    suggested_action: Name = Field(description="What to do; never empty.")
    revenue_at_risk_minor: AmountMinor | None = None
    currency: Currency | None = None
    do_not_contact_before: Instant | None = Field(
        None, description="Outreach is not allowed before then; absent does not mean allowed."
    )
    outreach: Code | None = Field(
        None,
        description="What became of the outreach it suggests: offered, hold_out, held.REASON or "
        "dropped.REASON; absent if it suggests none.",
    )
    arm: Literal["treat", "hold_out"] | None = Field(None, description="Hold-out for measuring.")
    policy_version: Name
    late: bool = Field(description="A touchpoint behind the watermark had a part in it.")
    origin: Origin = "live"
    opened_at: Instant
    occurred_at: Instant = Field(description="When it became true, in event time.")
    suppressed_reason: Suppression | None = None
    incident_id: Id | None = Field(
        None,
        description="What explains it, where it is inhibited: alert_id of the incident's own "
        "alert, or the incident the product told of.",
    )
    resolved_reason: Code | None = None
    by: Name | None = Field(None, description="Who acknowledged or resolved it.")
    useful: bool | None = Field(
        None, description="What people said of it: false if it should not have been said."
    )
