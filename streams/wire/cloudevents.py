"""CloudEvents 1.0, both modes, read by hand: the envelope's fields may come as attributes.

Binary mode: attributes in ``ce_*`` headers, the value is the payload. Structured mode: one JSON
object with ``specversion``, the attributes and ``data``. An attribute fills the envelope field it
stands for; where the payload has the field too, both must agree.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from msgspec import MsgspecError

from streams.wire.decoder import instant_ms
from streams.wire.unreadable import Unreadable

SAID = {
    "id": "event_id",
    "source": "source",
    "type": "type",
    "time": "occurred_at",
    "partitionkey": "customer_id",
}
"""Attribute → the envelope field it must agree with."""

LENT = {"subject": "customer_id", "traceparent": "traceparent", "causationid": "caused_by"}
"""Attribute → the envelope field it fills when nothing else does: a subject may be anything."""


_PREFIXES = ("ce_", "CE_", "Ce_", "cE_")


class Attributes(NamedTuple):
    """What CloudEvents attributes say about the envelope.

    Args:
        said: envelope field → value; instants already epoch milliseconds.
        lent: the same, for attributes that only fill gaps.
    """

    said: dict[str, Any]
    lent: dict[str, Any]

    def contradicted_by(self, get: Callable[[str], Any]) -> str | None:
        """The envelope field that ``get`` answers otherwise, if any."""
        for name, value in self.said.items():
            other = get(name)
            if other is not None and other != value and _comparable(name, other) != value:
                return name
        return None

    def filled(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The payload with its missing envelope fields filled in."""
        given = {name: value for name, value in payload.items() if value is not None}
        return {**self.lent, **self.said, **given}


def _comparable(field: str, value: Any) -> Any:
    """The payload's value in the attribute's terms."""
    if field == "occurred_at" and type(value) is str:
        try:
            return instant_ms(value)
        except (MsgspecError, ValueError):
            return value
    return value


def from_headers(headers: Iterable[tuple[str, bytes]]) -> Attributes | Unreadable | None:
    """The attributes in ``ce_*`` headers, or None when there are none.

    Args:
        headers: a record's (name, bytes) pairs; a header without a value has None.
    """
    found: dict[str, str] = {}
    for name, raw in headers:
        if name[:3] not in _PREFIXES:
            continue
        attribute = name[3:].lower()
        try:
            text = (raw or b"").decode()
        except UnicodeDecodeError:
            return Unreadable("hostile_headers", name, f"{name} is not UTF-8; send it as UTF-8.")
        if found.setdefault(attribute, text) != text:
            hint = f"{name} is sent twice with different values; send it once."
            return Unreadable("header_conflict", name, hint)
    return attributes(found, "ce_") if found else None


def attributes(found: Mapping[str, Any], prefix: str = "") -> Attributes | Unreadable:
    """What CloudEvents attributes mean for the envelope.

    Args:
        found: attribute name → value.
        prefix: how the producer spells attribute names, for the hint.
    """
    version = found.get("specversion") or "1.0"
    if not (isinstance(version, str) and version.startswith("1.")):
        hint = "only CloudEvents 1.x is read; send specversion 1.0."
        return Unreadable("schema_violation", f"{prefix}specversion", hint)
    given = {name: value for name, value in found.items() if value is not None}
    said = {SAID[name]: value for name, value in given.items() if name in SAID}
    lent = {LENT[name]: value for name, value in given.items() if name in LENT}
    if "occurred_at" in said:
        try:
            said["occurred_at"] = instant_ms(said["occurred_at"])
        except (MsgspecError, ValueError):
            hint = 'is no RFC 3339 instant with an offset; send "2026-11-22T04:24:44Z".'
            return Unreadable("schema_violation", f"{prefix}time", hint)
    return Attributes(said, lent)


def is_structured(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a CloudEvent in structured mode and not a flat touchpoint."""
    return "specversion" in value and "event_id" not in value


def structured_data(
    event: Mapping[str, Any], parse: Callable[[bytes], Any]
) -> dict[str, Any] | Unreadable:
    """The payload inside a structured CloudEvent.

    Args:
        event: the whole JSON object.
        parse: bytes of JSON → value or Unreadable, for ``data_base64``.
    """
    data = event.get("data")
    if data is None and isinstance(event.get("data_base64"), str):
        try:
            data = parse(b64decode(event["data_base64"], validate=True))
        except ValueError:
            return Unreadable(
                "schema_violation", "data_base64", "is not base64; send data as JSON."
            )
    if isinstance(data, dict | Unreadable):
        return data
    hint = "a structured CloudEvent carries the touchpoint as an object in data; add it."
    return Unreadable("schema_violation", "data", hint)
