"""Records in a file: JSONL that can carry anything a topic can.

A plain line is a touchpoint's own JSON: its key is the ``customer_id`` in it, its record timestamp
its own ``occurred_at``. A wrapped line carries the record itself, byte for byte::

    {"record": {"key_b64": "Yy0x", "value_b64": "eyJ0…", "headers": [["ce_id", "MQ=="]],
                "timestamp_ms": 1767225600000}}

Nothing a line can hold is an error here. What is neither form becomes a record without a key whose
value is the line, so that the reading of touchpoints says what is wrong with it, once, for files
and topics alike.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from pydantic_core import PydanticCustomError

from schemas.instants import InstantRule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# What a parser may raise over bytes from outside. RecursionError: nesting beyond the parser's.
_NOT_READABLE = (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, OverflowError)


class Carried(NamedTuple):
    """A record as a line of a file carries it: everything but its place in a partition.

    Args:
        key: raw key bytes, or None.
        value: raw value bytes, or None (a tombstone).
        headers: (name, bytes) pairs in order; a header without a value has None, as on a topic.
        timestamp_ms: record timestamp, epoch milliseconds.
    """

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp_ms: int


class _Head(Struct, gc=False):
    """As much of a well-formed plain line as a record needs; the rest is skipped, not built."""

    customer_id: str
    occurred_at: Annotated[datetime, Meta(tz=True)]
    record: Raw | UnsetType = UNSET


class _AnyHead(Struct):
    """The same of any object, whatever its fields hold; the last four are CloudEvents' own."""

    customer_id: Any = None
    occurred_at: Any = None
    record: Raw | UnsetType = UNSET
    data: Any = None
    partitionkey: Any = None
    subject: Any = None
    time: Any = None


class _Wrapped(Struct, forbid_unknown_fields=True):
    """What stands under ``record`` in a wrapped line; bytes are base64."""

    key_b64: str | None
    value_b64: str | None
    headers: list[tuple[str, str | None]] = []
    timestamp_ms: int | None = None


_head = msgspec.json.Decoder(_Head).decode
_any_head = msgspec.json.Decoder(_AnyHead).decode
_wrapped = msgspec.json.Decoder(_Wrapped).decode
_encode = msgspec.json.Encoder().encode


def read(line: bytes, otherwise_ms: int = 0) -> Carried:
    """Read one line, whatever it holds.

    Args:
        line: the line's bytes, with or without its line feed.
        otherwise_ms: record timestamp of a line that has none to read, epoch milliseconds.
    """
    value = line[:-1] if line.endswith(b"\n") else line
    try:
        head = _head(value)
        if head.record is UNSET:
            timestamp_ms = (head.occurred_at - _EPOCH) // _MILLISECOND
            if timestamp_ms >= 0:
                return Carried(head.customer_id.encode(), value, (), timestamp_ms)
    except _NOT_READABLE:
        pass
    return _read_unusual(value, otherwise_ms)


def read_all(lines: Iterable[bytes]) -> Iterator[Carried]:
    """Read the lines of a file; blank ones are nobody's.

    A line without a readable instant takes the one of the line before it: the time of a file goes
    on, as a broker's clock would have.
    """
    last_ms = 0
    for line in lines:
        if line.isspace() or not line:
            continue
        carried = read(line, last_ms)
        last_ms = carried.timestamp_ms
        yield carried


def write(
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
    timestamp_ms: int,
) -> bytes:
    """Write one record as a line, plain where that loses nothing, so that ``read`` gives it back.

    Args:
        key: raw key bytes, or None.
        value: raw value bytes, or None.
        headers: (name, bytes) pairs.
        timestamp_ms: record timestamp, epoch milliseconds.
    """
    if value is not None and not headers and _is_plain(key, value, timestamp_ms):
        return value + b"\n"
    wrapped = {
        "key_b64": _to_base64(key),
        "value_b64": _to_base64(value),
        "headers": [(name, _to_base64(content)) for name, content in headers],
        "timestamp_ms": timestamp_ms,
    }
    return _encode({"record": wrapped}) + b"\n"


def _is_plain(key: bytes | None, value: bytes, timestamp_ms: int) -> bool:
    if b"\n" in value or value.isspace() or not value:
        return False
    # Read with an impossible instant: a line whose instant is not its own must be wrapped.
    carried = read(value, otherwise_ms=-1)
    return carried == (key, value, (), timestamp_ms)


def _read_unusual(value: bytes, otherwise_ms: int) -> Carried:
    """A wrapped line, an unreadable one, or one whose head is not as a touchpoint's should be."""
    try:
        head = _any_head(value)
    except _NOT_READABLE:
        return Carried(None, value, (), otherwise_ms)
    if head.record is not UNSET:
        carried = _unwrap(head.record, otherwise_ms)
        if carried is not None:
            return carried
    inner = head.data if isinstance(head.data, dict) else {}
    customers = (
        head.customer_id, inner.get("customer_id"), head.partitionkey, head.subject
    )  # fmt: skip
    instants = (head.occurred_at, inner.get("occurred_at"), head.time)
    return Carried(
        _key_of(_first(customers)), value, (), _instant_ms(_first(instants), otherwise_ms)
    )


def _first(candidates: tuple[Any, ...]) -> Any:
    return next((candidate for candidate in candidates if candidate is not None), None)


def _unwrap(record: Raw, otherwise_ms: int) -> Carried | None:
    """The record inside a wrapped line, or None if it is not one after all."""
    try:
        wrapped = _wrapped(record)
        return Carried(
            _from_base64(wrapped.key_b64),
            _from_base64(wrapped.value_b64),
            tuple((name, _from_base64(content)) for name, content in wrapped.headers),
            otherwise_ms if wrapped.timestamp_ms is None else wrapped.timestamp_ms,
        )
    except (*_NOT_READABLE, Base64Error):
        return None


def _key_of(customer_id: object) -> bytes | None:
    if not isinstance(customer_id, str):
        return None
    try:
        return customer_id.encode()
    except UnicodeEncodeError:  # a lone surrogate has no bytes
        return None


def _instant_ms(instant: object, otherwise_ms: int) -> int:
    try:
        return InstantRule.read(instant)
    except PydanticCustomError:
        return otherwise_ms


def _to_base64(content: bytes | None) -> str | None:
    return None if content is None else b64encode(content).decode("ascii")


def _from_base64(content: str | None) -> bytes | None:
    return None if content is None else b64decode(content, validate=True)
