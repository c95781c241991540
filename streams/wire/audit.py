"""The receipt of an erasure as the record that ``schemas.audit`` promises."""

from hashlib import sha256

import msgspec
from xxhash import xxh3_128_hexdigest

from streams.engine.record import Record, Send
from streams.wire.alert import instant

TOPIC = "audit.v1"
_encode = msgspec.json.Encoder().encode


def subject_of(customer_id: str, topic: str) -> str:
    """The hash under which receipts about a customer are filed, 32 hexadecimal digits.

    Args:
        customer_id: whose.
        topic: full name of the touchpoints topic, so that deployments do not share hashes.
    """
    return xxh3_128_hexdigest(f"{topic}\0{customer_id}")


def receipt(
    record: Record, told, partition: int, topic: str, policy: str, found: dict[str, int]
) -> Send:
    """What was done because of one request.

    Args:
        record: the request, as it lay in the log.
        told: the same, decoded.
        partition: where it lay.
        topic: full name of the touchpoints topic.
        policy: label of the policy.
        found: how many touchpoints, episodes and aliases were forgotten; empty if nothing was kept.
    """
    subject = subject_of(told.customer_id, topic)
    asked = f"{subject}\0{told.source}\0{told.event_id}"
    content = {
        "receipt_id": sha256(asked.encode()).hexdigest()[:32],
        "kind": "customer_erased",
        "subject": subject,
        "scope": told.scope,
        "requested_at": instant(told.occurred_at),
        "recorded_at": instant(record.timestamp_ms),
        "partition": partition,
        "offset": record.offset,
        "found": bool(found),
        "touchpoints": found.get("touchpoints", 0),
        "episodes": found.get("episodes", 0),
        "aliases": found.get("aliases", 0),
        "policy_version": policy,
    }
    return Send(TOPIC, subject.encode(), _encode(content), (), record.timestamp_ms)
