"""How context moves a severity and prices an alert (catalogue section 6).

Two things differ from the catalogue's text, because in use it would be wrong. *Inside an unclosed
moment* means one that was mishandled: every first trouble begins a moment, and raising all that
follows would raise nothing. And what is at stake inside the renewal window is also the next term:
two months left of a contract that is not renewed are not what is lost.
"""

from math import log10

from streams.engine import moments, stages
from streams.engine.journey import Journey, Profile
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS

ALL = ("renewal", "moment", "tier", "goodwill")
"""What of the context may move a severity; a detector may leave some of it out."""
YEAR_MONTHS = 12
MONTH_MS = DAY_MS * 365.25 / YEAR_MONTHS


def in_context(
    severity: int, journey: Journey, at_ms: int, rules: Rules, moved_by: tuple[str, ...] = ALL
) -> int:
    """Base severity moved by renewal or moment, tier and goodwill, clamped to 1-5 (section 6).

    Args:
        severity: the detector's.
        journey: the customer's.
        at_ms: epoch milliseconds.
        rules: the policy's.
        moved_by: which of ``ALL`` apply to this detector.
    """
    near = "renewal" in moved_by and stages.renewal_near(journey.profile, at_ms, rules)
    if near or ("moment" in moved_by and moments.weigh(journey, at_ms, rules)):
        severity += 1
    if "tier" in moved_by and journey.profile.tier in rules.severity.tier_raised:
        severity += 1
    if "goodwill" in moved_by and has_goodwill(journey, at_ms, rules):
        severity -= 1
    return max(1, min(5, severity))


def has_goodwill(journey: Journey, at_ms: int, rules: Rules) -> bool:
    """Enough good scored contacts of late, nothing bad since: one failure is forgiven (S1-22)."""
    context, profile = rules.severity, journey.profile
    since_ms = max(at_ms - context.goodwill_d * DAY_MS, profile.negative_ms)
    good = sum(1 for ms in profile.goodwill_ms if ms > since_ms)
    return good >= context.goodwill_contacts


def priority(severity: int, acv_minor: int, rules: Rules) -> int:
    """severity * 20 * (1 + min(1, log10(1 + ACV / scale) / 2)), at most 100 (section 6)."""
    value = min(1.0, log10(1.0 + max(0, acv_minor) / rules.severity.value_scale_minor) / 2.0)
    return min(100, round(severity * 20 * (1.0 + value)))


def at_risk(severity: int, journey: Journey, at_ms: int, rules: Rules) -> int | None:
    """ACV * months at stake / 12 * the severity's risk factor, in minor units; None without an ACV.

    At stake are the months left and, while a renewal is near and not decided, the term after them.
    """
    profile = journey.profile
    if not profile.acv_minor:
        return None
    months = _months_at_stake(profile, at_ms, rules)
    factor = rules.severity.risk_factor[severity - 1]
    return round(profile.acv_minor * months / YEAR_MONTHS * factor)


def _months_at_stake(profile: Profile, at_ms: int, rules: Rules) -> float:
    if not profile.contract_ends_ms:
        return float(YEAR_MONTHS)
    months = max(0.0, (profile.contract_ends_ms - at_ms) / MONTH_MS)
    if stages.renewal_near(profile, at_ms, rules):
        months += profile.term_months or YEAR_MONTHS
    return months
