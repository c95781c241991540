"""Who is left out of outreach, so that its effect can be told from what would have happened anyway.

A lot is a hash of customer, detector and epoch: nobody chooses it, a replay draws the same, and
neither another detector nor the next epoch is bound to it. Never left out are alerts of severity 5
and customers who complained to a regulator lately.
"""

from xxhash import xxh3_64_intdigest

from streams.engine.journey import Episode, Journey
from streams.engine.outreach_rules import OutreachRules
from streams.engine.units import DAY_MS

NEVER_FROM_SEVERITY = 5


def is_drawn(journey: Journey, episode: Episode, now_ms: int, rules: OutreachRules) -> bool:
    """Whether this episode takes part in the comparison at all.

    Args:
        journey: the customer's.
        episode: the alert's.
        now_ms: the customer's latest event time.
        rules: the policy's.
    """
    kept = journey.outreach
    complained_ms = kept.regulatory_ms if kept is not None else 0
    lately = complained_ms and now_ms - complained_ms <= rules.regulatory_d * DAY_MS
    return episode.severity < NEVER_FROM_SEVERITY and not lately


def is_held_out(journey: Journey, episode: Episode, now_ms: int, rules: OutreachRules) -> bool:
    """Whether the customer is left out for this episode; same in a replay."""
    if not is_drawn(journey, episode, now_ms, rules):
        return False
    epoch = int(episode.opened_ms // (rules.epoch_d * DAY_MS))
    return lot(journey.customer_id, episode.kind, epoch) < rules.hold_out


def lot(customer_id: str, kind: str, epoch: int) -> float:
    """A number from 0 to 1, evenly spread (XXH3, 64 bits), for a customer, detector and epoch."""
    return xxh3_64_intdigest(f"{customer_id}\0{kind}\0{epoch}") / 2.0**64
