"""Instants and days: what is one, and how many milliseconds it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.instants import MAX_INSTANT_MS, day_ms, instant_ms, rfc3339
from schemas.terms import Day, Instant

INSTANT, DAY = TypeAdapter(Instant), TypeAdapter(Day)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-01-01T00:00:00Z", 1767225600000),
        ("2026-01-01t00:00:00z", 1767225600000),
        ("2026-01-01 00:00:00+00:00", 1767225600000),
        ("2026-01-01T05:30:00+05:30", 1767225600000),
        ("2026-01-01T05:30:00+0530", 1767225600000),
        ("2025-12-31T16:00:00-08:00", 1767225600000),
        ("2026-01-01T00:00:00.5Z", 1767225600500),
        ("2026-01-01T00:00:00.1239Z", 1767225600123),
        ("2026-01-01T00:00:00.123456789Z", 1767225600123),
        ("2026-01-01T00:00:00.1239994Z", 1767225600123),
        ("2026-01-01T00:00:00.1239995Z", 1767225600124),
        ("2024-02-29T12:00:00Z", 1709208000000),
        ("9999-12-31T23:59:59.999Z", MAX_INSTANT_MS),
    ],
)
def test_rfc3339_with_an_offset_is_an_instant(text: str, ms: int) -> None:
    """Offsets are honoured, digits below the millisecond dropped (after rounding to
    microseconds, as every datetime type does)."""
    assert INSTANT.validate_python(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00Z", "20260101T000000Z",
        "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-02-29T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00+01",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", " 2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z\n", "٢٠٢٦-01-01T00:00:00Z", "2026-W01-1T00:00:00Z",
        "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59-01:00", "1767225600000",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_instant_is_refused(text: str) -> None:
    """No offset, no such moment, another notation, outside 1970 to 9999."""
    with pytest.raises(ValidationError):
        INSTANT.validate_python(text)


@pytest.mark.parametrize("value", [10_000_000_000, 1767225600000, MAX_INSTANT_MS])
def test_an_integer_is_epoch_milliseconds(value: int) -> None:
    """From April 1970 on: smaller ones are seconds."""
    assert INSTANT.validate_python(value) == value


@pytest.mark.parametrize(
    "value",
    [-1, 0, 1767225600, 9_999_999_999, MAX_INSTANT_MS + 1, 1767225600000.0, True, None, b"x"],
)
def test_seconds_floats_and_the_rest_are_refused(value: object) -> None:
    """A unit is never guessed."""
    with pytest.raises(ValidationError):
        INSTANT.validate_python(value)


@given(st.integers(0, MAX_INSTANT_MS))
def test_writing_an_instant_and_reading_it_gives_it_back(ms: int) -> None:
    """RFC 3339 in UTC with milliseconds; the standard library agrees on what it says."""
    text = rfc3339(ms)
    assert instant_ms(text) == ms
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert datetime.fromisoformat(text) == epoch + timedelta(milliseconds=ms)
    assert INSTANT.dump_json(ms) == f'"{text}"'.encode()


@given(st.dates().filter(lambda day: day.year >= 1970))
def test_a_day_is_its_midnight_utc(day: object) -> None:
    """Written out again it is the day."""
    ms = DAY.validate_python(str(day))
    assert ms == day_ms(str(day)) == instant_ms(f"{day}T00:00:00Z")
    assert DAY.dump_json(ms) == f'"{day}"'.encode()


@pytest.mark.parametrize(
    "value",
    ["2026-1-1", "20260101", "2026-02-30", "1969-12-31", "2026-01-01Z", 1767225600000, None],
)
def test_nothing_else_is_a_day(value: object) -> None:
    """Not even milliseconds: a day has no time zone."""
    with pytest.raises(ValidationError):
        DAY.validate_python(value)
