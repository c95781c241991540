"""Topics that teams own -> the touchpoints topic: validated, and keyed by customer.

A team's producer may key as it likes, or not at all: the customer is in the touchpoint. What is
passed on are the original bytes and headers under the customer's key, which is what decides the
partition; what is no touchpoint becomes a dead letter that names the team's topic.
"""

import json
from typing import Any

import msgspec

from streams.agents.passing import PassingLine
from streams.engine.record import Record, Send
from streams.wire.cloudevents import Attributes, attributes, from_headers, is_structured
from streams.wire.dead_letter import dead_letter
from streams.wire.headers import forwardable
from streams.wire.touchpoint import DEFAULT_LIMITS, Limits, Unreadable, read

_DESTINATION = "touchpoints.v1"


class _Peek(msgspec.Struct):
    """Just enough of a flat touchpoint to know whose it is."""

    customer_id: str | None = None


_peek = msgspec.json.Decoder(_Peek).decode


class IntakeLine(PassingLine):
    """The line of one team's topic.

    Args:
        topic: its real name, for dead letters.
        limits: how much of a record is read before it is refused.
    """

    def __init__(self, topic: str, limits: Limits = DEFAULT_LIMITS):
        super().__init__(topic)
        self._limits = limits

    def passed(self, record: Record, partition: int) -> tuple[Send, str]:
        """The touchpoint under its customer's key, or a dead letter."""
        customer_id = customer_of(record, self._limits)
        key = None if customer_id is None else customer_id.encode("utf-8", "surrogatepass")
        touchpoint = read(record._replace(key=key), self._limits)
        if isinstance(touchpoint, Unreadable):
            letter = dead_letter(record, touchpoint, self.topic, partition)
            return letter, "dead_letter." + touchpoint.code
        headers = forwardable(record.headers)
        return Send(_DESTINATION, key, record.value, headers, record.timestamp_ms), "taken_in"


def customer_of(record: Record, limits: Limits) -> str | None:
    """Whose touchpoint a record is, in any of the three forms it may have; None if it says not."""
    value = record.value
    if value is None or len(value) > limits.value_bytes:
        return None
    try:
        said = _peek(value).customer_id
        if said is not None:
            return said
        in_headers = from_headers(record.headers) if record.headers else None
        if in_headers is not None:
            return _named(in_headers)
        whole = json.loads(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not isinstance(whole, dict) or not is_structured(whole):
        return None
    data = whole.get("data")
    inside = data.get("customer_id") if isinstance(data, dict) else None
    return inside if isinstance(inside, str) else _named(attributes(whole))


def _named(found: Attributes | Unreadable) -> str | None:
    if isinstance(found, Unreadable):
        return None
    named: Any = found.said.get("customer_id") or found.lent.get("customer_id")
    return named if isinstance(named, str) else None
