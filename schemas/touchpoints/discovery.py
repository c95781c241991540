"""Before the purchase: marketing and trials."""

from typing import Literal

from schemas.terms import Code, Name
from schemas.touchpoints.envelope import Envelope


class MarketingMessageSent(Envelope):
    """A marketing message went out to the customer."""

    type: Literal["marketing.message_sent"] = "marketing.message_sent"
    campaign: Name
    phase: Literal["pre_purchase", "post_purchase"] | None = None


class MarketingEngaged(Envelope):
    """The customer acted on marketing."""

    type: Literal["marketing.engaged"] = "marketing.engaged"
    campaign: Name
    action: Code | None = None


class TrialStarted(Envelope):
    """A trial began."""

    type: Literal["trial.started"] = "trial.started"


class TrialEnded(Envelope):
    """A trial ended."""

    type: Literal["trial.ended"] = "trial.ended"
    outcome: Code | None = None
