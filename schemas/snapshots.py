"""The journey snapshot on ``cx.journeys.v1`` (compacted): one customer as of a moment."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.alerts import JourneyEffort, Stage
from schemas.terms import Channel, Code, Contract, Count, CustomerId, Id, Instant, Name, Severity

Component = Annotated[float, Field(ge=0, le=100, description="0 worst to 100 best.")]
Domain = Literal["onboarding", "product", "self_service", "support", "billing", "renewal"]
Distance = Annotated[float, Field(ge=-100, le=100, description="Points above the mean.")]


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
    """The four component scores, worst-weighted; absent when there is nothing to score."""

    outcome: Component | None = Field(None, description="Solved, right, and for good.")
    interaction: Component | None = Field(None, description="How it felt to be served.")
    effort: Component | None = Field(None, description="How easy it was: 100 is no effort.")
    consistency: Component | None = Field(None, description="How alike each time.")


class LastRating(Contract):
    """The latest answer or assessment of its kind, on 0 to 100, and how usual it is."""

    kind: Code
    value: Component
    occurred_at: Instant
    n: Count = Field(description="How many of the kind there were.")
    from_own_mean: Distance | None = Field(None, description="Of the customer's earlier ones.")
    from_segment_mean: Distance | None = Field(None, description="Of the segment, by the policy.")


class JourneySnapshot(Contract):
    """What is publicly kept of one customer."""

    customer_id: CustomerId
    account_id: Id | None = None
    as_of: Instant = Field(
        description="The customer's own event time: everything heard of them up to then is in it."
    )
    stage: Stage
    stage_since: Instant | None = None
    advocate: bool | None = None
    segment: Code | None = None
    tier: Code | None = None
    jei: JourneyEffort
    scores: Scores | None = None
    health: Annotated[dict[Domain, Component], Field(max_length=10)] = Field(
        default_factory=dict, description="Of the domains in which an alert is open, worst first."
    )
    ratings: Annotated[list[LastRating], Field(max_length=20)] = Field(default_factory=list)
    issues: Annotated[list[OpenIssue], Field(max_length=100)] = Field(default_factory=list)
    promises: Annotated[list[OpenPromise], Field(max_length=100)] = Field(default_factory=list)
    moments: Annotated[list[Moment], Field(max_length=50)] = Field(default_factory=list)
    episodes: Annotated[list[OpenEpisode], Field(max_length=100)] = Field(default_factory=list)
    policy_version: Name | None = None
