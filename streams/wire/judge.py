"""The long way: one record judged check by check by the contract itself, to say what is wrong."""

import json
import re
from difflib import get_close_matches
from typing import Any, Literal

import msgspec
from pydantic import ValidationError

from schemas.dead_letters import CODES
from schemas.terms import MAX_CUSTOMER_ID_BYTES, has_control
from schemas.touchpoints import TYPES
from streams.engine.record import Record
from streams.wire.cloudevents import attributes, from_headers, is_structured, structured_data
from streams.wire.decoder import Touchpoint, convert, from_model
from streams.wire.hints import of_refusal, shown
from streams.wire.unreadable import Limits, Unreadable

Extra = Literal["ignore", "forbid"]

_DIGITS_MAX = 1000
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_grammar = msgspec.json.Decoder(msgspec.Raw).decode


def judge(record: Record, limits: Limits, extra: Extra = "ignore") -> Touchpoint | Unreadable:
    """Read one record with the contract, every check in its fixed order.

    Args:
        record: as it lay in the log.
        limits: how much is read, and the span of believable times.
        extra: what an unknown field is: kept out, or refused.
    """
    payload = _outside(record, limits) or _payload(record, limits)
    if isinstance(payload, Unreadable):
        return payload
    touchpoint = _contracted(payload, extra)
    if isinstance(touchpoint, Unreadable):
        return touchpoint
    return _misplaced(record, touchpoint, limits) or touchpoint


def _refused(code: Any, field: str = "", hint: str = "") -> Unreadable:
    meaning = CODES[code]
    return Unreadable(code, field, hint or f"{meaning.meaning} {meaning.hint}")


def _outside(record: Record, limits: Limits) -> Unreadable | None:
    """What can be refused without parsing anything."""
    if record.value is None:
        return _refused("null_value")
    # A missing key is complained of last: a bad value is the better thing to say.
    if record.key is not None and (wrong := _wrong_key(record.key)):
        return _refused("bad_key", "", f"The key {wrong}. {CODES['bad_key'].hint}")
    if len(record.value) > limits.value_bytes:
        size = f"{len(record.value)} bytes, over the limit of {limits.value_bytes}"
        return _refused("oversize", "", f"The value has {size}. {CODES['oversize'].hint}")
    count = len(record.headers)
    size = sum(len(name) + len(value or b"") for name, value in record.headers)
    if count > limits.header_count or size > limits.header_bytes:
        over = f"over the limits of {limits.header_count} and {limits.header_bytes}"
        hint = f"{count} headers with {size} bytes, {over}. {CODES['hostile_headers'].hint}"
        return _refused("hostile_headers", "", hint)
    return None


def _wrong_key(key: bytes) -> str | None:
    if not key:
        return "is empty"
    if len(key) > MAX_CUSTOMER_ID_BYTES:
        return f"has {len(key)} bytes"
    try:
        text = key.decode()
    except UnicodeDecodeError:
        return "is not UTF-8"
    return "holds a control character" if has_control(text) else None


def _payload(record: Record, limits: Limits) -> dict[str, Any] | Unreadable:
    """The flat touchpoint in a record's value, out of whichever of the three forms it has."""
    said = from_headers(record.headers) if record.headers else None
    value = _parsed(record.value or b"", limits)
    if isinstance(value, Unreadable):
        return value
    if not isinstance(value, dict):
        hint = f"The value is {shown(value)}; send one JSON object per record."
        return _refused("schema_violation", "", hint)
    if is_structured(value):
        said = attributes(value)
        payload = structured_data(value, lambda data: _parsed(data, limits))
        if isinstance(payload, Unreadable):
            return payload
        value = payload
    if said is None or isinstance(said, Unreadable):
        return said or value
    field = said.contradicted_by(value.get)
    if field is not None:
        hint = f"the CloudEvents attribute and the payload disagree about {field}; send one truth."
        return _refused("header_conflict", field, hint)
    return said.filled(value)


def _parsed(value: bytes, limits: Limits) -> Any:
    """JSON bytes → a Python value, or Unreadable: too deep, not UTF-8, not JSON."""
    if _depth(value, limits.depth) > limits.depth:
        hint = f"More than {limits.depth} levels of nesting. {CODES['too_deep'].hint}"
        return _refused("too_deep", "", hint)
    try:
        text = value.decode()
    except UnicodeDecodeError as refusal:
        hint = f"Byte {refusal.start} is not UTF-8. {CODES['invalid_utf8'].hint}"
        return _refused("invalid_utf8", "", hint)
    if _HALF.search(_PAIR.sub(b"", value.replace(rb"\\", b"--"))):
        return _refused("invalid_utf8", "", f"Half a surrogate pair. {CODES['invalid_utf8'].hint}")
    try:
        _grammar(value)
        return json.loads(text, parse_int=_int)
    except (msgspec.MsgspecError, ValueError, RecursionError) as refusal:
        return _refused(
            "invalid_json", "", f"{_syntax(text, refusal)} {CODES['invalid_json'].hint}"
        )


def _syntax(text: str, refusal: Exception) -> str:
    if not text.strip():
        return "The value is empty."
    if text[0] == "\ufeff":
        return "The value starts with a byte order mark."
    if "truncated" in str(refusal):
        return "The value ends too early."
    return f"{refusal}."


def _int(digits: str) -> int | float:
    # Python refuses to read more than 4,300 digits; no field holds them, an unknown one may.
    return int(digits) if len(digits) < _DIGITS_MAX else float("inf")


def _depth(value: bytes, limit: int) -> int:
    """Deepest nesting of brackets outside strings, told exactly up to ``limit`` + 1."""
    if value.count(b"{") + value.count(b"[") <= limit:
        return 0
    brackets = _STRING.sub(b"", value).translate(_ONE_KIND, _NO_BRACKETS)
    depth = 0
    while depth <= limit and b"[]" in brackets:
        brackets = brackets.replace(b"[]", b"")  # the innermost level
        depth += 1
    return depth + brackets.count(b"[")


def _contracted(payload: dict[str, Any], extra: Extra) -> Touchpoint | Unreadable:
    """The payload as its type's touchpoint, or what the contract has against it."""
    tag = payload.get("type")
    if tag is None:
        hint = 'is missing; say what happened, e.g. "type": "contact.started".'
        return _refused("schema_violation", "type", hint)
    if not isinstance(tag, str):
        hint = f'is {shown(tag)}; send a string, e.g. "contact.started".'
        return _refused("schema_violation", "type", hint)
    if tag not in TYPES:
        close = get_close_matches(tag, TYPES, n=1)
        meant = f'did you mean "{close[0]}"?' if close else "use a type of the contract."
        return _refused("unknown_type", "type", f"{shown(tag)} is no touchpoint type; {meant}")
    try:
        if extra == "ignore":
            return convert(payload)
    except (msgspec.MsgspecError, ValueError, OverflowError):
        pass  # The contract has the last word, and says why.
    try:
        return from_model(TYPES[tag].model_validate(payload, extra=extra))
    except ValidationError as refusal:
        field, hint = of_refusal(refusal, TYPES[tag])
        return _refused("schema_violation", field, hint)


def _misplaced(record: Record, touchpoint: Touchpoint, limits: Limits) -> Unreadable | None:
    """What is wrong between a good touchpoint and the record that carries it."""
    if record.key is None:
        return _refused("bad_key", "", f"The key is missing. {CODES['bad_key'].hint}")
    if record.key != touchpoint.customer_id.encode():
        quoted = record.key == json.dumps(touchpoint.customer_id, ensure_ascii=False).encode()
        why = (
            "The key is customer_id in JSON quotes; " if quoted else "The key is not customer_id; "
        )
        return _refused("key_mismatch", "customer_id", why + "send its raw UTF-8 as the key.")
    if record.timestamp_ms < 0:
        return _refused("bad_timestamp")
    lag_ms = record.timestamp_ms - touchpoint.occurred_at
    if lag_ms < -limits.future_skew_ms:
        ahead = f"{-lag_ms / 1000:.0f} s after the record's timestamp; at most "
        ahead += f"{limits.future_skew_ms / 1000:.0f} s are believed"
        hint = f"lies {ahead}. {CODES['future_timestamp'].hint}"
        return _refused("future_timestamp", "occurred_at", hint)
    if lag_ms > limits.past_horizon_ms and touchpoint.origin == "live":
        days = f"{lag_ms / 86_400_000:.1f} days before the record's timestamp, over the "
        days += f"{limits.past_horizon_ms / 86_400_000:.0f} that are kept"
        return _refused("past_horizon", "occurred_at", f"lies {days}. {CODES['past_horizon'].hint}")
    return None
