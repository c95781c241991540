"""JSONL records: a file can carry anything a topic can, and no line is ever an error."""

import json
from base64 import b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.wire import jsonl

TOUCHPOINT = {
    "event_id": "e-1",
    "source": "urn:shop",
    "type": "contact.started",
    "customer_id": "c-1",
    "occurred_at": "2026-01-02T03:04:05.678Z",
}
INSTANT_MS = 1_767_323_045_678


def line_of(**changes: object) -> bytes:
    """A plain line with some fields changed."""
    return json.dumps({**TOUCHPOINT, **changes}).encode()


def wrapped(**record: object) -> bytes:
    """A wrapped line."""
    return json.dumps({"record": record}).encode()


def b64(content: bytes) -> str:
    """Bytes as base64 text."""
    return b64encode(content).decode()


def test_plain_line_is_its_own_value_keyed_by_its_customer_at_its_instant() -> None:
    """A plain line: value = the line's bytes, key = customer_id, timestamp = occurred_at."""
    line = line_of()
    assert jsonl.read(line + b"\n") == (b"c-1", line, (), INSTANT_MS)


def test_key_is_the_customer_id_in_utf8() -> None:
    """The key is the raw UTF-8 of the customer id, also where JSON escapes it."""
    assert jsonl.read(line_of(customer_id="kund-ß-客")).key == "kund-ß-客".encode()


@pytest.mark.parametrize(
    ("occurred_at", "expected_ms"),
    [
        ("2026-01-02T03:04:05Z", INSTANT_MS - 678),
        ("2026-01-02T04:04:05.678+01:00", INSTANT_MS),
        ("2026-01-02T03:04:05.678999Z", INSTANT_MS),
        (INSTANT_MS, INSTANT_MS),
        ("2026-01-02 04:04:05.678+0100", INSTANT_MS),
        ("1970-01-01T00:00:00Z", 0),
    ],
)
def test_instants_become_epoch_milliseconds(occurred_at: object, expected_ms: int) -> None:
    """All the contract takes as an instant; digits below the millisecond are cut."""
    assert jsonl.read(line_of(occurred_at=occurred_at)).timestamp_ms == expected_ms


@pytest.mark.parametrize(
    "occurred_at",
    ["1969-12-31T23:59:59.999Z", "2026-01-02T03:04:05", "yesterday", -5, 1.5, None, {}, ""],
)
def test_unreadable_instant_takes_the_given_one(occurred_at: object) -> None:
    """What is no instant of the contract is replaced; key and value stay."""
    line = line_of(occurred_at=occurred_at)
    assert jsonl.read(line, 77) == (b"c-1", line, (), 77)


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b'{"customer_id": "c-1"',
        b'{"customer_id": "c-\xff"}',
        b'{"customer_id": "c-\\ud800"}',
        b'{"customer_id": "c-1", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[]",
        b"null",
        b'"c-1"',
        b"\x00\xff\xfe",
        b'{"customer_id": 7}',
        b'{"event_id": "e-1"}',
    ],
    ids=range(11),
)
def test_line_without_a_readable_customer_has_no_key_and_keeps_its_bytes(line: bytes) -> None:
    """Never an exception: the record goes on, with its bytes intact, to be called unreadable."""
    assert jsonl.read(line, 9) == (None, line, (), 9)


@pytest.mark.parametrize(
    "customer",
    [
        {"data": {"customer_id": "c-1"}},
        {"data": {}, "partitionkey": "c-1"},
        {"data": {}, "subject": "c-1"},
    ],
)
def test_cloudevents_structured_line_is_keyed_by_its_customer(customer: dict[str, object]) -> None:
    """In a CloudEvents envelope customer and instant stand in ``data`` or in the attributes."""
    event = {"specversion": "1.0", "type": "contact.started", "time": "2026-01-02T03:04:05.678Z"}
    line = json.dumps(event | customer).encode()
    assert jsonl.read(line) == (b"c-1", line, (), INSTANT_MS)


def test_wrapped_line_carries_a_record_byte_for_byte() -> None:
    """Key, value, headers (in order, repeated, without value) and timestamp come back."""
    line = wrapped(
        key_b64=b64(b"\xffkey"),
        value_b64=b64(b"line one\nline two"),
        headers=[["a", b64(b"\x00")], ["a", b64(b"")], ["b", None]],
        timestamp_ms=123,
    )
    assert jsonl.read(line) == (
        b"\xffkey",
        b"line one\nline two",
        (("a", b"\x00"), ("a", b""), ("b", None)),
        123,
    )


def test_wrapped_line_tells_no_bytes_from_empty_bytes() -> None:
    """A tombstone is not an empty value, a missing key not an empty one."""
    line = wrapped(key_b64=None, value_b64=None, timestamp_ms=1)
    assert jsonl.read(line)[:2] == (None, None)
    line = wrapped(key_b64="", value_b64="", timestamp_ms=1)
    assert jsonl.read(line)[:2] == (b"", b"")


@pytest.mark.parametrize(
    "line",
    [
        wrapped(key_b64="!!", value_b64=""),
        wrapped(key_b64="YQ", value_b64=""),
        wrapped(value_b64=""),
        wrapped(key_b64=1, value_b64=""),
        wrapped(key_b64="", value_b64="", partition=3),
        wrapped(key_b64="", value_b64="", timestamp_ms="1"),
        b'{"record": 7}',
        b'{"record": null}',
    ],
    ids=range(8),
)
def test_faulty_wrapper_is_a_record_like_any_other_unreadable_line(line: bytes) -> None:
    """A wrapper that is not one becomes the value itself, so that it is seen and not guessed at."""
    assert jsonl.read(line, 5) == (None, line, (), 5)


def test_read_all_skips_blank_lines_and_carries_time_on() -> None:
    """Blank lines are nobody's; a line without an instant takes the one of the line before."""
    lines = [b"bad\n", b"\n", line_of() + b"\n", b"  \r\n", b"bad\n"]
    read = list(jsonl.read_all(lines))
    assert [carried.timestamp_ms for carried in read] == [0, INSTANT_MS, INSTANT_MS]


def test_ordinary_touchpoint_is_written_plain() -> None:
    """Files stay readable: a record that says nothing beyond its value is its value."""
    value = line_of()
    assert jsonl.write(b"c-1", value, (), INSTANT_MS) == value + b"\n"


@pytest.mark.parametrize(
    ("key", "headers", "timestamp_ms"),
    [
        (b"c-2", (), INSTANT_MS),
        (None, (), INSTANT_MS),
        (b"c-1", (), 0),
        (b"c-1", (("h", b""),), INSTANT_MS),
    ],
)
def test_record_that_says_more_than_its_value_is_wrapped(
    key: bytes | None, headers: tuple[tuple[str, bytes], ...], timestamp_ms: int
) -> None:
    """Another key, another timestamp or any header would be lost in a plain line."""
    line = jsonl.write(key, line_of(), headers, timestamp_ms)
    assert line.startswith(b'{"record"')
    assert jsonl.read(line) == (key, line_of(), headers, timestamp_ms)


VALUES = st.one_of(
    st.none(),
    st.binary(max_size=60),
    st.builds(line_of, customer_id=st.sampled_from(["c-1", "", 3, None])),
    st.sampled_from([b"", b" ", b"\n", b"\r\n", wrapped(key_b64=None, value_b64=None)]),
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


@given(
    key=st.one_of(st.none(), st.just(b"c-1"), st.binary(max_size=8)),
    value=VALUES,
    headers=st.lists(st.tuples(TEXT, st.one_of(st.none(), st.binary(max_size=8))), max_size=3),
    timestamp_ms=st.one_of(st.just(INSTANT_MS), st.just(0), st.integers(0, 2**53)),
)
@example(key=None, value=line_of(customer_id=3), headers=[], timestamp_ms=INSTANT_MS)
def test_every_record_survives_a_file(
    key: bytes | None,
    value: bytes | None,
    headers: list[tuple[str, bytes | None]],
    timestamp_ms: int,
) -> None:
    """Law: what is written is one line, and reading it gives the record back."""
    line = jsonl.write(key, value, headers, timestamp_ms)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert list(jsonl.read_all([line])) == [(key, value, tuple(headers), timestamp_ms)]


@given(st.binary(max_size=200))
def test_no_line_raises(line: bytes) -> None:
    """Law: bytes of any kind become a record."""
    carried = jsonl.read(line, 3)
    assert carried.value is None or isinstance(carried.value, bytes)
