"""A journey as the public snapshot that ``schemas.snapshots`` promises."""

from typing import Any

from streams.engine import effort
from streams.engine.journey import Journey
from streams.engine.rules import Rules
from streams.wire.alert import instant


def snapshot(journey: Journey, as_of_ms: int, rules: Rules) -> dict[str, Any]:
    """What is publicly kept of one customer, as the flat JSON object of the contract.

    Args:
        journey: the customer's.
        as_of_ms: event time up to which everything heard is in it, epoch milliseconds.
        rules: the policy's judgement calls, for the scale of the index.
    """
    parts = effort.parts_at(journey.effort, as_of_ms)
    profile = journey.profile
    return {
        "customer_id": journey.customer_id,
        "as_of": instant(as_of_ms),
        "stage": profile.stage,
        "stage_since": instant(profile.stage_since_ms) if profile.stage_since_ms else None,
        "segment": profile.segment,
        "tier": profile.tier,
        "jei": {
            "value": round(effort.index(sum(parts.values()), rules.effort), 1),
            "parts": {name: round(points, 2) for name, points in parts.items() if points >= 0.01},
        },
        "issues": _issues(journey),
        "promises": _promises(journey),
        "episodes": _episodes(journey),
        "policy_version": rules.label,
    }


def _issues(journey: Journey) -> list[dict[str, Any]]:
    return [
        {
            "issue_key": issue.key,
            "first_seen_at": instant(issue.first_ms),
            "last_seen_at": instant(issue.last_ms),
            "contacts": issue.chain,
            "transfers": len(issue.transfer_times),
            "channels": [issue.channel] if issue.channel else [],
        }
        for issue in journey.issues
        if not issue.resolved_ms
    ]


def _promises(journey: Journey) -> list[dict[str, Any]]:
    return [
        {
            "promise_id": promise.promise_id,
            "kind": promise.kind,
            "due_at": instant(promise.due_ms),
        }
        for promise in journey.promises
        if not promise.broken_ms
    ]


def _episodes(journey: Journey) -> list[dict[str, Any]]:
    return [
        {
            "alert_id": episode.alert_id,
            "kind": episode.kind,
            "object_id": episode.object or None,
            "severity": episode.severity,
            "state": episode.state,
            "opened_at": instant(episode.opened_ms),
        }
        for episode in journey.episodes
        if not episode.resolved_ms
    ]
