"""Who the customer is and where they stand: profile, contract, renewal, leaving, recommending."""

from streams.engine import stages
from streams.engine.heard import Heard
from streams.engine.remember.relationship import negative, stage
from streams.engine.rules import Rules


def profile_changed(heard: Heard, rules: Rules) -> None:
    """``customer.profile_changed``: segment and tier, where given."""
    profile, touchpoint = heard.journey.profile, heard.touchpoint
    profile.segment = touchpoint.segment or profile.segment
    tier = touchpoint.tier
    profile.tier = str(tier) if tier is not None else profile.tier


def contract_changed(heard: Heard, rules: Rules) -> None:
    """``account.contract_changed``: value, term and end of the contract; who signs is a buyer."""
    profile, touchpoint = heard.journey.profile, heard.touchpoint
    if touchpoint.acv_minor is not None:
        profile.acv_minor = touchpoint.acv_minor
        profile.currency = touchpoint.currency
    profile.contract_ends_ms = touchpoint.ends_on or profile.contract_ends_ms
    profile.term_months = touchpoint.term_months or profile.term_months
    if touchpoint.clv_minor is not None:
        profile.clv_minor = touchpoint.clv_minor
    if profile.stage == "prospect":
        stage(heard, "purchase")


def renewal_opened(heard: Heard, rules: Rules) -> None:
    """``renewal.window_opened``."""
    profile = heard.journey.profile
    profile.contract_ends_ms = heard.touchpoint.ends_on or profile.contract_ends_ms
    stage(heard, "renewal_window")


def renewal_decided(heard: Heard, rules: Rules) -> None:
    """``renewal.decided``: renewed, expanded, reduced (which is renewed too) or lost."""
    outcome = heard.touchpoint.outcome
    stage(heard, {"lost": "churned", "expanded": "expanded"}.get(outcome, "renewed"))


def expanded(heard: Heard, rules: Rules) -> None:
    """``expansion.closed``: they bought more; inside the renewal window that is not yet decided."""
    now, _ = stages.stage_at(heard.journey.profile, heard.at_ms, rules)
    if now != "renewal_window":
        stage(heard, "expanded")


def referred(heard: Heard, rules: Rules) -> None:
    """``referral.made``: an advocate, until they say otherwise or leave."""
    heard.journey.profile.advocate = True


def cancelling(heard: Heard, rules: Rules) -> None:
    """``cancel.requested``: who wants to leave has no goodwill left and recommends nobody."""
    negative(heard)
    heard.journey.profile.advocate = False


def churned(heard: Heard, rules: Rules) -> None:
    """``customer.churned``."""
    stage(heard, "churned")
    heard.journey.profile.advocate = False


def reactivated(heard: Heard, rules: Rules) -> None:
    """``customer.reactivated``: they came back."""
    stages.move(heard.journey, "active", heard.at_ms, came_back=True)
