"""From a finding about a cohort to an alert: one open episode per cohort and detector.

It is re-emitted when severity rises or the reason changes, and resolved when its condition was
false for one whole period. Found again within ``reopen_d`` days it is the same episode. Ids are
derived from what it is about and the period that first showed it.
"""

from typing import Any

import msgspec

from streams.cohorts.cell import Cell
from streams.cohorts.detector import CohortFinding, CohortQuestion, Seen
from streams.cohorts.state import CohortEpisode, Head
from streams.engine.alert import alert_id
from streams.engine.record import Send
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS
from streams.wire.alert import instant

FAMILY = "systemic"
TOPIC = f"alerts.{FAMILY}.v1"
_encode = msgspec.json.Encoder().encode


def found(
    head: Head, question: CohortQuestion, seen: Seen, finding: CohortFinding, rules: Rules
) -> Send | None:
    """Open, reopen or update the episode; the alert to publish, if any."""
    kind, at_ms = question.kind, seen.end_ms
    episode = head.episodes.get(kind)
    reopen_ms = rules.severity.reopen_d * DAY_MS
    if episode is None or (episode.resolved_ms and at_ms - episode.resolved_ms > reopen_ms):
        made = alert_id(dedupe_key(seen.cohort, kind), "", at_ms)
        episode = CohortEpisode(made, finding.severity, finding.reason, at_ms)
        head.episodes[kind] = episode
        action, state = "trigger", "open"
    elif episode.resolved_ms:
        episode.resolved_ms = 0
        action, state = "trigger", "reopened"
        episode.revision += 1
    elif finding.severity > episode.severity or finding.reason != episode.reason:
        episode.revision += 1
        action, state = "update", "open"
    else:
        return None
    episode.severity, episode.reason = finding.severity, finding.reason
    episode.changed_ms = at_ms
    told = _told(question, seen, episode, finding.cause, rules)
    told |= {
        "action": action,
        "state": state,
        "reason": {"code": finding.reason, "text": finding.text},
        "number": round(float(finding.number), 3),
        "threshold": round(float(finding.threshold), 3),
        "periods": list(finding.periods),
        "customers": _customers(finding, seen.period()),
    }
    return _send(seen, told)


def cleared(head: Head, question: CohortQuestion, seen: Seen, rules: Rules) -> Send | None:
    """The condition was false for a whole period: the end of the episode, if one was open."""
    episode = head.episodes.get(question.kind)
    if episode is None or episode.resolved_ms:
        return None
    episode.resolved_ms = episode.changed_ms = seen.end_ms
    episode.revision += 1
    told = _told(question, seen, episode, None, rules)
    told |= {
        "action": "resolve",
        "state": "resolved",
        "reason": {"code": episode.reason, "text": "resolved: not so for one whole period"},
        "number": 0.0,
        "threshold": 0.0,
        "periods": [],
        "customers": [],
        "resolved_reason": "period_clear",
    }
    return _send(seen, told)


def dedupe_key(cohort: str, kind: str) -> str:
    """Cohort and detector: there is one open episode per such key."""
    return f"{cohort}:{kind}"


def _customers(finding: CohortFinding, last: Cell) -> list[str]:
    return list(last.sample if finding.customers is None else finding.customers)[:20]


def _told(
    question: CohortQuestion, seen: Seen, episode: CohortEpisode, cause: str | None, rules: Rules
) -> dict[str, Any]:
    detector = question.detector
    if cause is None and "reason" in seen.dimensions:
        cause = seen.rules.cause(seen.dimensions["reason"])
    cause = cause or detector.cause
    return {
        "alert_id": episode.alert_id,
        "dedupe_key": dedupe_key(seen.cohort, question.kind),
        "family": FAMILY,
        "kind": question.kind,
        "revision": episode.revision,
        "severity": episode.severity,
        "priority": episode.severity * 20,
        "cohort_id": seen.cohort,
        "dimensions": seen.dimensions,
        "cause_class": cause,
        "owner_team": seen.dimensions.get("owner") or rules.owner(question.kind, cause),
        "suggested_action": detector.action,
        "policy_version": rules.label,
        "opened_at": instant(episode.opened_ms),
        "occurred_at": instant(seen.end_ms),
    }


def _send(seen: Seen, told: dict[str, Any]) -> Send:
    return Send(TOPIC, seen.cohort.encode(), _encode(told), (), seen.end_ms)
