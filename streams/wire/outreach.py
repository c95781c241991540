"""What the engine says besides alerts, to the bytes that ``schemas.outreach`` promises.

An observation carries no customer: what became of outreach is a matter of numbers, and stays
countable when somebody has asked to be forgotten. Its key is the alert's id.
"""

import msgspec

from streams.engine.outcome import Outcome
from streams.engine.record import Send
from streams.engine.said import Candidate, Observation, Tally
from streams.wire.alert import instant

CANDIDATES = "outreach.v1"
OBSERVATIONS = "outreach.outcomes.v1"

_encoder = msgspec.json.Encoder()


def publish(
    said: Candidate | Observation | Tally, key: bytes, timestamp_ms: int, outcome: Outcome
) -> None:
    """Add to an outcome what is no alert.

    Args:
        said: by the engine.
        key: the customer's.
        timestamp_ms: of the record that caused it, or its own due time if that is later.
        outcome: its sends and counts grow.
    """
    if isinstance(said, Tally):
        outcome.count(said.name)
    elif isinstance(said, Candidate):
        outcome.sends.append(Send(CANDIDATES, key, candidate(said), (), timestamp_ms))
        outcome.count("outreach." + said.step)
    else:
        name = said.alert_id.encode()
        outcome.sends.append(Send(OBSERVATIONS, name, observation(said), (), timestamp_ms))
        outcome.count(f"outreach.observed.{said.measure}_{said.horizon_d}d")


def candidate(said: Candidate) -> bytes:
    """One line of JSON, as ``schemas.outreach.OutreachCandidate`` promises."""
    return _encoder.encode(
        {
            "step": said.step,
            "alert_id": said.alert_id,
            "dedupe_key": said.dedupe_key,
            "customer_id": said.customer_id,
            "account_id": said.account_id,
            "family": said.family,
            "kind": said.kind,
            "reason_code": said.reason,
            "outreach_class": said.outreach_class,
            "suggested_action": said.action,
            "arm": said.arm,
            "severity": said.severity,
            "priority": said.priority,
            "offered_at": instant(said.offered_ms),
            "do_not_contact_before": instant(said.offered_ms),
            "expires_at": instant(said.expires_ms),
            "timezone": said.timezone,
            "quiet_from": instant(said.quiet_from_ms) if said.quiet_from_ms else None,
            "quiet_to": instant(said.quiet_to_ms) if said.quiet_to_ms else None,
            "why": said.why,
            "policy_version": said.policy,
        }
    )


def observation(said: Observation) -> bytes:
    """One line of JSON, as ``schemas.outreach.OutreachObservation`` promises."""
    return _encoder.encode(
        {
            "alert_id": said.alert_id,
            "family": said.family,
            "kind": said.kind,
            "outreach_class": said.outreach_class,
            "arm": said.arm,
            "measure": said.measure,
            "horizon_d": said.horizon_d,
            "value": round(said.value, 3),
            "jei_before": round(said.jei_before, 1),
            "started_at": instant(said.started_ms),
            "observed_at": instant(said.at_ms),
            "policy_version": said.policy,
        }
    )
