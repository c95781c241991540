"""Laws of reading: no bytes make it raise, and its short way says what the long one says."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.engine.record import Record
from streams.wire.judge import judge
from streams.wire.touchpoint import DEFAULT_LIMITS, Unreadable, read
from tests.schemas.examples import NOW_MS, example
from tests.wire.records import record, refused
from tests.wire.test_decoder import by_contract, meddled

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
