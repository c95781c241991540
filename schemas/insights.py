"""What service learned, for those who can use it: causes for teams, outcomes for agents.

``UpstreamInsight`` lies on ``cx.insights.v1``, keyed by the team that owns the causes;
``AgentFeedback`` on ``cx.agents.v1``, keyed by the agent.
"""

from typing import Annotated

from pydantic import Field

from schemas.alerts import CauseClass, Number
from schemas.terms import (
    AmountMinor,
    Code,
    Contract,
    Count,
    Currency,
    Id,
    Instant,
    Name,
    Reference,
    Share,
)

Revision = Annotated[int, Field(ge=1, le=1_000_000)]


class Cause(Contract):
    """One reason for contact, and what it cost that day."""

    reason: Name = Field(description="l1/l2.")
    cause_class: CauseClass
    contacts: Count
    effort_points: Number
    avoidable_contacts: Count = Field(
        description="Contacts that something of ours caused, or a failed self-service attempt."
    )


class UpstreamInsight(Contract):
    """A day of what a team's causes cost customers and service. A later revision replaces it."""

    owner_team: Code = Field(description="The record's key.")
    window_start: Instant
    window_end: Instant = Field(description="Exclusive.")
    contacts: Count
    customers: Count = Field(description="Exact below 20, then estimated.")
    effort_points: Number
    avoidable_contacts: Count
    avoidable_share: Share | None = None
    alerts: Count = Field(description="Alerts of severity 3 or more that were raised for the team.")
    revenue_at_risk_minor: Annotated[dict[Currency, AmountMinor], Field(max_length=200)] = Field(
        description="Said with those alerts, by currency; a customer with two alerts counts twice."
    )
    causes: Annotated[list[Cause], Field(max_length=20)] = Field(
        description="The dearest first, by effort."
    )
    verbatim_refs: Annotated[list[Reference], Field(max_length=10)] = Field(
        description="Where the worst answers of the day can be read in the customers' own words."
    )
    revision: Revision
    watermark: Instant = Field(description="Event time up to which everything heard is in it.")
    policy_version: Name


class ContactOutcome(Contract):
    """What became of one contact within seven days."""

    contact_id: Id
    recurred: bool = Field(description="The customer had to come back about it.")
    handle_s: Count
    csat: Annotated[float, Field(ge=1, le=5)] | None = None
    verbatim_ref: Reference | None = Field(None, description="The customer's own words.")


class AgentFeedback(Contract):
    """A day of an agent's contacts, seven days later: did they hold, next to how long they took."""

    agent_id: Id = Field(description="The record's key.")
    window_start: Instant
    window_end: Instant = Field(description="Exclusive; the day the contacts ended.")
    contacts: Count
    recurred: Count
    no_recurrence_share: Share
    handle_mean_s: Number
    csat_mean: Annotated[float, Field(ge=1, le=5)] | None = None
    csat_answers: Count
    outcomes: Annotated[list[ContactOutcome], Field(max_length=200)] = Field(
        description="One by one, by contact id; of more than 200 the first."
    )
    watermark: Instant = Field(description="Event time up to which everything heard is in it.")
    policy_version: Name
