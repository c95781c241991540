"""A customer's public snapshot: what it says, when it is published anew, and its bytes.

It lies on ``journeys.v1`` (compacted) under the customer's id, as ``schemas.snapshots`` promises.
It is stamped with the customer's own event time: all they had lived through by then is in it, and
nothing else. When it is published follows from the customer's touchpoints alone, never from batches
or the wall clock, so that a replay publishes the same: at once with an alert, with a touchpoint of
the types in ``upon`` (an agent who answers gets the whole journey, S1-21) and with a new stage;
else with the first touchpoint ``every_s`` after the last one. So what the topic holds of a customer
may lack touchpoints of up to ``every_s``, of which none raised an alert. History (``origin`` not
live) publishes none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from streams.engine import effort, moments, stages
from streams.engine.alert import Alert
from streams.engine.health import health
from streams.engine.journey import Episode, Issue, Journey, Promise
from streams.engine.judgement import Question
from streams.engine.long_run import Moment, Ratings
from streams.engine.outcome import Outcome
from streams.engine.record import Send
from streams.engine.rules import Rules
from streams.engine.scores import Scores, scores
from streams.wire import ending
from streams.wire.alert import instant

TOPIC = "journeys.v1"
_encoder = msgspec.json.Encoder()


class Snapshots:
    """Publishes the customers' snapshots under one policy.

    Args:
        rules: the policy's.
        questions: the detectors, for the cause class of what they find.
    """

    def __init__(self, rules: Rules, questions: Iterable[Question]) -> None:
        self.rules = rules
        self.causes = causes_of(questions)
        self._enabled = rules.snapshots.enabled
        self._every_ms = int(rules.snapshots.every_s * 1000)
        self._upon = frozenset(rules.snapshots.upon)

    def after(
        self,
        key: bytes,
        journey: Journey,
        touchpoint: Any,
        said: Sequence[Any],
        timestamp_ms: int,
        outcome: Outcome,
    ) -> None:
        """After a touchpoint or a timer: publish what is owed.

        Args:
            key: the customer's.
            journey: as it is now; it remembers when it was told last.
            touchpoint: just taken in; None after a timer.
            said: by the engine.
            timestamp_ms: of the record that caused it.
            outcome: its sends and counts grow.
        """
        if touchpoint is not None and touchpoint.type in ending.TYPES:
            outcome.sends.append(ending.send(journey, touchpoint, self.rules, timestamp_ms))
            outcome.count("journey_outcome")
        if not self._enabled or not self._owed(journey, touchpoint, said):
            return
        journey.told_ms = journey.clock_ms
        told = snapshot(journey, journey.clock_ms, self.rules, self.causes)
        outcome.sends.append(Send(TOPIC, key, _encoder.encode(told), (), timestamp_ms))
        outcome.count("snapshot")

    def _owed(self, journey: Journey, touchpoint: Any, said: Sequence[Any]) -> bool:
        if touchpoint is not None:
            if touchpoint.origin != "live":
                return False
            told_ms = journey.told_ms
            if not told_ms or journey.clock_ms - told_ms >= self._every_ms:
                return True
            if touchpoint.type in self._upon:
                return True
        return bool(said) and any(one.__class__ is Alert for one in said)


def tombstone(key: bytes, timestamp_ms: int) -> Send:
    """The record that takes a customer's snapshot away: they were forgotten, or became another."""
    return Send(TOPIC, key, None, (), timestamp_ms)


def causes_of(questions: Iterable[Question]) -> dict[str, str]:
    """Cause class by kind of alert."""
    return {question.kind: question.detector.cause for question in questions}


def snapshot(
    journey: Journey, as_of_ms: int, rules: Rules, causes: Mapping[str, str]
) -> dict[str, Any]:
    """What is publicly kept of one customer, as the flat JSON object of the contract.

    Args:
        journey: the customer's.
        as_of_ms: event time up to which everything heard is in it, epoch milliseconds.
        rules: the policy's judgement calls.
        causes: cause class by kind of alert, for the health of domains.
    """
    parts = effort.parts_at(journey.effort, as_of_ms) if journey.effort.parts else {}
    profile = journey.profile
    stage, since_ms = stages.stage_at(profile, as_of_ms, rules)
    open_ = [one for one in journey.episodes if not one.resolved_ms]
    # One literal: this is made for every other touchpoint, and most customers have little in it.
    return {
        "customer_id": journey.customer_id,
        "account_id": profile.account_id,
        "as_of": instant(as_of_ms),
        "stage": stage,
        "stage_since": instant(since_ms) if since_ms else None,
        "advocate": profile.advocate,
        "segment": profile.segment,
        "tier": profile.tier,
        "jei": {
            "value": round(effort.index(sum(parts.values()), rules.effort), 1),
            "parts": {name: round(points, 2) for name, points in parts.items() if points >= 0.01},
        },
        "scores": {
            name: round(value, 1)
            for name, value in zip(Scores._fields, scores(journey, as_of_ms, rules), strict=True)
            if value is not None
        },
        "health": _health(journey, causes, rules) if open_ else {},
        "ratings": [_rating(kind, all_) for kind, all_ in journey.ratings.items()],
        "issues": [_issue(issue) for issue in journey.issues if not issue.resolved_ms],
        "promises": [_promise(one) for one in journey.promises if not one.broken_ms],
        "moments": [_moment(moment) for moment in journey.moments],
        "episodes": [_episode(one) for one in open_],
        "policy_version": rules.label,
    }


def _health(journey: Journey, causes: Mapping[str, str], rules: Rules) -> dict[str, float]:
    return {name: round(value, 1) for name, value in health(journey, causes, rules).items()}


def _rating(kind: str, all_: Ratings) -> dict[str, Any]:
    last = all_.last[-1]
    told: dict[str, Any] = {
        "kind": kind,
        "value": last.value / 10.0,
        "occurred_at": instant(last.at_ms),
        "n": all_.n,
    }
    if last.own is not None:
        told["from_own_mean"] = last.own / 10.0
    if last.segment is not None:
        told["from_segment_mean"] = last.segment / 10.0
    return told


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "issue_key": issue.key,
        "first_seen_at": instant(issue.first_ms),
        "last_seen_at": instant(issue.last_ms),
        "contacts": issue.chain,
        "transfers": len(issue.transfer_times),
        "channels": [issue.channel] if issue.channel else [],
    }


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "promise_id": promise.promise_id,
        "kind": promise.kind,
        "due_at": instant(promise.due_ms),
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "moment": moments.kind(moment),
        "occurred_at": instant(moment.at_ms),
        "standard_met": moments.standard_met(moment),
    }


def _episode(episode: Episode) -> dict[str, Any]:
    return {
        "alert_id": episode.alert_id,
        "kind": episode.kind,
        "object_id": episode.object or None,
        "severity": episode.severity,
        "state": episode.state,
        "opened_at": instant(episode.opened_ms),
    }
