"""Feedback on alerts -> touchpoints of the customer concerned.

What people and outreach tools did about an alert is a fact of the customer's journey like any
other, so it takes the same way: onto the touchpoints topic, in the customer's own order. Its
``event_id`` is the feedback's own id, so a feedback sent twice counts once.
"""

import json

from pydantic import ValidationError

from schemas.feedback import Feedback, as_touchpoint
from streams.agents.passing import PassingLine
from streams.engine.record import Record, Send
from streams.wire.dead_letter import dead_letter
from streams.wire.hints import of_refusal
from streams.wire.touchpoint import DEFAULT_LIMITS, Unreadable

_DESTINATION = "touchpoints.v1"


class FeedbackLine(PassingLine):
    """The line of the feedback topic."""

    def passed(self, record: Record, partition: int) -> tuple[Send, str]:
        """The touchpoint a feedback is, or a dead letter."""
        feedback = _read(record)
        if isinstance(feedback, Unreadable):
            letter = dead_letter(record, feedback, self.topic, partition)
            return letter, "dead_letter." + feedback.code
        value = json.dumps(as_touchpoint(feedback), ensure_ascii=False).encode()
        key = feedback.customer_id.encode()
        return Send(_DESTINATION, key, value, (), record.timestamp_ms), "feedback"


def _read(record: Record) -> Feedback | Unreadable:
    value = record.value
    if value is None:
        return Unreadable("null_value", "", "The record has no value; send a feedback.")
    if len(value) > DEFAULT_LIMITS.value_bytes:
        hint = f"The value has {len(value)} bytes; a feedback is a few hundred."
        return Unreadable("oversize", "", hint)
    try:
        return Feedback.model_validate_json(value)
    except ValidationError as refusal:
        if refusal.errors()[0]["type"] == "json_invalid":
            return Unreadable("invalid_json", "", "The value is not JSON; send one object.")
        field, hint = of_refusal(refusal, Feedback)
        return Unreadable("schema_violation", field, hint)
