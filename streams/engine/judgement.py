"""From finding to alert, or to silence: the life of an episode.

Rules of this file. One open episode per customer, detector and object. It is re-emitted only when
its severity changes, its reason changes without its severity falling, or its state changes: never
on recalculation. Severity moves with the customer's context and falls only by a finding that eases.
What people said of an episode (``streams.engine.people``) survives new evidence; until a snooze
ends, and for ``dismissed_d`` days after a dismissal, only a rise in severity is told. Suppression
is said with its reason, except for history (``backfill``), which raises nothing.
"""

from collections.abc import Iterable

from streams.engine import effort, moments, severities, stages
from streams.engine.alert import Alert, alert_id
from streams.engine.detector import Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Episode, Journey
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS


class Question:
    """A detector with the facts found from where it lies: family and kind."""

    __slots__ = ("detector", "family", "kind", "moved_by", "quiet_ms", "wakes")

    def __init__(self, family: str, kind: str, detector: Detector) -> None:
        self.family = family
        self.kind = kind
        self.detector = detector
        self.quiet_ms = int(detector.quiet_d * DAY_MS) if detector.quiet_d is not None else 0
        own = ("moment",) if family == moments.FAMILY else ()
        self.moved_by = tuple(name for name in detector.moved_by if name not in own)
        self.wakes = type(detector).wake_at_ms is not Detector.wake_at_ms


def find(heard: Heard, question: Question, finding: Finding, rules: Rules) -> Alert | None:
    """Open, reopen or update the episode a finding belongs to; the alert to publish, or None."""
    journey, at_ms = heard.journey, heard.at_ms
    severity = severities.in_context(finding.severity, journey, at_ms, rules, question.moved_by)
    episode = journey.episode(question.kind, finding.object)
    if episode is None or (episode.resolved_ms and is_history(episode, at_ms, rules)):
        if episode is not None:
            journey.episodes.remove(episode)
        episode = _open(heard, question, finding, severity, rules)
        action = "trigger"
    elif episode.resolved_ms:
        if episode.state == "dismissed" and not _rises(episode, finding, severity):
            return None
        _reopen(episode, finding, severity, at_ms)
        action = "trigger"
    elif not _changes(episode, finding, severity):
        _extend(journey, episode, question, at_ms)
        return None
    else:
        asleep = episode.state == "snoozed" and not _rises(episode, finding, severity)
        episode.base_severity = finding.severity
        episode.severity = severity
        episode.reason = finding.reason
        _extend(journey, episode, question, at_ms)
        if asleep:
            return None
        episode.revision += 1
        episode.changed_ms = at_ms
        if episode.state == "snoozed":
            episode.state = "open"
        action = "update"
    _extend(journey, episode, question, at_ms)
    return _published(heard, question, episode, finding, action, rules)


def _open(
    heard: Heard, question: Question, finding: Finding, severity: int, rules: Rules
) -> Episode:
    journey = heard.journey
    key = dedupe_key(journey, question.kind, finding.object)
    # Not the oldest evidence: a later episode may rest on the same, and is another alert.
    shown_by = heard.mark.event_id if heard.mark is not None else ""
    episode = Episode(
        question.kind,
        finding.object,
        alert_id(key, shown_by, heard.at_ms),
        "open",
        severity,
        finding.severity,
        finding.reason,
        heard.at_ms,
        heard.at_ms,
    )
    episode.issue = finding.issue
    episode.cause = finding.cause
    journey.episodes.append(episode)
    if len(journey.episodes) > rules.limits.episodes_max:
        _forget(journey)
    return episode


def _forget(journey: Journey) -> None:
    resolved = [e for e in journey.episodes[:-1] if e.resolved_ms]
    victims = resolved or journey.episodes[:-1]
    journey.episodes.remove(min(victims, key=lambda e: (e.severity, e.changed_ms)))
    journey.forgotten += 1


def _reopen(episode: Episode, finding: Finding, severity: int, at_ms: int) -> None:
    episode.resolved_ms = 0
    episode.state = "reopened"
    episode.revision += 1
    episode.changed_ms = at_ms
    episode.severity = severity
    episode.base_severity = finding.severity
    episode.reason = finding.reason
    episode.suppressed = None


def _changes(episode: Episode, finding: Finding, severity: int) -> bool:
    if finding.eases:
        return severity < episode.severity
    if finding.severity > episode.base_severity and severity > episode.severity:
        return True
    return (
        finding.reason != episode.reason
        and finding.severity >= episode.base_severity
        and severity >= episode.severity
    )


def _rises(episode: Episode, finding: Finding, severity: int) -> bool:
    """Whether it is worse by its own account, and more severe than what people put off."""
    known = max(episode.severity, episode.put_off_severity)
    return finding.severity > episode.base_severity and severity > known


def is_history(episode: Episode, at_ms: int, rules: Rules) -> bool:
    """Whether what is found now is another episode: this one was over for so many days."""
    dismissed = episode.state == "dismissed"
    days = rules.severity.dismissed_d if dismissed else rules.severity.reopen_d
    return at_ms - episode.resolved_ms > days * DAY_MS


def _extend(journey: Journey, episode: Episode, question: Question, at_ms: int) -> None:
    if question.family == moments.FAMILY:
        moments.seen(journey, episode, at_ms)
    if question.quiet_ms:
        episode.quiet_due_ms = max(episode.quiet_due_ms, at_ms + question.quiet_ms)


def _published(
    heard: Heard, question: Question, episode: Episode, finding: Finding, action: str, rules: Rules
) -> Alert | None:
    reason = _suppression(heard, episode.cause or question.detector.cause, rules)
    if reason is None and episode.suppressed is not None:
        action = "trigger"
    episode.suppressed = reason
    if reason == "backfill":
        return None
    if reason is not None:
        action = "suppress"
    alert = alert_of(heard, question, episode, action, rules)
    alert.text = finding.text
    if reason == "inhibited_by":
        alert.incident = heard.journey.profile.incidents[-1]
        alert.text += f" (explained by incident {alert.incident})"
    alert.number, alert.threshold = finding.number, finding.threshold
    alert.evidence = heard.journey.evidence(finding.marks)
    alert.suggested_action = finding.action or question.detector.action
    alert.suppressed = reason
    return alert


def _suppression(heard: Heard, cause: str, rules: Rules) -> str | None:
    journey = heard.journey
    if not heard.live:
        return "backfill"
    if cause == "product_quality" and journey.profile.incidents:
        return "inhibited_by"
    day = heard.now_ms // DAY_MS
    if journey.alerts_day != day:
        journey.alerts_day, journey.alerts_today = day, 0
    if journey.alerts_today >= rules.limits.alerts_per_day_max:
        return "cap"
    journey.alerts_today += 1
    return None


def clear(heard: Heard, question: Question, answer: Clear, rules: Rules) -> Iterable[Alert]:
    """Resolve what a detector takes back: one object, or all of its open episodes."""
    for episode in heard.journey.episodes:
        if (
            episode.kind == question.kind
            and not episode.resolved_ms
            and (answer.object is None or episode.object == answer.object)
        ):
            alert = resolve(heard, question, episode, answer.reason, rules)
            if alert is not None:
                yield alert


def resolve(
    heard: Heard, question: Question, episode: Episode, reason: str, rules: Rules
) -> Alert | None:
    """End an episode; the alert says why. Nothing is said of one that never was said."""
    episode.resolved_ms = heard.at_ms
    episode.state = "resolved"
    episode.revision += 1
    episode.changed_ms = heard.at_ms
    episode.quiet_due_ms = 0
    if question.family == moments.FAMILY:
        moments.closed(heard.journey, episode, heard.at_ms)
    if episode.suppressed == "backfill":
        return None
    alert = alert_of(heard, question, episode, "resolve", rules)
    alert.resolved = reason
    alert.text = f"resolved: {reason.replace('_', ' ')}"
    alert.evidence = [heard.mark] if heard.mark is not None else []
    return alert


def dedupe_key(journey: Journey, kind: str, object_id: str) -> str:
    """Customer, detector and object: there is one open episode per such key."""
    return f"{journey.customer_id}:{kind}:{object_id}"


def alert_of(
    heard: Heard, question: Question, episode: Episode, action: str, rules: Rules
) -> Alert:
    """The alert of an episode as it stands, still without words, number and evidence."""
    journey, profile = heard.journey, heard.journey.profile
    now_ms = max(heard.now_ms, heard.at_ms)
    points = effort.effort_at(journey.effort, now_ms)
    cause = episode.cause or question.detector.cause
    return Alert(
        alert_id=episode.alert_id,
        dedupe_key=dedupe_key(journey, question.kind, episode.object),
        family=question.family,
        kind=question.kind,
        action=action,
        revision=episode.revision,
        state="suppressed" if action == "suppress" else episode.state,
        severity=episode.severity,
        base_severity=episode.base_severity,
        priority=severities.priority(episode.severity, profile.acv_minor, rules),
        customer_id=journey.customer_id,
        account_id=profile.account_id,
        stage=stages.stage_at(profile, now_ms, rules)[0],
        object=episode.object,
        reason=episode.reason,
        text="",
        number=0.0,
        threshold=0.0,
        jei=effort.index(points, rules.effort),
        parts=effort.parts_at(journey.effort, now_ms),
        evidence=[],
        cause=cause,
        owner_team=rules.owner(question.kind, cause),
        suggested_action=question.detector.action,
        revenue_at_risk_minor=severities.at_risk(episode.severity, journey, now_ms, rules),
        currency=profile.currency,
        policy=rules.label,
        late=heard.late,
        opened_ms=episode.opened_ms,
        at_ms=heard.at_ms,
    )
