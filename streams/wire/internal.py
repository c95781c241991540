"""What one partition tells another, of customers' identities and of sources: records of ours, for
us alone.

They travel on the touchpoints topic, because the order among the touchpoints of a customer is what
they are about, and are no touchpoints of the contract: no producer may send them, no schema shows
them, ``throughline validate`` and the workers refuse their types (``unknown_type``) in any record
that does not bear our header. Its value is a digest over the topic's full name and the content: it
shows damage, a record copied from another deployment, and one made by accident. It is no signature:
whoever may write to the topic can read here how it is made. Keep that to those who may.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from streams.engine.record import Record, Send
from streams.wire.unreadable import Unreadable

HEADER = "throughline-internal"
SOURCE = "urn:throughline:identity"
TOPIC = "touchpoints.v1"
_HINT = (
    "The record says that a worker wrote it, and its digest does not fit. If it was copied from "
    "another deployment, copy what producers sent instead; nobody else may send it."
)


class Absorbed(Struct, tag="identity.absorbed", tag_field="type", kw_only=True):
    """A whole journey, on its way to the one it joins.

    Attributes:
        customer_id: whom it joins; the record's key.
        event_id: derived from the merge that said so.
        occurred_at: the merge's, epoch milliseconds.
        from_customer_id: whose it was.
        by: hash of the merge's identity.
        live: whether what follows from it may be said; a merge told as history says nothing.
        path: the ids it has been under since, oldest first.
        journey: encoded (``streams.wire.journey``) in base64; None if nothing was known.
    """

    customer_id: str
    event_id: str
    occurred_at: int
    from_customer_id: str
    by: int
    live: bool = True
    path: list[str] = []
    journey: str | None = None
    source: str = SOURCE

    @property
    def encoded_journey(self) -> bytes | None:
        """The journey as the codec wrote it."""
        return None if self.journey is None else b64decode(self.journey)


class Forgotten(Struct, tag="identity.forgotten", tag_field="type", kw_only=True):
    """The customer whom this id had joined was erased: the id is to be forgotten too.

    ``whole``: the other way round. An id was erased, and only then it is heard that it had joined
    this customer before: all of the customer is to be forgotten.
    """

    customer_id: str
    event_id: str
    occurred_at: int
    whole: bool = False
    scope: str = "all"
    source: str = SOURCE


class Beat(Struct, tag="source.beat", tag_field="type", kw_only=True):
    """A source's heartbeat, told on by the partition that heard it to one of the others.

    Attributes:
        customer_id: as in the heartbeat: the record's key, and nobody's.
        source: whose heart it was.
        occurred_at: the heartbeat's, epoch milliseconds.
    """

    customer_id: str
    event_id: str
    occurred_at: int
    source: str
    origin: str = "live"


class Incident(Struct, tag="cohort.incident", tag_field="type", kw_only=True):
    """A cohort has an incident, or has it no more (``streams.cohorts.incidents``).

    Attributes:
        customer_id: the cohort's name: the record's key, and nobody's.
        alert_id: of the incident's alert.
        occurred_at: when it was found or was over, epoch milliseconds.
    """

    customer_id: str
    event_id: str
    occurred_at: int
    alert_id: str
    over: bool = False
    source: str = "urn:throughline:cohorts"
    origin: str = "live"


Internal = Absorbed | Forgotten | Beat | Incident
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Internal)


def is_marked(headers: Iterable[tuple[str, bytes]]) -> bool:
    """Whether a record claims to be one of ours."""
    return any(name == HEADER for name, _ in headers)


def read(record: Record, topic: str) -> Internal | Unreadable:
    """Read a record that claims to be one of ours.

    Args:
        record: as it lay in the log.
        topic: full name of the touchpoints topic.
    """
    value = record.value or b""
    told = [digest for name, digest in record.headers if name == HEADER]
    if told != [_digest(value, topic)]:
        return Unreadable("not_ours", "", _HINT)
    try:
        made = _decoder.decode(value)
    except (msgspec.MsgspecError, UnicodeError, ValueError) as refusal:
        return Unreadable("not_ours", "", f"The record is none of this version's: {refusal}")
    if made.customer_id.encode() != record.key:
        return Unreadable("not_ours", "customer_id", _HINT)
    return made


def send(made: Internal, topic: str, timestamp_ms: int) -> Send:
    """One of ours as a record for the partition of its customer.

    Args:
        made: what is to be told.
        topic: full name of the touchpoints topic.
        timestamp_ms: of the record that caused it.
    """
    value = _encoder.encode(made)
    headers = ((HEADER, _digest(value, topic)),)
    return Send(TOPIC, made.customer_id.encode(), value, headers, timestamp_ms)


def beat(heard: Any, topic: str, record: Record, partition: int) -> Send:
    """A heartbeat for another partition.

    Args:
        heard: the heartbeat, decoded.
        topic: full name of the touchpoints topic.
        record: it as it lay in the log.
        partition: whom it is for.
    """
    made = Beat(
        customer_id=heard.customer_id,
        event_id=heard.event_id,
        occurred_at=heard.occurred_at,
        source=heard.source,
    )
    return send(made, topic, record.timestamp_ms)._replace(partition=partition)


def as_text(encoded: bytes) -> str:
    """An encoded journey as a field of ``Absorbed``."""
    return b64encode(encoded).decode()


def _digest(value: bytes, topic: str) -> bytes:
    return sha256(topic.encode() + b"\0" + value).hexdigest()[:32].encode()
