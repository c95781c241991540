"""The journey snapshot on ``cx.journeys.v1`` (compacted): one customer as of a moment."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.alerts import JourneyEffort
from schemas.terms import Channel, Code, Contract, Count, CustomerId, Id, Instant, Name, Severity

Component = Annotated[float, Field(ge=0, le=100, description="0 worst to 100 best.")]


class OpenIssue(Contract):
    """An issue that is not resolved."""

    issue_key: Name
    first_seen_at: Instant
    last_seen_at: Instant
    contacts: Count = 0
    transfers: Count = 0
    channels: Annotated[list[Channel], Field(max_length=20)] = Field(default_factory=list)


class OpenPromise(Contract):
    """A promise that is neither kept nor withdrawn."""

    promise_id: Id
    kind: Code | None = None
    due_at: Instant


class Moment(Contract):
    """A moment of truth that was seen."""

    moment: Code
    occurred_at: Instant
    standard_met: bool | None = Field(None, description="Absent while it is not decided.")


class OpenEpisode(Contract):
    """An alert that is not resolved."""

    alert_id: Id
    kind: Code
    object_id: Name | None = None
    severity: Severity
    state: Literal["open", "acknowledged", "snoozed", "suppressed", "reopened"]
    opened_at: Instant


class Scores(Contract):
    """The four component scores; absent when there is nothing to score."""

    effort: Component | None = None
    service: Component | None = None
    outcome: Component | None = None
    relationship: Component | None = None


class JourneySnapshot(Contract):
    """What is publicly kept of one customer."""

    customer_id: CustomerId
    as_of: Instant = Field(description="Event time up to which everything heard is in it.")
    stage: Code
    stage_since: Instant | None = None
    advocate: bool | None = None
    segment: Code | None = None
    tier: Code | None = None
    jei: JourneyEffort
    scores: Scores | None = None
    issues: Annotated[list[OpenIssue], Field(max_length=100)] = Field(default_factory=list)
    promises: Annotated[list[OpenPromise], Field(max_length=100)] = Field(default_factory=list)
    moments: Annotated[list[Moment], Field(max_length=50)] = Field(default_factory=list)
    episodes: Annotated[list[OpenEpisode], Field(max_length=100)] = Field(default_factory=list)
    policy_version: Name | None = None
