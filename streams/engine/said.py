"""What the engine says besides alerts: plain values that the wire turns into records, or counts."""

from msgspec import Struct

from streams.engine.alert import Alert


class Tally(Struct, gc=False):
    """Something happened that is worth counting, under this name."""

    name: str


class Candidate(Struct, gc=False):
    """A customer to reach out to because of an alert; or, ``withdraw``, not any more.

    Quiet hours of the customer come next from ``quiet_from_ms`` to ``quiet_to_ms``; 0: never.
    """

    step: str
    alert_id: str
    dedupe_key: str
    customer_id: str
    account_id: str | None
    family: str
    kind: str
    reason: str
    outreach_class: str
    action: str
    arm: str
    severity: int
    priority: int
    offered_ms: int
    expires_ms: int
    timezone: str | None
    quiet_from_ms: int
    quiet_to_ms: int
    policy: str
    why: str | None = None


class Observation(Struct, gc=False):
    """What became of one customer so many days after outreach was offered, or held out."""

    alert_id: str
    family: str
    kind: str
    outreach_class: str
    arm: str
    measure: str
    horizon_d: int
    value: float
    jei_before: float
    started_ms: int
    at_ms: int
    policy: str


Said = Alert | Tally | Candidate | Observation
"""Anything the engine says."""
