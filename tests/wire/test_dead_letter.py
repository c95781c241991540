"""A dead letter is the original record with its reason beside it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.dead_letters import CODES
from streams.engine.record import Record
from streams.wire.dead_letter import dead_letter
from streams.wire.headers import forwardable
from streams.wire.touchpoint import Limits, Unreadable, read
from tests.schemas.examples import NOW_MS
from tests.wire.records import invoice, record

BAD = record(invoice(amount_minor="12.50"), headers=[("trace", b"t"), ("trace", b"u"), ("n", None)])
WHY = read(BAD)


def test_the_original_is_untouched_and_keeps_its_partition_number() -> None:
    """Key, value, headers in order with doubles, timestamp: as they were."""
    sent = dead_letter(BAD, WHY, "cx.touchpoints.v1", 3)
    assert (sent.topic, sent.partition) == ("touchpoints.v1.dlq", 3)
    assert (sent.key, sent.value, sent.timestamp_ms) == (BAD.key, BAD.value, NOW_MS)
    assert sent.headers[:3] == list(BAD.headers)


def test_the_reason_is_in_the_headers() -> None:
    """Kafka Streams' names for tools, ours for the one who mends it."""
    assert dead_letter(BAD, WHY, "cx.touchpoints.v1", 3).headers[3:] == [
        ("__streams.errors.exception", b"schema_violation"),
        ("__streams.errors.message", b"amount_minor: " + WHY.hint.encode()),
        ("__streams.errors.topic", b"cx.touchpoints.v1"),
        ("__streams.errors.partition", b"3"),
        ("__streams.errors.offset", b"7"),
        ("cx.error.code", b"schema_violation"),
        ("cx.error.field", b"amount_minor"),
        ("cx.error.hint", b'"12.50" is a string; send minor units as an integer, 1250.'),
    ]


@pytest.mark.parametrize("value", [None, b"", b"\xff\x00", b"x" * 70_000])
def test_any_value_is_carried_as_it_is(value: bytes | None) -> None:
    """Nothing is parsed, re-encoded or echoed."""
    bad = record(value, key=None)
    sent = dead_letter(bad, read(bad), "t", 0)
    assert (sent.key, sent.value) == (None, value)


def test_headers_beyond_the_limits_are_left_out_and_counted() -> None:
    """A dead letter must be small enough to be sent; it says how many are missing."""
    bad = record(invoice(), headers=[(f"h{i}", b"x") for i in range(70)])
    sent = dead_letter(bad, read(bad), "t", 0)
    assert sent.headers[:64] == list(bad.headers)[:64]
    assert ("cx.error.headers_dropped", b"6") in sent.headers
    large = record(invoice(), headers=[("a", b"1"), ("b", b"x" * 20_000), ("c", b"2")])
    sent = dead_letter(large, read(large), "t", 0)
    assert sent.headers[0] == ("a", b"1")
    assert ("cx.error.headers_dropped", b"2") in sent.headers


def test_a_value_that_no_topic_would_take_is_cut_and_its_size_told() -> None:
    """Otherwise one record at the broker's limit could never be set aside, and stop the stream."""
    bad = record(b"x" * 1_040_000)
    sent = dead_letter(bad, read(bad), "t", 0)
    assert sent.value == b"x" * 900_000
    assert ("cx.error.value_bytes", b"1040000") in sent.headers
    assert b"cx.error" not in dead_letter(BAD, WHY, "t", 0).value


def test_a_dead_letter_that_fails_again_tells_of_the_last_failure_only() -> None:
    """Replayed dead letters do not gather headers."""
    once = dead_letter(BAD, WHY, "t", 3)
    again = Record(9, NOW_MS, once.key, once.value, once.headers)
    assert read(again) == WHY
    twice = dead_letter(again, WHY, "t", 3)
    assert [h for h in twice.headers if "offset" in h[0]] == [("__streams.errors.offset", b"9")]
    assert len(twice.headers) == len(once.headers)


def test_a_record_without_a_timestamp_gets_one_that_can_be_sent() -> None:
    """-1 means none; a client would refuse to send it."""
    bad = record(invoice(), timestamp_ms=-1)
    assert dead_letter(bad, read(bad), "t", 0).timestamp_ms == 0


def test_a_long_hint_is_cut_at_a_character() -> None:
    """Header values stay short and UTF-8."""
    why = Unreadable("invalid_json", "x" * 5000, "é" * 5000)
    for name, value in dead_letter(BAD, why, "t", 0).headers[3:]:
        assert len(value) <= 1024, name
        value.decode()


@settings(max_examples=200, deadline=None)
@given(
    st.none() | st.binary(max_size=50),
    st.none() | st.binary(max_size=50),
    st.lists(st.tuples(st.text(max_size=10), st.none() | st.binary(max_size=10)), max_size=5),
)
def test_every_refused_record_has_a_dead_letter(key, value, headers) -> None:
    """With a code of the closed list, and headers Kafka can carry."""
    bad = Record(0, NOW_MS, key, value, headers)
    why = read(bad)
    sent = dead_letter(bad, why, "t", 0, Limits())
    assert (sent.key, sent.value) == (key, value)
    told = dict(sent.headers)
    assert told["cx.error.code"].decode() in CODES
    assert told["cx.error.hint"]
    assert all(raw is None or isinstance(raw, bytes) for _, raw in sent.headers)


def test_faust_headers_do_not_travel_on() -> None:
    """A producer must not make an agent answer into a topic it names."""
    headers = [
        ("Faust-Ag-ReplyTo", b"app-changelog"), ("faust-ag-correlationid", b"1"), ("ce_id", b"e-1"),
        ("x", None), ("cx.error.code", b"oversize"), ("__streams.errors.topic", b"t"),
    ]  # fmt: skip
    assert forwardable(headers) == [("ce_id", b"e-1"), ("x", None)]
