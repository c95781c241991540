"""An alert to the bytes that ``schemas.alerts`` promises."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec

from streams.engine.alert import Alert
from streams.engine.journey import Mark
from streams.engine.record import Send
from streams.engine.units import DAY_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encoder = msgspec.json.Encoder()


def instant(ms: int) -> str:
    """RFC 3339 in UTC with milliseconds, of epoch milliseconds."""
    day, rest = divmod(ms, DAY_MS)
    minute, rest = divmod(rest, 60_000)
    return _day(day) + _MINUTES[minute] + _SECONDS[rest // 1000] + _MILLISECONDS[rest % 1000]


# Tables and not formats: a snapshot says half a dozen instants.
_MINUTES = tuple(f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60))
_SECONDS = tuple(f"{second:02d}." for second in range(60))
_MILLISECONDS = tuple(f"{ms:03d}Z" for ms in range(1000))


@lru_cache(maxsize=4096)
def _day(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def encode(alert: Alert, topic: str) -> bytes:
    """One line of JSON.

    Args:
        alert: what the engine says.
        topic: full name of the touchpoints topic, for the coordinates of evidence.
    """
    return _encoder.encode(
        {
            "alert_id": alert.alert_id,
            "dedupe_key": alert.dedupe_key,
            "family": alert.family,
            "kind": alert.kind,
            "action": alert.action,
            "revision": alert.revision,
            "state": alert.state,
            "severity": alert.severity,
            "priority": alert.priority,
            "customer_id": alert.customer_id,
            "account_id": alert.account_id,
            "stage": alert.stage,
            "object_id": alert.object or None,
            "reason": {"code": alert.reason, "text": alert.text},
            "number": round(alert.number, 3),
            "threshold": round(alert.threshold, 3),
            "jei": _jei(alert),
            "evidence": [_evidence(mark, topic) for mark in alert.evidence],
            "cause_class": alert.cause,
            "owner_team": alert.owner_team,
            "suggested_action": alert.suggested_action,
            "revenue_at_risk_minor": alert.revenue_at_risk_minor,
            "currency": alert.currency,
            "policy_version": alert.policy,
            "late": alert.late,
            "opened_at": instant(alert.opened_ms),
            "occurred_at": instant(alert.at_ms),
            "suppressed_reason": alert.suppressed,
            "incident_id": alert.incident,
            "resolved_reason": alert.resolved,
            "by": alert.by,
            "useful": alert.useful,
            "arm": alert.arm,
            "outreach": alert.outreach,
            "do_not_contact_before": _until(alert.do_not_contact_before_ms),
        }
    )


def send(alert: Alert, key: bytes, topic: str, timestamp_ms: int) -> Send:
    """The alert as a record of its family's topic.

    Args:
        alert: what the engine says.
        key: the customer's.
        topic: as for ``encode``.
        timestamp_ms: that of the record which caused it, or its own due time if that is later.
    """
    return Send(f"alerts.{alert.family}.v1", key, encode(alert, topic), (), timestamp_ms)


def _until(ms: int) -> str | None:
    return instant(ms) if ms else None


def _jei(alert: Alert) -> dict:
    parts = {name: round(points, 2) for name, points in alert.parts.items() if points >= 0.01}
    return {"value": round(alert.jei, 1), "parts": parts}


def _evidence(mark: Mark, topic: str) -> dict:
    return {
        "event_id": mark.event_id,
        "type": mark.type,
        "occurred_at": instant(mark.at_ms),
        "topic": topic,
        "partition": mark.partition,
        "offset": mark.offset,
        "contribution": round(mark.points, 2),
        "late": mark.late,
    }
