"""A record of one customer id as the same record of another: what follows a customer who moved.

Everything else stays as it was, byte for byte where JSON allows it: the same source and event id,
so that whoever hears it twice notices, the same headers, the same time. A header tells which ids
the record was under before.
"""

from base64 import b64decode

import msgspec
from msgspec import Raw

from streams.engine.record import Record, Send
from streams.wire.cloudevents import is_structured
from streams.wire.headers import forwardable

VIA = "throughline-via"
"""Header: the ids the record was under before, one a line. Ids hold no control characters."""
HOPS_MAX = 16
"""A record sent on more often than this goes in a circle."""
TOPIC = "touchpoints.v1"

_object = msgspec.json.Decoder(dict[str, Raw]).decode
_encode = msgspec.json.Encoder().encode


def path_of(record: Record) -> list[str]:
    """The ids a record was under before, oldest first."""
    for name, value in record.headers:
        if name == VIA:
            return (value or b"").decode("utf-8", "replace").split("\n")
    return []


def renamed(record: Record, customer_id: str) -> Send:
    """The record as one of that customer.

    Args:
        record: readable, as it lay in the log.
        customer_id: whose it is to be.

    Raises:
        msgspec.MsgspecError: its value is no JSON object.
    """
    via = [*path_of(record), (record.key or b"").decode()]
    headers = [_header(name, value, customer_id) for name, value in forwardable(record.headers)]
    headers = [one for one in headers if one[0] != VIA]
    headers.append((VIA, "\n".join(via).encode()))
    value = _renamed(record.value or b"", customer_id)
    return Send(TOPIC, customer_id.encode(), value, headers, record.timestamp_ms)


def _header(name: str, value: bytes, customer_id: str) -> tuple[str, bytes]:
    """A CloudEvents attribute in a header that names the customer names the new one."""
    return (name, customer_id.encode()) if name.lower() == "ce_partitionkey" else (name, value)


def _renamed(value: bytes, customer_id: str) -> bytes:
    fields, name = _object(value), Raw(_encode(customer_id))
    if not is_structured(fields):
        return _encode(fields | {"customer_id": name})
    if "partitionkey" in fields:
        fields["partitionkey"] = name
    if "data" in fields:
        data = bytes(fields["data"])
    else:
        data = b64decode(msgspec.json.decode(fields.pop("data_base64")))
    return _encode(fields | {"data": _object(data) | {"customer_id": name}})
