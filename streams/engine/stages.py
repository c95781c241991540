"""The lifecycle as a stage machine, and the stage at an instant (section 10; S1-05, S4-25).

prospect -> purchase -> onboarding -> active -> renewal_window -> renewed | expanded | churned.

A touchpoint moves the stage only where it may follow (``AFTER``), and never back in time: one told
late says nothing about today. The renewal window also opens by the calendar alone, so the stage is
asked *at an instant*; it closes with the decision, or with the contract's end, past which a
customer who says nothing goes on as before. Who buys a second product is onboarded anew.
"""

from streams.engine.journey import Journey, Profile
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS

STAGES = (
    "prospect",
    "purchase",
    "onboarding",
    "active",
    "renewal_window",
    "renewed",
    "expanded",
    "churned",
)
AFTER = {
    "purchase": {"prospect", "churned"},
    "onboarding": {"prospect", "purchase", "active", "renewed", "expanded", "churned"},
    "active": {"prospect", "purchase", "onboarding"},
    "renewal_window": set(STAGES) - {"churned"},
    "renewed": set(STAGES),
    "expanded": set(STAGES),
    "churned": set(STAGES),
}
"""Which stages each may follow. What may follow all is a decision: it needs no past."""


def move(journey: Journey, stage: str, at_ms: int, came_back: bool = False) -> bool:
    """Move the customer to a stage, if it may follow; whether they moved.

    Args:
        journey: changed in place; its next touchpoint owes a snapshot.
        stage: where to.
        at_ms: event time of what moved them.
        came_back: they said so themselves: even one who had left becomes active.
    """
    profile = journey.profile
    if profile.stage == stage or at_ms < profile.stage_since_ms:
        return False
    if profile.stage not in AFTER[stage] and not (came_back and profile.stage == "churned"):
        return False
    profile.stage, profile.stage_since_ms = stage, at_ms
    journey.told_ms = 0
    return True


def stage_at(profile: Profile, at_ms: int, rules: Rules) -> tuple[str, int]:
    """The stage at an instant, and since when.

    Args:
        profile: the customer's.
        at_ms: epoch milliseconds, at or after the last move.
        rules: how long the renewal window is.
    """
    stage, since_ms, ends_ms = profile.stage, profile.stage_since_ms, profile.contract_ends_ms
    if not ends_ms:
        return stage, since_ms
    if stage == "renewal_window" and at_ms > ends_ms:
        return "active", ends_ms
    opens_ms = _opens_ms(profile, rules)
    if opens_ms <= at_ms <= ends_ms and _undecided(profile, opens_ms):
        return "renewal_window", max(since_ms, opens_ms)
    return stage, since_ms


def renewal_near(profile: Profile, at_ms: int, rules: Rules) -> bool:
    """Whether the contract ends within the window and nobody has decided yet what comes then."""
    ends_ms = profile.contract_ends_ms
    opens_ms = _opens_ms(profile, rules)
    return ends_ms > 0 and opens_ms <= at_ms <= ends_ms and not _decided(profile, opens_ms)


def _opens_ms(profile: Profile, rules: Rules) -> int:
    return profile.contract_ends_ms - int(rules.severity.renewal_d * DAY_MS)


def _decided(profile: Profile, opens_ms: int) -> bool:
    """A decision counts for this contract if it fell when the window was open."""
    if profile.stage == "churned":
        return True
    return profile.stage in ("renewed", "expanded") and profile.stage_since_ms >= opens_ms


def _undecided(profile: Profile, opens_ms: int) -> bool:
    """Only who uses the product drifts into the window; the others have further to go."""
    return profile.stage in ("active", "renewed", "expanded") and not _decided(profile, opens_ms)
