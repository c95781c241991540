"""Feedback: what people did about an alert becomes a touchpoint of the customer concerned."""

import json

import pytest

from schemas.dead_letters import HEADER_CODE
from schemas.feedback import TOUCHPOINT_OF
from streams.agents.feedback_line import FeedbackLine
from streams.engine.record import Record
from streams.wire.touchpoint import Touchpoint, Unreadable, read

AT_MS = 1_767_225_600_000
FEEDBACK = {
    "feedback_id": "f1",
    "customer_id": "c1",
    "alert_id": "a1",
    "action": "acknowledge",
    "by": "mary",
    "occurred_at": AT_MS,
}


def sent(value: bytes | None):
    """What one record becomes."""
    line = FeedbackLine("cx.feedback.v1")
    desk = line.open(0, None, {})
    return line.run(desk, [Record(0, AT_MS, b"whatever", value)], 1).sends[0]


@pytest.mark.parametrize("action", sorted(TOUCHPOINT_OF))
def test_each_action_becomes_a_readable_touchpoint(action):
    """Under the customer's key, of the type the contract names, with the feedback's own id, so that
    a feedback sent twice is one touchpoint."""
    send = sent(json.dumps({**FEEDBACK, "action": action}).encode())
    assert (send.topic, send.key) == ("touchpoints.v1", b"c1")
    touchpoint: Touchpoint = read(Record(0, AT_MS, send.key, send.value))
    assert not isinstance(touchpoint, Unreadable), touchpoint
    assert touchpoint.type == TOUCHPOINT_OF[action]
    assert touchpoint.event_id == "f1"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "null_value"),
        (b"?", "invalid_json"),
        (b"[]", "schema_violation"),
        (json.dumps({**FEEDBACK, "action": "applaud"}).encode(), "schema_violation"),
        (json.dumps({**FEEDBACK, "alert_id": None}).encode(), "schema_violation"),
        (b" " * 70_000, "oversize"),
    ],
)
def test_what_is_no_feedback_is_a_dead_letter(value, code):
    """With its code and the original bytes."""
    send = sent(value)
    assert (send.topic, send.value) == ("touchpoints.v1.dlq", value)
    assert dict(send.headers)[HEADER_CODE].decode() == code
