"""May this customer be reached out to now? If not: why, and until when?

Fails closed: what is not known (a time zone, a consent) is not allowed. A service notice tells the
customer what they need to know: it neither uses up the cap nor waits for a cool-down.
"""

from typing import NamedTuple

from streams.engine import consent
from streams.engine.journey import Episode, Journey
from streams.engine.outreach.hours import Hours
from streams.engine.outreach_kept import Outreach
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS, HOUR_MS

FINAL = frozenset({"no_consent", "blocked"})
"""Reasons for which a candidate is dropped at once; all others hold it."""


class Block(NamedTuple):
    """A reason not to. ``until_ms`` is when it ends by itself, later than now; 0: nobody knows."""

    why: str
    until_ms: int = 0


def blocks(
    journey: Journey, kept: Outreach, notice: bool, episode: Episode, now_ms: int, rules: Rules
) -> list[Block]:
    """Every reason not to reach out now, the weightiest first; none: go ahead.

    Args:
        journey: the customer's.
        kept: what is kept of outreach to them.
        notice: whether it is a service notice.
        episode: the alert's.
        now_ms: the customer's latest event time.
        rules: the policy's judgement calls.
    """
    ours = rules.outreach
    found: list[Block] = []
    purpose = ours.notice_consent if notice else ours.persuasion_consent
    if purpose and not consent.allows(journey, purpose, now_ms):
        found.append(Block("no_consent"))
    if not notice:
        found += _persuaded_enough(kept, now_ms, rules)
    if now_ms <= journey.backfilled_ms:
        found.append(Block("backfill", journey.backfilled_ms + 1))
    if episode.state == "snoozed":
        found.append(Block("snoozed", episode.snoozed_until_ms))
    if kept.offer is not None:
        found.append(Block("another_open", kept.offer.expires_ms))
    live_ms = max(kept.live.values(), default=0) + int(ours.live_h * HOUR_MS)
    if kept.live and live_ms > now_ms:
        found.append(Block("live_contact", live_ms))
    return found + _quiet(journey, now_ms, rules)


def _persuaded_enough(kept: Outreach, now_ms: int, rules: Rules) -> list[Block]:
    cap, window_ms = rules.outreach.cap, int(rules.outreach.cap_d * DAY_MS)
    if cap == 0:
        return [Block("blocked")]
    found = []
    if kept.cool_until_ms > now_ms:
        found.append(Block("cool_down", kept.cool_until_ms))
    if cap != "none":
        recent = sorted(a.at_ms for a in kept.approaches if a.at_ms > now_ms - window_ms)
        if len(recent) >= cap:
            found.append(Block("cap", recent[-cap] + window_ms))
    return found


def _quiet(journey: Journey, now_ms: int, rules: Rules) -> list[Block]:
    offsets = rules.zones.get(journey.profile.timezone or "")
    if offsets is None:
        return [Block("no_timezone")]
    until_ms = Hours(rules.outreach, offsets).until_ms(now_ms)
    return [Block("quiet_hours", until_ms)] if until_ms else []
