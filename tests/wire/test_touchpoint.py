"""Reading a record: what is read, what is refused as a whole, and how time is judged."""

import json
from typing import Any

import pytest

from schemas.touchpoints import TYPES
from streams.wire.touchpoint import DEFAULT_LIMITS, Limits, Unreadable, read, read_strictly
from tests.schemas.examples import NOW_MS, example
from tests.wire.records import GOOD, invoice, record, refused

DAY_MS = 86_400_000


def test_a_good_touchpoint_is_read() -> None:
    """Flat JSON, key = customer_id, recent: nothing else is asked."""
    got = read(record(GOOD))
    assert (got.type, got.customer_id, got.amount_minor) == ("invoice.issued", "c-1", 1250)
    assert got.occurred_at == NOW_MS


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_is_read(kind: str) -> None:
    """A plain example of each type of the catalogue is read, by consumers and producers alike."""
    assert read(record(example(kind))).type == kind
    assert read_strictly(record(example(kind))).type == kind


@pytest.mark.parametrize("way", [read, read_strictly])
def test_a_backslash_before_what_looks_like_half_a_pair_is_only_a_backslash(way: Any) -> None:
    r"""Two backslashes are one backslash, and ``ud83d`` after it five letters."""
    value = json.dumps(GOOD)[:-1].encode() + rb', "region": "\\ud83d", "locale": "\ud83d\ude00"}'
    got = way(record(value))
    assert (got.region, got.locale) == ("\\ud83d", "\U0001f600")
    assert read(record(value[:-2] + rb'\\\ud83d"}')).code == "invalid_utf8"


def test_an_unknown_field_is_kept_out_when_consuming_and_refused_when_producing() -> None:
    """Consumers are tolerant, so that producers can be newer; producers are strict."""
    assert read(record(invoice(amountminor=3))) == read(record(GOOD))
    assert refused(read_strictly(record(invoice(amountminor=3)))) == Unreadable(
        "schema_violation", "amountminor", 'is no field of this type; did you mean "amount_minor"?'
    )
    inner = read_strictly(record(invoice(actor={"kind": "bot", "name": "x"})))
    assert (inner.code, inner.field) == ("schema_violation", "actor.name")


DEEP = json.dumps(GOOD)[:-1].encode() + b', "x": ' + b"[" * 40 + b"]" * 40 + b"}"
STRAY = json.dumps(GOOD)[:-1].encode() + b', "x": "\xff"}'
WHOLE = {
    "null value": (record(None), "null_value", "customer.erasure_requested"),
    "no key": (record(GOOD, key=None), "bad_key", "raw UTF-8 of customer_id"),
    "empty key": (record(GOOD, key=b""), "bad_key", "is empty"),
    "long key": (record(GOOD, key=b"c" * 257), "bad_key", "257 bytes"),
    "key not UTF-8": (record(GOOD, key=b"\xff"), "bad_key", "not UTF-8"),
    "key of our own": (record(GOOD, key=b"\0progress"), "bad_key", "control character"),
    "other key": (record(GOOD, key=b"c-2"), "key_mismatch", "send its raw UTF-8"),
    "quoted key": (record(GOOD, key=b'"c-1"'), "key_mismatch", "JSON quotes"),
    "oversize": (record(invoice(x="y" * 65_536)), "oversize", "65536"),
    "oversize, not even JSON": (record(b"\xff" * 65_537), "oversize", "65537 bytes"),
    "many headers": (record(GOOD, headers=[("h", b"")] * 65), "hostile_headers", "65 headers"),
    "large headers": (record(GOOD, headers=[("h", b"x" * 20_000)]), "hostile_headers", "20001"),
    "header not UTF-8": (record(GOOD, headers=[("ce_id", b"\xff")]), "hostile_headers", "ce_id"),
    "deep": (record(DEEP), "too_deep", "32 levels"),
    "deep and endless": (record(b'{"a":' * 5000), "too_deep", "32 levels"),
    "not UTF-8": (record(b'{"a": "\xff"}'), "invalid_utf8", "Byte 7"),
    "not UTF-8 where nobody looks": (record(STRAY), "invalid_utf8", "not UTF-8"),
    "surrogate bytes": (record(b'{"a": "\xed\xa0\x80"}'), "invalid_utf8", "UTF-8"),
    "half a pair": (record(rb'{"a": "\ud83d"}'), "invalid_utf8", "surrogate"),
    "pair the wrong way round": (record(rb'{"a": "\ude00\ud83d"}'), "invalid_utf8", "surrogate"),
    "empty": (record(b""), "invalid_json", "is empty"),
    "cut short": (record(b'{"a": 1'), "invalid_json", "ends too early"),
    "byte order mark": (record(b"\xef\xbb\xbf{}"), "invalid_json", "byte order mark"),
    "NaN": (record(b'{"a": NaN}'), "invalid_json", "no NaN"),
    "two objects": (record(b"{}{}"), "invalid_json", "trailing characters"),
    "single quotes": (record(b"{'a': 1}"), "invalid_json", "byte 1"),
    "array": (record(b"[1]"), "schema_violation", "is an array; send one JSON object"),
    "scalar": (record(b"5"), "schema_violation", "is 5; send one JSON object"),
    "null": (record(b"null"), "schema_violation", "is null; send one JSON object"),
    "no record timestamp": (record(GOOD, timestamp_ms=-1), "bad_timestamp", "record timestamp"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_record_wrong_as_a_whole_has_its_code_and_a_hint(name: str) -> None:
    """Each kind of wrong record is told apart, and the hint says what to do."""
    bad, code, said = WHOLE[name]
    got = refused(read(bad))
    assert got.code == code
    assert said in got.hint


def test_time_is_judged_against_the_record_not_a_clock() -> None:
    """A replay of an old topic judges as the live reader did."""
    old = 1_400_000_000_000
    assert read(record(invoice(occurred_at=old), timestamp_ms=old)).occurred_at == old


@pytest.mark.parametrize(("ahead_ms", "code"), [(300_000, None), (300_001, "future_timestamp")])
def test_five_minutes_ahead_are_believed(ahead_ms: int, code: str | None) -> None:
    """Clocks differ; more than the skew is a wrong clock or a wrong unit."""
    got = read(record(invoice(occurred_at=NOW_MS + ahead_ms)))
    assert (got.code if isinstance(got, Unreadable) else None) == code


@pytest.mark.parametrize(("behind_ms", "code"), [(0, None), (1, "past_horizon")])
def test_a_live_touchpoint_beyond_the_horizon_is_refused(behind_ms: int, code: str | None) -> None:
    """What is older than what is kept would be judged without its context."""
    at = NOW_MS - DEFAULT_LIMITS.past_horizon_ms - behind_ms
    got = read(record(invoice(occurred_at=at)))
    assert (got.code if isinstance(got, Unreadable) else None) == code
    if code:
        assert got.field == "occurred_at"
        assert '"origin": "backfill"' in got.hint


@pytest.mark.parametrize("origin", ["backfill", "replay"])
def test_history_may_be_any_age(origin: str) -> None:
    """Backfill and replay are said to be old."""
    assert read(record(invoice(occurred_at=NOW_MS - 4000 * DAY_MS, origin=origin))).origin == origin


def test_limits_are_arguments() -> None:
    """Nothing about how much is read is fixed in the code."""
    tight = Limits(value_bytes=300, depth=1, header_count=0, future_skew_ms=0, past_horizon_ms=0)
    assert (
        refused(read(record(invoice(region="x" * 60, locale="y" * 60)), tight)).code == "oversize"
    )
    assert refused(read(record(invoice(actor={"kind": "bot"})), tight)).code == "too_deep"
    assert refused(read(record(GOOD, headers=[("a", b"")]), tight)).code == "hostile_headers"
    assert refused(read(record(invoice(occurred_at=NOW_MS + 1)), tight)).code == "future_timestamp"
    assert refused(read(record(invoice(occurred_at=NOW_MS - 1)), tight)).code == "past_horizon"
