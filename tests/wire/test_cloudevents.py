"""CloudEvents in both modes: the official SDK writes them, we read them without it."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings import kafka
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.touchpoints import TYPES
from streams.engine.record import Record
from streams.wire.touchpoint import Unreadable, read, read_strictly
from tests.schemas.examples import NOW_MS, example, payloads
from tests.wire.records import invoice, record, without

FILLED = ("event_id", "source", "type", "occurred_at")
PLAIN = invoice(occurred_at="2026-01-01T00:00:00.120Z")
ATTRIBUTES = {
    "id": "e-1", "source": "crm/1", "type": "invoice.issued", "partitionkey": "c-1",
    "time": datetime(2026, 1, 1, 0, 0, 0, 120_000, UTC), "datacontenttype": "application/json",
}  # fmt: skip


def event(payload: dict[str, Any], **attributes: Any) -> CloudEvent:
    """An event as a producer makes it with the SDK."""
    return CloudEvent(attributes=ATTRIBUTES | attributes, data=payload)


def sent(message: kafka.KafkaMessage, key: bytes = b"c-1") -> Record:
    """The SDK's Kafka message as a record."""
    return Record(7, NOW_MS, key, message.value, list(message.headers.items()))


MODES = {"binary": kafka.to_binary_event, "structured": kafka.to_structured_event}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("left_out", [(), FILLED, (*FILLED, "customer_id"), ("occurred_at",)])
def test_an_event_is_the_touchpoint_its_attributes_and_payload_make(
    mode: str, left_out: tuple[str, ...]
) -> None:
    """Envelope fields may come as attributes, in the payload, or both."""
    got = read(sent(MODES[mode](event(without(PLAIN, *left_out)))))
    assert got == read(record(PLAIN))


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_type_travels_as_an_event(mode: str, data: st.DataObject) -> None:
    """A touchpoint of any type, wrapped by the SDK without its envelope fields, reads as plain."""
    kind = data.draw(st.sampled_from(sorted(TYPES)))
    payload = data.draw(payloads(TYPES[kind])) | {"customer_id": "c-1", "occurred_at": NOW_MS}
    payload |= {"event_id": "e-1", "source": "crm/1"}
    plain = read(record(payload))
    assert not isinstance(plain, Unreadable)
    wrapped = event(without(payload, *FILLED), type=kind, time=datetime(2026, 1, 1, tzinfo=UTC))
    assert read(sent(MODES[mode](wrapped))) == plain


def test_the_subject_names_the_customer_when_nothing_else_does() -> None:
    """A subject may be anything, so it fills a gap and contradicts nothing."""
    headers = [("ce_specversion", b"1.0"), ("ce_subject", b"c-1")]
    assert read(record(without(PLAIN, "customer_id"), headers=headers)) == read(record(PLAIN))
    other = [("ce_specversion", b"1.0"), ("ce_subject", b"invoice/9")]
    assert read(record(PLAIN, headers=other)) == read(record(PLAIN))
    keyed = [*other, ("ce_partitionkey", b"c-1")]
    assert read(record(without(PLAIN, "customer_id"), headers=keyed)) == read(record(PLAIN))


def test_trace_and_cause_are_lent() -> None:
    """The tracing and causation extensions fill the envelope's fields."""
    headers = [("ce_traceparent", b"00-ab-cd-01"), ("ce_causationid", b"e-0")]
    got = read(record(PLAIN, headers=headers))
    assert (got.traceparent, got.caused_by) == ("00-ab-cd-01", "e-0")
    assert read(record({**PLAIN, "caused_by": "e-9"}, headers=headers)).caused_by == "e-9"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        (("ce_id", b"e-2"), "event_id"),
        (("ce_source", b"crm/2"), "source"),
        (("ce_type", b"invoice.viewed"), "type"),
        (("ce_time", b"2026-01-01T00:00:00.121Z"), "occurred_at"),
        (("ce_partitionkey", b"c-2"), "customer_id"),
        (("ce_id", None), "event_id"),
    ],
)
def test_an_attribute_and_the_payload_must_agree(header: Any, field: str) -> None:
    """Two truths about one fact: neither is believed."""
    got = read(record(PLAIN, headers=[("ce_specversion", b"1.0"), header]))
    assert isinstance(got, Unreadable)
    assert (got.code, got.field) == ("header_conflict", field)
    assert field in got.hint


@pytest.mark.parametrize("time", [b"2026-01-01T01:00:00.12+01:00", b"2026-01-01T00:00:00.1201Z"])
def test_times_agree_when_they_are_the_same_instant(time: bytes) -> None:
    """Another offset or more digits below the millisecond is no conflict."""
    assert read(record(PLAIN, headers=[("ce_time", time)])) == read(record(PLAIN))


@pytest.mark.parametrize(
    ("headers", "code", "field"),
    [
        ([("ce_id", b"e-1"), ("ce_id", b"e-2")], "header_conflict", "ce_id"),
        ([("ce_time", b"yesterday")], "schema_violation", "ce_time"),
        ([("ce_time", b"2026-01-01T00:00:00")], "schema_violation", "ce_time"),
        ([("ce_specversion", b"0.3")], "schema_violation", "ce_specversion"),
        ([("ce_source", b"\xc3")], "hostile_headers", "ce_source"),
    ],
)
def test_a_wrong_attribute_is_named_as_the_header_it_is(
    headers: Any, code: str, field: str
) -> None:
    """The producer finds the header by its own name."""
    got = read(record(PLAIN, headers=headers))
    assert isinstance(got, Unreadable)
    assert (got.code, got.field) == (code, field)


def test_headers_that_are_no_attributes_say_nothing() -> None:
    """Tracing headers, Faust's own, a content type: none of them is read."""
    headers = [
        ("traceparent", b"00"), ("Faust-Ag-ReplyTo", b"changelog"), ("content-type", b"text/plain"),
        ("id", b"e-2"), ("ce", b"x"), ("", b""), ("x", None),
    ]  # fmt: skip
    assert read(record(PLAIN, headers=headers)) == read(record(PLAIN))


# --- Structured mode by hand ----------------------------------------------------------------------

STRUCTURED = {
    "specversion": "1.0", "id": "e-1", "source": "crm/1", "type": "invoice.issued",
    "time": "2026-01-01T00:00:00.120Z", "data": without(PLAIN, *FILLED),
}  # fmt: skip


def test_structured_needs_no_content_type() -> None:
    """The object says itself what it is."""
    assert read(record(STRUCTURED)) == read(record(PLAIN))


def test_structured_data_may_be_base64() -> None:
    """As the JSON format of CloudEvents allows for bytes; nesting is limited there too."""

    def coded(value: bytes) -> dict[str, Any]:
        return without(STRUCTURED, "data") | {"data_base64": base64.b64encode(value).decode()}

    assert read(record(coded(json.dumps(STRUCTURED["data"]).encode()))) == read(record(PLAIN))
    assert read(record(coded(b"[" * 50))).code == "too_deep"
    assert read(record(coded(b"\xff"))).code == "invalid_utf8"
    bad = read(record(coded(b"{}") | {"data_base64": "%"}))
    assert (bad.code, bad.field) == ("schema_violation", "data_base64")


@pytest.mark.parametrize("data", [None, 5, "text", [PLAIN]])
def test_structured_without_an_object_in_data_is_refused(data: Any) -> None:
    """A touchpoint is an object."""
    got = read(record({**STRUCTURED, "data": data}))
    assert (got.code, got.field) == ("schema_violation", "data")


@pytest.mark.parametrize(
    ("attribute", "value", "field"),
    [("id", 5, "event_id"), ("time", 1767225600120, "time"), ("specversion", 1, "specversion")],
)
def test_attributes_of_another_kind_are_refused(attribute: str, value: Any, field: str) -> None:
    """Attributes are strings."""
    got = read(record({**STRUCTURED, attribute: value}))
    assert (got.code, got.field) == ("schema_violation", field)


def test_a_null_attribute_is_no_attribute() -> None:
    """As in the payload."""
    assert read(record({**STRUCTURED, "subject": None, "partitionkey": None})) == read(
        record(PLAIN)
    )


def test_a_flat_touchpoint_with_a_specversion_stays_flat() -> None:
    """``event_id`` at the top makes it a touchpoint; ``data`` beside it is an unknown field."""
    flat = {**PLAIN, "specversion": "1.0", "data": {"event_id": "e-2"}}
    assert read(record(flat)) == read(record(PLAIN))


def test_producers_are_held_to_the_payload_in_either_mode() -> None:
    """Strict reading forbids unknown fields inside an event as well."""
    for make in MODES.values():
        assert read_strictly(sent(make(event(without(PLAIN, *FILLED))))) == read(record(PLAIN))
        got = read_strictly(sent(make(event({**PLAIN, "amountminor": 1}))))
        assert (got.code, got.field) == ("schema_violation", "amountminor")


def test_an_event_must_be_keyed_by_its_customer_too() -> None:
    """The record's key decides the partition, whatever the partitionkey attribute says."""
    got = read(sent(kafka.to_binary_event(event(example("case.closed"), type="case.closed",
        time=datetime(2026, 1, 1, tzinfo=UTC))), key=b"c-2"))  # fmt: skip
    assert got.code == "key_mismatch"
