"""What people say of an alert, and what it does to the episode.

Rules of this file. The latest word by its own time counts, whatever the order of arrival. What
changes nothing is not said again, but counted by name. ``wrong`` and ``dismiss`` also hold of an
episode that is already over: they keep it from coming back for ``dismissed_d`` days. A snooze ends
by itself: without ``until`` after ``snooze_d`` days, and what still holds then is told once more.
"""

from collections.abc import Iterator, Mapping

from streams.engine import judgement
from streams.engine.alert import Alert
from streams.engine.heard import Heard
from streams.engine.journey import Episode
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.engine.said import Said, Tally
from streams.engine.units import DAY_MS

Answer = Alert | str
"""The alert that says what people did; or the name under which a word without effect is counted."""


def hear(heard: Heard, questions: Mapping[str, Question], rules: Rules) -> Iterator[Said]:
    """What people did about an alert, by its id or else by its dedupe key.

    Args:
        heard: an ``alert.…`` touchpoint.
        questions: the detectors, by kind.
        rules: the policy's judgement calls.

    Yields:
        The alert to publish, and what is to be counted.
    """
    wanted_id, wanted_key = heard.touchpoint.alert_id, heard.touchpoint.dedupe_key
    for episode in heard.journey.episodes:
        key = judgement.dedupe_key(heard.journey, episode.kind, episode.object)
        if episode.alert_id == wanted_id or (wanted_id is None and key == wanted_key):
            break
    else:
        yield Tally("feedback.unknown_alert")
        return
    question = questions.get(episode.kind)
    if question is None:
        yield Tally("feedback.detector_off")
        return
    useful = episode.useful
    answer = take(heard, question, episode, rules)
    if isinstance(answer, str):
        yield Tally("feedback." + answer)
    elif heard.live:  # history is remembered, and said to nobody
        yield answer
    if episode.useful != useful:
        word = "useful" if episode.useful else "wrong"
        yield Tally("feedback." + word)
        yield Tally(f"judged.{episode.kind}.{word}")


def take(heard: Heard, question: Question, episode: Episode, rules: Rules) -> Answer:
    """What people did about an episode.

    Args:
        heard: an ``alert.…`` touchpoint that names the episode.
        question: the detector whose episode it is.
        episode: changed in place.
        rules: the policy's judgement calls.

    Returns:
        The alert to publish; or why there is none: ``overtaken`` (a later word is known),
        ``after_end``, ``repeated``, ``no_time_left`` (a snooze that is over), ``no_opinion``.
    """
    verb = _verb(heard)
    if verb is None:
        return "no_opinion"
    if heard.at_ms < episode.word_ms:
        return "overtaken"
    if verb in ("dismissed", "wrong"):
        return _put_aside(heard, question, episode, verb, rules)
    if verb == "useful":
        return _useful(heard, question, episode, rules)
    if episode.resolved_ms:
        return "after_end"
    if verb == "resolved":
        return _ended(heard, question, episode, "resolved_by_people", rules) or "not_said"
    if verb == "snoozed":
        return _snoozed(heard, question, episode, rules)
    if episode.state == "acknowledged":
        return "repeated"
    episode.state = "acknowledged"
    return _noted(heard, question, episode, rules)


def _verb(heard: Heard) -> str | None:
    verb = heard.type.removeprefix("alert.")
    if verb != "feedback":
        return verb
    return {True: "useful", False: "wrong", None: None}[heard.touchpoint.useful]


def _put_aside(
    heard: Heard, question: Question, episode: Episode, verb: str, rules: Rules
) -> Answer:
    """Dismissed, or wrong from the start: over, and not to come back unless worse."""
    useful = False if verb == "wrong" else episode.useful
    if episode.state == "dismissed" and useful == episode.useful:
        return "repeated"
    ended_ms = episode.resolved_ms
    episode.put_off_severity, episode.useful = episode.severity, useful
    reason = "wrong" if verb == "wrong" else "dismissed_by_people"
    alert = _ended(heard, question, episode, reason, rules)
    episode.state = "dismissed"
    episode.resolved_ms = max(ended_ms, heard.at_ms)
    return alert or "not_said"


def _useful(heard: Heard, question: Question, episode: Episode, rules: Rules) -> Answer:
    """It was right to say it: somebody has looked at it, too."""
    if episode.useful:
        return "repeated"
    episode.useful = True
    if not episode.resolved_ms and episode.state in ("open", "reopened"):
        episode.state = "acknowledged"
    return _noted(heard, question, episode, rules)


def _snoozed(heard: Heard, question: Question, episode: Episode, rules: Rules) -> Answer:
    until_ms = heard.touchpoint.until or heard.at_ms + int(rules.severity.snooze_d * DAY_MS)
    if until_ms <= heard.now_ms:
        return "no_time_left"
    if episode.state == "snoozed" and episode.snoozed_until_ms == until_ms:
        return "repeated"
    episode.state, episode.snoozed_until_ms = "snoozed", until_ms
    episode.put_off_severity = episode.severity
    return _noted(heard, question, episode, rules)


def _ended(
    heard: Heard, question: Question, episode: Episode, reason: str, rules: Rules
) -> Alert | None:
    episode.word_ms = heard.at_ms
    alert = judgement.resolve(heard, question, episode, reason, rules)
    return None if alert is None else _signed(heard, episode, alert)


def _noted(heard: Heard, question: Question, episode: Episode, rules: Rules) -> Alert:
    episode.word_ms = heard.at_ms
    episode.revision += 1
    episode.changed_ms = heard.at_ms
    alert = judgement.alert_of(heard, question, episode, "acknowledge", rules)
    word = "found useful" if heard.type == "alert.feedback" else episode.state
    alert.text = f"{word} by {heard.touchpoint.by or 'unknown'}"
    alert.evidence = [heard.mark] if heard.mark is not None else []
    return _signed(heard, episode, alert)


def _signed(heard: Heard, episode: Episode, alert: Alert) -> Alert:
    alert.by = heard.touchpoint.by
    alert.useful = episode.useful
    return alert


def snoozes_over(heard: Heard, questions: Mapping[str, Question], rules: Rules) -> Iterator[Alert]:
    """Every snooze that has come to its end at this moment."""
    for episode in heard.journey.episodes:
        if episode.state == "snoozed" and 0 < episode.snoozed_until_ms <= heard.at_ms:
            question = questions.get(episode.kind)
            alert = _snooze_over(heard, question, episode, rules)
            if alert is not None:
                yield alert


def _snooze_over(
    heard: Heard, question: Question | None, episode: Episode, rules: Rules
) -> Alert | None:
    """What still holds when a snooze ends is told once more."""
    episode.state, episode.snoozed_until_ms = "open", 0
    episode.revision += 1
    episode.changed_ms = heard.at_ms
    if question is None or episode.suppressed == "backfill" or not heard.live:
        return None
    alert = judgement.alert_of(heard, question, episode, "update", rules)
    alert.text = f"the snooze is over, and it still holds: {episode.reason.replace('_', ' ')}"
    return alert
