"""An alert as the engine says it: plain values, times in epoch milliseconds.

``streams.wire.alert`` turns it into the bytes that ``schemas.alerts`` promises. Its id is derived
from what it is about and the touchpoint that first showed it, so saying a thing twice says the
same thing: no clock, no chance (catalogue section 6).
"""

from hashlib import sha1
from uuid import UUID

from msgspec import Struct

from streams.engine.journey import Mark

NAMESPACE = UUID("6f1d2a4e-53c4-5b7e-9d0a-7c1f0b2e9a35").bytes
"""Namespace of every alert id. Changing it would rename all alerts ever sent."""


class Alert(Struct, gc=False):
    """One step in the life of an episode, to be published."""

    alert_id: str
    dedupe_key: str
    family: str
    kind: str
    action: str
    revision: int
    state: str
    severity: int
    base_severity: int
    priority: int
    customer_id: str
    account_id: str | None
    stage: str
    object: str
    reason: str
    text: str
    number: float
    threshold: float
    jei: float
    parts: dict[str, float]
    evidence: list[Mark]
    cause: str
    owner_team: str
    suggested_action: str
    revenue_at_risk_minor: int | None
    currency: str | None
    policy: str
    late: bool
    opened_ms: int
    at_ms: int
    suppressed: str | None = None
    resolved: str | None = None
    by: str | None = None
    useful: bool | None = None
    arm: str | None = None
    outreach: str | None = None
    do_not_contact_before_ms: int = 0
    incident: str | None = None


def alert_id(dedupe_key: str, shown_by: str, at_ms: int) -> str:
    """UUID version 5 (RFC 9562) of what it is about and what first showed it.

    Args:
        dedupe_key: customer, detector and object.
        shown_by: event id of the touchpoint that first showed it; empty if a timer did.
        at_ms: its event time, or the timer's due time.
    """
    name = f"{dedupe_key}\x1f{shown_by}\x1f{at_ms}"
    digest = sha1(NAMESPACE + name.encode(), usedforsecurity=False)
    return str(UUID(bytes=digest.digest()[:16], version=5))
