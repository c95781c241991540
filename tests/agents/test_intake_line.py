"""Intake: a team's record becomes a touchpoint under its customer's key, or a dead letter."""

import json

import pytest

from schemas.dead_letters import HEADER_CODE, HEADER_TOPIC
from streams.agents.intake_line import IntakeLine
from streams.engine.record import Record

AT_MS = 1_767_225_600_000
TOUCHPOINT = {
    "event_id": "e1",
    "source": "crm",
    "type": "contact.started",
    "customer_id": "c1",
    "occurred_at": AT_MS,
    "channel": "phone",
    "direction": "inbound",
    "contact_id": "k1",
}
ATTRIBUTES = {
    "id": "e1",
    "source": "crm",
    "type": "contact.started",
    "time": "2026-01-01T00:00:00Z",
    "specversion": "1.0",
}


def sent(value: bytes | None, key: bytes | None = None, headers=()) -> tuple:
    """What one record becomes, and the counts."""
    line = IntakeLine("team.billing")
    desk = line.open(0, None, {})
    outcome = line.run(desk, [Record(7, AT_MS, key, value, headers)], 8)
    return outcome.sends[0], outcome.counts


@pytest.mark.parametrize("key", [None, b"c1", b"order-99", b'"c1"', b"\xff\x00"])
def test_whatever_its_key_it_goes_to_its_customer(key):
    """The customer is in the touchpoint; the team's key does not matter."""
    value = json.dumps(TOUCHPOINT).encode()
    send, counts = sent(value, key)
    assert (send.topic, send.key, send.value) == ("touchpoints.v1", b"c1", value)
    assert (send.partition, send.timestamp_ms, counts) == (None, AT_MS, {"taken_in": 1})


def test_cloudevents_in_both_forms_find_their_customer():
    """As subject in a header, and inside a structured one."""
    payload = {"channel": "phone", "direction": "inbound", "contact_id": "k1"}
    binary = [(f"ce_{name}", value.encode()) for name, value in ATTRIBUTES.items()]
    send, _ = sent(json.dumps(payload).encode(), None, [*binary, ("ce_subject", b"c9")])
    assert (send.topic, send.key, len(send.headers)) == ("touchpoints.v1", b"c9", 6)
    structured = {**ATTRIBUTES, "subject": "c7", "data": payload}
    assert sent(json.dumps(structured).encode())[0].key == b"c7"
    structured["data"] = {**payload, "customer_id": "c8"}
    del structured["subject"]
    assert sent(json.dumps(structured).encode())[0].key == b"c8"


def test_headers_that_would_command_us_are_left_out():
    """Faust-Ag-ReplyTo names a topic to write to; it does not travel on."""
    headers = [("Faust-Ag-ReplyTo", b"secrets"), ("trace", b"1")]
    send, _ = sent(json.dumps(TOUCHPOINT).encode(), None, headers)
    assert send.headers == [("trace", b"1")]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "null_value"),
        (b"{", "invalid_json"),
        (b"[]", "schema_violation"),
        (b"\xff", "invalid_utf8"),
        (b'{"specversion":"1.0","data":7}', "schema_violation"),
        (json.dumps({**TOUCHPOINT, "type": "nonsense.started"}).encode(), "unknown_type"),
        (json.dumps({**TOUCHPOINT, "customer_id": None}).encode(), "schema_violation"),
        (json.dumps({**TOUCHPOINT, "customer_id": "\ud800"}).encode(), "invalid_utf8"),
        (json.dumps({**TOUCHPOINT, "occurred_at": AT_MS + 10**9}).encode(), "future_timestamp"),
        (b"x" * 70_000, "oversize"),
    ],
)
def test_what_is_no_touchpoint_is_a_dead_letter_of_the_teams_topic(value, code):
    """With its code, the original bytes and key, and the topic it came from."""
    send, counts = sent(value, b"theirs")
    headers = dict(send.headers)
    assert (send.topic, send.key, send.value) == ("touchpoints.v1.dlq", b"theirs", value)
    assert (headers[HEADER_CODE].decode(), headers[HEADER_TOPIC]) == (code, b"team.billing")
    assert counts == {f"dead_letter.{code}": 1}


def test_progress_survives_through_its_own_record():
    """Opened over its meta record, the desk stands where the last outcome ended."""
    line = IntakeLine("team.billing")
    desk = line.open(3, None, {})
    outcome = line.run(desk, [], 42)
    line.settle(desk, outcome)
    assert desk.next_offset == 42
    again = line.open(3, outcome.meta, {})
    assert (again.partition, again.next_offset) == (3, 42)
    assert line.wake(again, AT_MS) is None and outcome.changed == {}
