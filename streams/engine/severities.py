"""How context moves a severity and prices an alert (catalogue section 6)."""

from math import log10

from streams.engine.journey import Journey
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS


def in_context(severity: int, journey: Journey, at_ms: int, rules: Rules) -> int:
    """Base severity moved by renewal window, tier and goodwill, clamped to 1-5 (section 6)."""
    context, profile = rules.severity, journey.profile
    left_ms = profile.contract_ends_ms - at_ms
    if profile.contract_ends_ms and 0 <= left_ms <= context.renewal_d * DAY_MS:
        severity += 1
    if profile.tier in context.tier_raised:
        severity += 1
    if _has_goodwill(journey, at_ms, rules):
        severity -= 1
    return max(1, min(5, severity))


def _has_goodwill(journey: Journey, at_ms: int, rules: Rules) -> bool:
    context, profile = rules.severity, journey.profile
    since_ms = max(at_ms - context.goodwill_d * DAY_MS, profile.negative_ms)
    good = sum(1 for ms in profile.goodwill_ms if ms > since_ms)
    return good >= context.goodwill_contacts


def priority(severity: int, acv_minor: int, rules: Rules) -> int:
    """severity * 20 * (1 + min(1, log10(1 + ACV / scale) / 2)), at most 100 (section 6)."""
    value = min(1.0, log10(1.0 + acv_minor / rules.severity.value_scale_minor) / 2.0)
    return min(100, round(severity * 20 * (1.0 + value)))


def at_risk(severity: int, journey: Journey, at_ms: int, rules: Rules) -> int | None:
    """ACV * months left / 12 * the severity's risk factor, in minor units; None without a value."""
    profile = journey.profile
    if not profile.acv_minor:
        return None
    months = 12.0
    if profile.contract_ends_ms:
        months = max(0.0, (profile.contract_ends_ms - at_ms) / (DAY_MS * 365.25 / 12))
    return round(profile.acv_minor * months / 12 * rules.severity.risk_factor[severity - 1])
