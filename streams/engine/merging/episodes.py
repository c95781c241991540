"""Open episodes of two customers who are one: one survivor per detector and object.

The older one survives and keeps its ``alert_id``; the other is resolved with the reason ``merged``,
which names the survivor, under the id it was said of. Every open episode that comes over is said
once more, as an update: from now on it is this customer's. What was resolved is not said again.
"""

from collections.abc import Mapping

from streams.engine import judgement
from streams.engine.alert import Alert
from streams.engine.heard import Heard
from streams.engine.journey import Episode, Journey
from streams.engine.judgement import Question

REASON = "merged"
_PEOPLE = ("state", "snoozed_until_ms", "word_ms", "put_off_severity", "useful")


def merge(moment: Heard, theirs: Journey, questions: Mapping[str, Question]) -> list[Alert]:
    """Take their episodes over.

    Args:
        moment: of the journey that stays.
        theirs: the journey that joins it.
        questions: the detectors, by kind.

    Returns:
        What is to be said, in a fixed order.
    """
    mine, alerts = moment.journey, []
    moved: list[Episode] = []
    for other in sorted(theirs.episodes, key=lambda one: (one.opened_ms, one.kind, one.object)):
        one = mine.episode(other.kind, other.object)
        if one is None:
            mine.episodes.append(other)
            if not other.resolved_ms:
                moved.append(other)
            continue
        survivor, loser = _ranked(one, other)
        if survivor is other:
            mine.episodes[mine.episodes.index(one)] = other
        if survivor.resolved_ms or loser.resolved_ms:
            if survivor is other and not other.resolved_ms:
                moved.append(other)
            continue
        _inherit(survivor, loser)
        of = theirs.customer_id if loser is other else mine.customer_id
        alerts += _ended(moment, questions, loser, survivor, of)
        moved.append(survivor)
    mine.episodes.sort(key=lambda one: (one.opened_ms, one.kind, one.object))
    for episode in moved:
        alerts += _taken_over(moment, questions, episode, theirs.customer_id)
    _fit(mine, moment.rules.limits.episodes_max)
    return alerts if moment.live else []


def _ranked(one: Episode, other: Episode) -> tuple[Episode, Episode]:
    """(who survives, who does not): open before resolved, of two open ones the older."""
    if bool(one.resolved_ms) != bool(other.resolved_ms):
        return (other, one) if one.resolved_ms else (one, other)
    if one.resolved_ms:
        return (one, other) if one.resolved_ms >= other.resolved_ms else (other, one)
    older = (one.opened_ms, one.alert_id) <= (other.opened_ms, other.alert_id)
    return (one, other) if older else (other, one)


def _inherit(survivor: Episode, loser: Episode) -> None:
    """What the other knew of the same thing: how bad it is, and how long it is to be watched."""
    if loser.severity > survivor.severity:
        survivor.severity, survivor.reason = loser.severity, loser.reason
        survivor.base_severity = loser.base_severity
    survivor.quiet_due_ms = max(survivor.quiet_due_ms, loser.quiet_due_ms)
    if loser.word_ms > survivor.word_ms:
        for name in _PEOPLE:
            setattr(survivor, name, getattr(loser, name))


def _ended(
    moment: Heard,
    questions: Mapping[str, Question],
    loser: Episode,
    survivor: Episode,
    customer_id: str,
) -> list[Alert]:
    question = questions.get(loser.kind)
    loser.quiet_due_ms = 0
    if question is None:
        return []
    alert = judgement.resolve(moment, question, loser, REASON, moment.rules)
    if alert is None:
        return []
    alert.dedupe_key = f"{customer_id}:{loser.kind}:{loser.object}"
    alert.text = f"the same as alert {survivor.alert_id}, of the customer this one turned out to be"
    return [alert]


def _taken_over(
    moment: Heard, questions: Mapping[str, Question], episode: Episode, from_id: str
) -> list[Alert]:
    question = questions.get(episode.kind)
    if question is None or episode.suppressed is not None:
        return []
    episode.revision += 1
    alert = judgement.alert_of(moment, question, episode, "update", moment.rules)
    alert.text = "said of another id of this customer before; it is known under this one now"
    return [alert]


def _fit(journey: Journey, most: int) -> None:
    """Too many: the resolved first, then the least severe and the longest unchanged; counted."""
    while len(journey.episodes) > most:
        victims = [one for one in journey.episodes if one.resolved_ms] or journey.episodes
        journey.episodes.remove(min(victims, key=lambda one: (one.severity, one.changed_ms)))
        journey.forgotten += 1
