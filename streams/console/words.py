"""An alert in the words of a terminal: when, who, what, why, and what to do about it."""

from typing import Any

MARKS = {"trigger": "▲", "update": "△", "acknowledge": "✔", "resolve": "■", "suppress": "·"}
"""One sign per action: raised, raised further, taken on, over, kept quiet."""

SEVERITIES = ("", "info", "low", "warning", "high", "critical")
"""Names of the severities 1 to 5."""


def when(alert: dict[str, Any]) -> str:
    """Its event time to the minute, UTC.

    Args:
        alert: as ``schemas.alerts`` promises.
    """
    return alert["occurred_at"][:16].replace("T", " ")


def whose(alert: dict[str, Any]) -> str:
    """The customer it is about, or the cohort."""
    return alert.get("customer_id") or alert["cohort_id"]


def why(alert: dict[str, Any]) -> str:
    """Why it was said: the reason, or what ended it."""
    if alert["action"] == "resolve":
        return f"over: {str(alert['resolved_reason']).replace('_', ' ')}"
    if alert["action"] == "suppress":
        return f"kept quiet ({alert['suppressed_reason']}): {alert['reason']['text']}"
    return alert["reason"]["text"]


def line(alert: dict[str, Any]) -> str:
    """The whole alert in one line."""
    effort = f"effort {alert['jei']['value']:.0f}  " if "jei" in alert else ""
    told = (
        f"{when(alert)} {MARKS[alert['action']]} {whose(alert)}  {alert['kind']}  "
        f"{SEVERITIES[alert['severity']]}  {effort}{why(alert)}"
    )
    who = f"by {alert['by']}" if alert.get("by") else ""
    by = f"  {who}" if who and who not in why(alert) else ""
    ended = alert["action"] in ("resolve", "suppress")
    return told + by if ended else f"{told}{by}  → {alert['suggested_action']}"
