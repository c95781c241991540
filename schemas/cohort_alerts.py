"""The alert about a cohort, as it lies on ``cx.alerts.systemic.v1``, keyed by the cohort.

The life of an episode is that of a customer's alert; what it rests on are measured periods and a
sample of members instead of touchpoints.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.alerts import AlertReason, CauseClass, Number
from schemas.metrics import Dimensions
from schemas.terms import Code, Contract, CustomerId, DedupeKey, Id, Instant, Name, Severity

Period = Annotated[dict[Code, Number], Field(max_length=32)]


class CohortAlert(Contract):
    """One step in the life of an episode about many customers."""

    alert_id: Id = Field(
        description="Derived from dedupe_key and the period that first showed it: same in a replay."
    )
    dedupe_key: DedupeKey = Field(description="Cohort and detector: one open episode per key.")
    family: Literal["systemic"]
    kind: Code = Field(description="The detector, e.g. upstream_cause_spike.")
    action: Literal["trigger", "update", "resolve"]
    revision: Annotated[int, Field(ge=1, le=1_000_000)]
    state: Literal["open", "reopened", "resolved"]
    severity: Severity
    priority: Annotated[int, Field(ge=0, le=100)]
    cohort_id: Name = Field(description="The record's key.")
    dimensions: Dimensions = Field(description="What the members have in common.")
    reason: AlertReason
    number: Number = Field(description="The value that was measured.")
    threshold: Number = Field(description="The value it had to reach.")
    periods: Annotated[list[Period], Field(max_length=16)] = Field(
        description="What it rests on, oldest first: values by name, with n."
    )
    customers: Annotated[list[CustomerId], Field(max_length=20)] = Field(
        description="A fair sample of members in the last period. Their own alerts carry the cause."
    )
    cause_class: CauseClass
    owner_team: Code
    suggested_action: Name = Field(description="What to do; never empty.")
    policy_version: Name
    opened_at: Instant
    occurred_at: Instant = Field(description="End of the period that showed it, in event time.")
    resolved_reason: Code | None = None
