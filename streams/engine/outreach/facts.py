"""What touchpoints say about reaching out: contacts going on, answers to outreach, complaints."""

from collections.abc import Callable, Iterator

from streams.engine.heard import Heard
from streams.engine.judgement import dedupe_key
from streams.engine.outreach_kept import APPROACHES_MAX, LIVE_MAX, Approach, Offer, Outreach
from streams.engine.rules import Rules
from streams.engine.said import Said, Tally
from streams.engine.units import DAY_MS, HOUR_MS

WRITTEN = frozenset({"email", "post", "portal", "web", "app", "messaging", "social"})
"""Channels in which nobody waits at the other end; where none is told, somebody may."""
WRITTEN_MEDIA = frozenset({"async_text", "paper"})


def _lives(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    """A contact goes on; one that has ended before, or long ago, does not."""
    told, journey = heard.touchpoint, heard.journey
    if told.contact_id is None or getattr(told, "medium", None) in WRITTEN_MEDIA:
        return
    contact = journey.contact(told.contact_id)
    if contact is not None and (contact.ended_ms or contact.channel in WRITTEN):
        return
    horizon_ms = heard.now_ms - int(rules.outreach.live_h * HOUR_MS)
    live = {name: ms for name, ms in kept.live.items() if ms > horizon_ms}
    if heard.at_ms > horizon_ms and told.channel not in WRITTEN:
        live[told.contact_id] = max(live.get(told.contact_id, 0), heard.at_ms)
    while len(live) > LIVE_MAX:
        del live[min(live, key=lambda name: (live[name], name))]
    kept.live = live
    yield from ()


def _over(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    kept.live.pop(heard.touchpoint.contact_id, None)
    yield from ()


def _menu_left(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    """Whoever hung up in the menu, or was served there, is not on the phone any more."""
    left = heard.touchpoint.exit in ("hangup", "self_served")
    yield from (_over if left else _lives)(heard, kept, rules)


def _complained(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    if heard.touchpoint.regulatory:
        kept.regulatory_ms = max(kept.regulatory_ms, heard.at_ms)
    yield from ()


def _sent(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    """Sent: an offer taken up; or somebody reached out unasked, which counts against the cap."""
    offer = _meant(heard, kept)
    if offer is not None:
        offer.sent = True
        if offer.notice:
            kept.offer = None  # nothing is asked, so no answer is waited for
        return
    name = heard.touchpoint.alert_id or ""
    kept.held = [held for held in kept.held if held.alert_id != name]
    if not any(known.alert_id == name for known in kept.approaches):
        approached(kept, name, heard.at_ms)
        yield Tally("outreach.sent_unasked")


def _responded(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    if heard.touchpoint.reason_code in rules.outreach.bad_answers:
        yield from _declined(heard, kept, rules)
        return
    yield from _answered(heard, kept, "responded")


def _declined(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    """A bad answer, to whatever outreach: no persuasion for a while."""
    until_ms = heard.at_ms + int(rules.outreach.cool_down_d * DAY_MS)
    kept.cool_until_ms = max(kept.cool_until_ms, until_ms)
    yield from _answered(heard, kept, "declined")


def _suppressed(heard: Heard, kept: Outreach, rules: Rules) -> Iterator[Said]:
    """The outreach service did not do it: what was not sent is not counted against the cap."""
    offer = _meant(heard, kept)
    if offer is not None and not offer.sent:
        ours = Approach(offer.alert_id, offer.offered_ms)
        kept.approaches = [known for known in kept.approaches if known != ours]
    yield from _answered(heard, kept, "suppressed")


def _answered(heard: Heard, kept: Outreach, name: str) -> Iterator[Said]:
    if _meant(heard, kept) is not None:
        kept.offer = None
    yield Tally("outreach." + name)


def _meant(heard: Heard, kept: Outreach) -> Offer | None:
    """The open offer, if the touchpoint names its alert."""
    offer, told = kept.offer, heard.touchpoint
    if offer is None:
        return None
    if told.alert_id is not None:
        return offer if told.alert_id == offer.alert_id else None
    for episode in heard.journey.episodes:
        if episode.alert_id == offer.alert_id:
            key = dedupe_key(heard.journey, episode.kind, episode.object)
            return offer if told.dedupe_key == key else None
    return None


def approached(kept: Outreach, alert_id: str, at_ms: int) -> None:
    """Note one more outreach, the oldest forgotten first."""
    kept.approaches.append(Approach(alert_id, at_ms))
    kept.approaches.sort(key=lambda a: (a.at_ms, a.alert_id))
    del kept.approaches[:-APPROACHES_MAX]


Fact = Callable[[Heard, Outreach, Rules], Iterator[Said]]

FACTS: dict[str, Fact] = {
    "contact.started": _lives,
    "contact.queued": _lives,
    "contact.answered": _lives,
    "contact.hold": _lives,
    "contact.info_requested": _lives,
    "contact.transferred": _lives,
    "contact.escalated": _lives,
    "contact.ended": _over,
    "contact.abandoned": _over,
    "ivr.segment_ended": _menu_left,
    "complaint.filed": _complained,
    "outreach.sent": _sent,
    "outreach.delivered": _sent,
    "outreach.responded": _responded,
    "outreach.declined": _declined,
    "outreach.suppressed": _suppressed,
}
"""By type of touchpoint, what it says about reaching out."""
