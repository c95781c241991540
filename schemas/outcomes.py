"""How a journey turned out, on ``cx.journeys.outcomes.v1``: an outcome, and how it stood before.

For fitting weights: the record names no customer. One record per ``outcome_id``; a repeated one
says the same.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.alerts import Index, Stage
from schemas.snapshots import Scores
from schemas.terms import AmountMinor, Code, Contract, Currency, Days, Id, Instant, Name, Origin


class Standing(Contract):
    """How the customer stood at the turn of the week at or before that day."""

    days: Days = Field(description="So many days before the outcome.")
    as_of: Instant
    jei: Index
    scores: Scores


class JourneyOutcome(Contract):
    """A renewal decided, a customer lost, an expansion closed or a referral made."""

    outcome_id: Id = Field(description="Derived; the record's key. It tells nobody who it was.")
    type: Literal["renewal.decided", "customer.churned", "expansion.closed", "referral.made"]
    outcome: Literal["renewed", "expanded", "reduced", "lost"] | None = Field(
        None, description="Of a renewal."
    )
    occurred_at: Instant
    stage: Stage
    segment: Code | None = None
    tier: Code | None = None
    acv_minor: AmountMinor | None = None
    value_minor: AmountMinor | None = None
    currency: Currency | None = None
    jei: Index = Field(description="When it was decided.")
    scores: Scores
    before: Annotated[list[Standing], Field(max_length=10)] = Field(
        description="7, 30 and 90 days before, as far as the customer was known then."
    )
    policy_version: Name | None = None
    origin: Origin = "live"
