"""Reading a record: what is read, what is refused, in which order, and with which words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.dead_letters import CODES
from schemas.touchpoints import TYPES
from streams.engine.record import Record
from streams.wire.judge import judge
from streams.wire.touchpoint import DEFAULT_LIMITS, Limits, Unreadable, read, read_strictly
from tests.schemas.examples import NOW_MS, example
from tests.wire.records import invoice, record, without
from tests.wire.test_decoder import by_contract, meddled

GOOD = invoice()
DAY_MS = 86_400_000


def refused(got: Any) -> Unreadable:
    """The refusal, which must be one of the closed list and have a hint to act on."""
    assert isinstance(got, Unreadable), got
    assert got.code in CODES
    assert got.hint.strip()
    return got


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


# --- The record as a whole ------------------------------------------------------------------------

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


# --- Fields ---------------------------------------------------------------------------------------

INSTANT = 'send RFC 3339 with an offset, "2026-11-22T04:24:44Z", or integer epoch milliseconds.'
FIELDS = [
    ({"amount_minor": "12.50"}, "amount_minor",
     '"12.50" is a string; send minor units as an integer, 1250.'),
    ({"amount_minor": 12.5}, "amount_minor",
     "12.5 is a fraction; send minor units as an integer, 1250."),
    ({"amount_minor": True}, "amount_minor",
     "true is a boolean; send minor units as an integer."),
    ({"amount_minor": 10**400}, "amount_minor", "it must be at most 1e+13."),
    ({"amount_minor": None}, "amount_minor", "is null; send minor units as an integer."),
    ({"line_items": "3"}, "line_items", '"3" is a string; send it as an integer, 3.'),
    ({"line_items": 3.0}, "line_items", "3.0 is a fraction; send it as an integer, 3."),
    ({"line_items": -1}, "line_items", "-1 is out of range; it must be at least 0."),
    ({"plan_changed": 1}, "plan_changed",
     "1 is an integer; send true or false, without quotes."),
    ({"currency": "eur"}, "currency", '"eur" is no currency code; send capitals, "EUR".'),
    ({"currency": "€"}, "currency", '"€" is too short; send 3 characters.'),
    ({"occurred_at": 1767225600}, "occurred_at",
     "1767225600 looks like epoch seconds; send milliseconds, 1767225600000."),
    ({"occurred_at": 1767225600000000}, "occurred_at",
     "1767225600000000 looks like epoch microseconds; send milliseconds, 1767225600000."),
    ({"occurred_at": 1767225600000000000}, "occurred_at",
     "1767225600000000000 looks like epoch nanoseconds; send milliseconds, 1767225600000."),
    ({"occurred_at": "1767225600000"}, "occurred_at",
     '"1767225600000" is a string of digits; send the integer without quotes.'),
    ({"occurred_at": 1767225600000.0}, "occurred_at",
     "1767225600000.0 is neither a string nor an integer; " + INSTANT),
    ({"occurred_at": "2026-01-01T00:00:00"}, "occurred_at",
     '"2026-01-01T00:00:00" has no offset; say which, e.g. "2026-01-01T00:00:00Z" for UTC.'),
    ({"occurred_at": "yesterday"}, "occurred_at",
     '"yesterday" is not an RFC 3339 instant with an offset; ' + INSTANT),
    ({"due_on": "14.2.2026"}, "due_on",
     '"14.2.2026" is not a day of the form YYYY-MM-DD; send "YYYY-MM-DD".'),
    ({"channel": "Phone"}, "channel", '"Phone" is not in the list; did you mean "phone"?'),
    ({"channel": "fax"}, "channel", '"fax" is not in the list; send "phone", "email"'),
    ({"event_id": "x" * 65}, "event_id", "has 65 characters; at most 64 are read."),
    ({"event_id": ""}, "event_id", "is empty; send its value, or leave the field out"),
    ({"source": 5}, "source", "5 is an integer; send a string, in quotes."),
    ({"actor": "ana"}, "actor", '"ana" is a string; send an object.'),
    ({"actor": {"kind": "agnet"}}, "actor.kind", 'did you mean "agent"?'),
    ({"pii": "email"}, "pii", '"email" is a string; send an array.'),
    ({"pii": ["email", 5]}, "pii[1]", "5 is an integer; send a string, in quotes."),
    ({"pii": ["x"] * 65}, "pii", "has 65 entries; at most 64 are read."),
    ({"customer_id": 1}, "customer_id", "is an integer; send a string, in quotes."),
    ({"customer_id": "é" * 129}, "customer_id", "is longer than 256 UTF-8 bytes."),
    ({"type": None}, "type", 'is missing; say what happened, e.g. "type": "contact.started".'),
    ({"type": ["a"]}, "type", 'is an array; send a string, e.g. "contact.started".'),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "said"), FIELDS, ids=lambda part: str(part)[:40])
def test_a_wrong_field_is_named_with_what_to_send(
    change: dict[str, Any], field: str, said: str
) -> None:
    """The hint is written for the producer's developer: what is there, what to send."""
    got = refused(read(record(invoice(**change))))
    assert (got.code, got.field) == ("schema_violation", field)
    assert said in got.hint


def test_a_missing_field_is_named_with_the_name_it_may_go_by() -> None:
    """A field under another name is the usual reason for a missing one."""
    got = refused(read(record({**without(GOOD, "amount_minor"), "amount": 1250})))
    assert got == Unreadable(
        "schema_violation", "amount_minor",
        'is missing (there is "amount"); this type cannot do without it.',
    )  # fmt: skip


def test_further_wrong_fields_are_counted() -> None:
    """The first is explained, the others are announced."""
    got = refused(read(record(invoice(amount_minor="1", line_items="1", unknown="ignored"))))
    assert got.hint.endswith("(1 more is wrong.)")


def test_an_unknown_type_is_told_apart_and_the_nearest_is_offered() -> None:
    """A newer producer's type waits in the dead letters; a typing error is named."""
    got = refused(read(record(invoice(type="invoice.isued"))))
    assert got == Unreadable(
        "unknown_type", "type",
        '"invoice.isued" is no touchpoint type; did you mean "invoice.issued"?',
    )  # fmt: skip


def test_a_score_off_its_own_scale_is_refused() -> None:
    """A score means nothing without its scale, nor beyond it."""
    survey = example("survey.responded", kind="csat")
    assert read(record(survey)).score == 4
    for change, field in [
        ({"score": 6}, "score"),
        ({"scale_max": 1}, "scale_max"),
        ({"scale_min": None}, "scale_min"),
        ({"higher_is_better": None}, "higher_is_better"),
    ]:
        got = refused(read(record({**survey, **change})))
        assert (got.code, got.field) == ("schema_violation", field)
    bare = without(survey, "score", "scale_min", "scale_max", "higher_is_better")
    assert read(record({**bare, "kind": "exit"})).score is None
    assert refused(read(record(bare))).field == "score"


def test_a_hint_does_not_quote_who_the_customer_is() -> None:
    """Hints are shown and logged where customer ids must not be."""
    got = refused(read(record(invoice(customer_id=4_711))))
    assert "4711" not in got.hint
    assert "c-1" not in refused(read(record(GOOD, key=b"c-9"))).hint


# --- Time -----------------------------------------------------------------------------------------


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


# --- Laws -----------------------------------------------------------------------------------------

raw = st.one_of(
    st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore"))
)
headers = st.lists(
    st.tuples(
        st.sampled_from(["ce_id", "ce_type", "ce_time", "content-type", "x"]) | st.text(max_size=5),
        st.none() | st.binary(max_size=20),
    ),
    max_size=5,
)


@settings(max_examples=500, deadline=None)
@given(st.none() | raw, st.none() | st.binary(max_size=20), headers, st.integers(-1, 2**62))
def test_no_bytes_make_it_raise(
    value: bytes | None, key: bytes | None, some: list[tuple[str, bytes]], timestamp_ms: int
) -> None:
    """Anything at all is a touchpoint or a refusal."""
    refused(read(Record(0, timestamp_ms, key, value, some)))


@settings(max_examples=300, deadline=None)
@given(meddled(), st.data())
def test_a_torn_or_flipped_touchpoint_never_raises(
    payload: dict[str, Any], data: st.DataObject
) -> None:
    """Neither do bytes that nearly are a touchpoint: cut, flipped, doubled."""
    value = bytearray(json.dumps(payload, ensure_ascii=data.draw(st.booleans())).encode())
    for at in data.draw(st.lists(st.integers(0, len(value) - 1), max_size=3)):
        value[at] = data.draw(st.integers(0, 255))
    value = value[: data.draw(st.integers(0, len(value)))]
    bad = Record(0, NOW_MS, str(payload.get("customer_id")).encode(), bytes(value), ())
    got = read(bad)
    if isinstance(got, Unreadable):
        refused(got)


fragments = st.sampled_from([
    "1", "1.0", "1e2", "-0", "1E400", "-1e-400", "01", "1.", ".5", "9" * 30, "9" * 5000, "NaN",
    "Infinity", "null", "true", '"x"', r'"\ud800"', r'"\ud83d\ude00"', r'"\u0000"', '"\t"', "[]",
    '{"l1":"a","l1":"b"}', '{"kind":"bot","kind":5}', '{"kind":5,"kind":"bot"}', '"case.closed"',
    '"2026-01-01T00:00:00Z"', "[" * 31 + "]" * 31, "[" * 40 + "]" * 40, "[[]" * 20 + "]" * 20,
])  # fmt: skip
names = st.sampled_from(["type", "event_id", "occurred_at", "schema_version", "reason", "actor",
                         "score", "pii", "x", r"sc\u006fre", "schema_\\u0076ersion"])  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(st.tuples(names, fragments), max_size=4), st.booleans())
def test_the_short_way_and_the_long_way_agree(parts: list[tuple[str, str]], first: bool) -> None:
    """Raw JSON with doubled keys and odd numbers: ``read`` says what ``judge`` alone would say."""
    plain = json.dumps(example("review.posted", score=4))[1:-1]
    odd = ",".join(f'"{name}":{fragment}' for name, fragment in parts)
    both = [odd, plain] if first else [plain, odd]
    value = ("{" + ",".join(part for part in both if part) + "}").encode()
    bad = record(value)
    got = read(bad)
    assert got == judge(bad, DEFAULT_LIMITS)
    if not isinstance(got, Unreadable):
        assert got == by_contract(json.loads(value, parse_int=lambda digits: int(digits[:300])))
    elif got.code in ("invalid_json", "invalid_utf8", "too_deep"):
        assert odd
    else:
        assert by_contract(json.loads(value, parse_int=lambda d: int(d[:300]))) is None
