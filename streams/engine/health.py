"""How each domain of the relationship fares, from the alerts that are open in it.

A domain's health is put together as the scores are: each open episode is worth 100 less 20 for
every degree of its severity, and the worst weighs as much as the mean. A domain without an open
episode is as healthy as can be, and is not named.
"""

from collections.abc import Mapping

from streams.engine.journey import Journey
from streams.engine.rules import Rules
from streams.engine.scores import BEST, worst_weighted

DOMAINS = ("onboarding", "product", "self_service", "support", "billing", "renewal")
OF_CAUSE = {
    "onboarding": "onboarding",
    "product_quality": "product",
    "knowledge": "self_service",
    "billing": "billing",
    "expectation": "renewal",
}
OF_KIND = {
    "renewal_risk_rollup": "renewal",
    "went_quiet_after_bad_contact": "renewal",
    "happy_but_leaving": "renewal",
    "touchpoint_vs_relationship": "renewal",
}
"""Kinds that say something about another domain than their cause does."""
DEGREE = 20.0


def domain(kind: str, cause: str) -> str:
    """The domain an alert belongs to; whatever is nowhere else is a matter of support."""
    return OF_KIND.get(kind) or OF_CAUSE.get(cause, "support")


def health(journey: Journey, causes: Mapping[str, str], rules: Rules) -> dict[str, float]:
    """0 (worst) to 100 by domain, worst first; only domains in which something is open.

    Args:
        journey: the customer's.
        causes: cause class by kind of alert, where an episode has none of its own.
        rules: how much the worst weighs.
    """
    ill: dict[str, list[float]] = {}
    for episode in journey.episodes:
        if episode.resolved_ms:
            continue
        cause = episode.cause or causes.get(episode.kind, "")
        worth = BEST - DEGREE * episode.severity
        ill.setdefault(domain(episode.kind, cause), []).append(worth)
    share = rules.scores.worst_share
    found = [(worst_weighted(worths, share) or 0.0, name) for name, worths in ill.items()]
    return {name: worth for worth, name in sorted(found)}
