"""Bytes to a touchpoint, or to the reason why not. Never raises, whatever the bytes.

A good record takes the short way: a few cheap checks and the derived decoder. Everything else is
judged at leisure (``judge``), check by check in a fixed order, by the pydantic contract itself, so
that a refusal can say what to mend; what only the fast decoder refuses is thereby still read.
"""

from operator import attrgetter

from msgspec import MsgspecError

from streams.engine.record import Record
from streams.wire.cloudevents import Attributes, from_headers
from streams.wire.decoder import Touchpoint, decode
from streams.wire.judge import judge
from streams.wire.unreadable import DEFAULT_LIMITS, Limits, Unreadable

__all__ = ["DEFAULT_LIMITS", "Limits", "Touchpoint", "Unreadable", "read", "read_strictly"]

# What msgspec raises over bytes from outside. RecursionError: a deep unknown field near the limit.
_REFUSED = (MsgspecError, UnicodeError, RecursionError, ValueError, OverflowError)
_ARRAY = ord("[")
# One call in C: plain attribute access on a hundred types is never specialised.
_placing = attrgetter("customer_id", "occurred_at", "origin")


def read(record: Record, limits: Limits = DEFAULT_LIMITS) -> Touchpoint | Unreadable:
    """Read one record: unknown fields are kept out, an unknown type is unreadable.

    Args:
        record: as it lay in the log.
        limits: how much is read, and the span of believable times.

    Returns:
        The touchpoint, instants in epoch milliseconds; or why it is none.
    """
    _, timestamp_ms, key, value, headers = record
    if value is None or len(value) > limits.value_bytes or timestamp_ms < 0:
        return judge(record, limits)
    said = None
    if headers:
        if _are_many(headers, limits):
            return judge(record, limits)
        said = from_headers(headers)
    # Few touchpoints hold an array: looking for one is cheaper than counting.
    nested = value.count(b"{") + (value.count(b"[") if _ARRAY in value else 0)
    if nested > limits.depth or not (value.isascii() or _is_utf8(value)):
        return judge(record, limits)
    try:
        touchpoint = decode(value)
    except _REFUSED:
        return judge(record, limits)
    customer_id, occurred_at, origin = _placing(touchpoint)
    lag_ms = timestamp_ms - occurred_at
    if (
        customer_id.encode() != key
        or lag_ms < -limits.future_skew_ms
        or (lag_ms > limits.past_horizon_ms and origin == "live")
        or (said is not None and not _agree(said, touchpoint))
    ):
        return judge(record, limits)
    return touchpoint


def read_strictly(record: Record, limits: Limits = DEFAULT_LIMITS) -> Touchpoint | Unreadable:
    """Read one record as its producer must send it: an unknown field is unreadable too.

    Args:
        record: as it is about to be sent.
        limits: as for ``read``.
    """
    return judge(record, limits, extra="forbid")


def _are_many(headers: object, limits: Limits) -> bool:
    count = size = 0
    for name, value in headers:  # type: ignore[attr-defined]
        count += 1
        size += len(name) + len(value or b"")
    return count > limits.header_count or size > limits.header_bytes


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _agree(said: Attributes | Unreadable, touchpoint: Touchpoint) -> bool:
    if isinstance(said, Unreadable):
        return False
    lends = any(getattr(touchpoint, name) is None for name in said.lent)
    return not lends and said.contradicted_by(lambda name: getattr(touchpoint, name)) is None
