"""From alerts to candidates: offered, held, withheld, withdrawn or dropped, each by name.

Asked once after each touchpoint and each moment at which something was due, when all its alerts are
known: so that the most important of several goes first. At most one offer stands at a time. What
may not leave waits ``wait_h`` hours and leaves by itself when nothing is in the way any more.
"""

from collections.abc import Mapping

from streams.engine import severities
from streams.engine.alert import Alert
from streams.engine.heard import Heard
from streams.engine.journey import Episode
from streams.engine.judgement import Question, dedupe_key
from streams.engine.outreach import following, lots
from streams.engine.outreach.facts import FACTS, approached
from streams.engine.outreach.following import ARMS, CLASSES
from streams.engine.outreach.guard import FINAL, Block, blocks
from streams.engine.outreach.hours import Hours
from streams.engine.outreach_kept import HELD_MAX, Held, Offer, Outreach, next_due_ms
from streams.engine.rules import Rules
from streams.engine.said import Candidate, Said, Tally
from streams.engine.units import HOUR_MS


def reach_out(
    heard: Heard, said: list[Said], since: int, questions: Mapping[str, Question], rules: Rules
) -> None:
    """Draw the consequences of a touchpoint or a moment; what follows is added to ``said``.

    Args:
        heard: the touchpoint, or the moment.
        said: everything said so far; alerts from ``since`` on are new, and learn what became of
            the outreach they suggest.
        since: index of the first new one.
        questions: the detectors, by kind.
        rules: the policy's judgement calls.
    """
    journey = heard.journey
    kept = journey.outreach
    alerts = [one for one in said[since:] if isinstance(one, Alert)]
    fact = FACTS.get(heard.type)
    if kept is None:
        if fact is None and not alerts:
            return
        kept = journey.outreach = Outreach()
    if fact is not None:
        said.extend(fact(heard, kept, rules))
    if kept.followed:
        following.note(heard, kept)
        said.extend(following.close(journey, heard.now_ms, rules))
    if alerts or kept.held or kept.offer is not None:
        _Turn(heard, kept, said, questions, rules).take(alerts)
    kept.due_ms = next_due_ms(kept)


def give_up(kept: Outreach, until_ms: int) -> None:
    """What was due by then crashes us every time: forget what waits, keep what protects."""
    if 0 < kept.due_ms <= until_ms:
        kept.held, kept.offer, kept.followed, kept.due_ms = [], None, [], 0


class _Turn:
    """One customer's candidates at one moment."""

    def __init__(
        self,
        heard: Heard,
        kept: Outreach,
        said: list[Said],
        questions: Mapping[str, Question],
        rules: Rules,
    ) -> None:
        self.journey = heard.journey
        self.now_ms = heard.now_ms
        self.kept = kept
        self.said = said
        self.questions = questions
        self.rules = rules
        self.episodes = {episode.alert_id: episode for episode in heard.journey.episodes}
        self.fates: dict[str, str] = {}
        self.not_before: dict[str, int] = {}

    def take(self, alerts: list[Alert]) -> None:
        """First what the alerts change, then who may leave."""
        self._expire_offer()
        for alert in alerts:
            self._concern(alert)
        self.kept.held.sort(key=self._rank)
        for held in list(self.kept.held):
            self._try(held)
        for held in self.kept.held[HELD_MAX:]:
            self._drop(held, "displaced")
        for alert in alerts:
            alert.outreach = self.fates.get(alert.alert_id)
            alert.do_not_contact_before_ms = self.not_before.get(alert.alert_id, 0)

    def _expire_offer(self) -> None:
        offer = self.kept.offer
        if offer is not None and offer.expires_ms <= self.now_ms:
            self.kept.offer = None
            self.said.append(Tally("outreach.unanswered" if offer.sent else "outreach.expired"))

    def _concern(self, alert: Alert) -> None:
        """A new or worse alert suggests reaching out; one that is over no longer does."""
        episode = self.episodes.get(alert.alert_id)
        if alert.action == "resolve":
            self._withdraw(alert, episode)
        elif alert.action in ("trigger", "update") and episode is not None:
            rules = self.rules.outreach
            if alert.severity >= rules.severity_min and alert.kind not in rules.never:
                self._suggest(alert, episode)

    def _suggest(self, alert: Alert, episode: Episode) -> None:
        rules, kept, name = self.rules.outreach, self.kept, alert.alert_id
        hold_out = lots.is_held_out(self.journey, episode, self.now_ms, rules)
        alert.arm = ARMS[hold_out]
        if kept.offer is not None and kept.offer.alert_id == name:
            self.fates[name] = "offered"
            return
        if hold_out and any(one.alert_id == name and one.hold_out for one in kept.followed):
            self.fates[name] = "hold_out"
            return
        usual = self.questions[alert.kind].detector.action
        action = alert.suggested_action if alert.suggested_action != usual else None
        for held in kept.held:
            if held.alert_id == name:
                held.action = action
                return
        until_ms = self.now_ms + int(rules.wait_h * HOUR_MS)
        notice = alert.kind in rules.notices
        kept.held.append(Held(name, alert.kind, self.now_ms, until_ms, notice, action=action))

    def _withdraw(self, alert: Alert, episode: Episode | None) -> None:
        offer = self.kept.offer
        if offer is None or offer.alert_id != alert.alert_id or offer.sent or episode is None:
            return
        self.kept.offer = None
        held = Held(offer.alert_id, offer.kind, 0, 0, offer.notice)
        withdrawn = self._candidate("withdraw", held, episode, offer)
        withdrawn.why = alert.resolved
        self.said.append(withdrawn)

    def _rank(self, held: Held) -> tuple[bool, int, int, str]:
        """Service notices first, then by priority, then whoever has waited longest."""
        episode = self.episodes.get(held.alert_id)
        worth = self._priority(episode) if episode is not None else 0
        return (not held.notice, -worth, held.since_ms, held.alert_id)

    def _priority(self, episode: Episode) -> int:
        return severities.priority(episode.severity, self.journey.profile.acv_minor, self.rules)

    def _try(self, held: Held) -> None:
        episode = self.episodes.get(held.alert_id)
        if episode is None or episode.resolved_ms or held.kind not in self.questions:
            self._drop(held, "episode_over")
            return
        if held.expires_ms <= self.now_ms:
            self._drop(held, "waited_too_long")
            return
        found = blocks(self.journey, self.kept, held.notice, episode, self.now_ms, self.rules)
        if not found:
            self._go(held, episode)
        elif found[0].why in FINAL:
            self._drop(held, found[0].why)
        else:
            self._hold(held, found)

    def _hold(self, held: Held, found: list[Block]) -> None:
        why, ends = found[0].why, [block.until_ms for block in found]
        if why != held.why:
            self.said.append(Tally("outreach.held." + why))
        held.why, held.release_ms = why, max(ends) if all(ends) else 0
        self.fates[held.alert_id] = "held." + why
        self.not_before[held.alert_id] = max(ends)

    def _drop(self, held: Held, why: str) -> None:
        self.kept.held.remove(held)
        self.fates[held.alert_id] = "dropped." + why
        self.said.append(Tally("outreach.dropped." + why))

    def _go(self, held: Held, episode: Episode) -> None:
        """Nothing is in the way: it leaves, unless the lot says that this one is left out."""
        kept, now_ms = self.kept, self.now_ms
        kept.held.remove(held)
        family = self.questions[held.kind].family
        hold_out = lots.is_held_out(self.journey, episode, now_ms, self.rules.outreach)
        if lots.is_drawn(self.journey, episode, now_ms, self.rules.outreach):
            begun = following.begin(
                self.journey, held, episode, family, hold_out, now_ms, self.rules
            )
            self.said.extend(begun)
        if hold_out:
            self.fates[held.alert_id] = "hold_out"
            self.said.append(Tally("outreach.hold_out"))
            return
        expires_ms = now_ms + int(self.rules.outreach.offer_h * HOUR_MS)
        kept.offer = Offer(held.alert_id, held.kind, now_ms, expires_ms, held.notice)
        if not held.notice:
            approached(kept, held.alert_id, now_ms)
        self.fates[held.alert_id] = "offered"
        self.said.append(self._candidate("offer", held, episode, kept.offer))

    def _candidate(self, step: str, held: Held, episode: Episode, offer: Offer) -> Candidate:
        journey, question = self.journey, self.questions[held.kind]
        zone = journey.profile.timezone
        offsets = self.rules.zones.get(zone or "")
        quiet = Hours(self.rules.outreach, offsets).next_ms(self.now_ms) if offsets else (0, 0)
        return Candidate(
            step=step,
            alert_id=held.alert_id,
            dedupe_key=dedupe_key(journey, episode.kind, episode.object),
            customer_id=journey.customer_id,
            account_id=journey.profile.account_id,
            family=question.family,
            kind=held.kind,
            reason=episode.reason,
            outreach_class=CLASSES[held.notice],
            action=held.action or question.detector.action,
            arm=ARMS[False],
            severity=episode.severity,
            priority=self._priority(episode),
            offered_ms=offer.offered_ms,
            expires_ms=offer.expires_ms,
            timezone=zone,
            quiet_from_ms=quiet[0],
            quiet_to_ms=quiet[1],
            policy=self.rules.label,
        )
