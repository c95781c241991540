"""The fast decoder and the pydantic contract accept and refuse alike, with the same values."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.touchpoints import TYPES
from schemas.touchpoints.envelope import Envelope
from streams.wire.decoder import STRUCTS, Touchpoint, convert, decode, from_model, instant_ms
from tests.schemas.examples import example, payloads

ENVELOPE_FIELDS = list(Envelope.model_fields.values())
REFUSED = (msgspec.MsgspecError, ValueError)

any_payload = st.sampled_from(sorted(TYPES)).flatmap(lambda kind: payloads(TYPES[kind]))

# Whatever a careless, clever or hostile producer may put where something else belongs.
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, -0.0, 0.5, 6, 1e300, 2**53, 2**63, 2**64, 10**400, "", "1",
    "1.0", "true", "null", "NaN", [], {}, [1], [None], {"l1": "x"}, {"l1": 1}, {"kind": "agent"},
    {"kind": "agent", "id": ""}, {"x": 1.0}, {"x": -1}, ["x"] * 65, ["x" * 65], ["x" * 129],
    "x" * 64, "x" * 65, "x" * 129, "x" * 257, "x" * 513, "é" * 64, "é" * 128, "é" * 129, "\x00",
    "c\x85", "c\x7f", "\u2028", "eur", "EU", "EURO", "ÉUR", "USD", "resolved", "Resolved",
    "2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01", "2026-02-30", "2026-1-1",
    "2026-01-01T00:00:00.0009994Z", "2026-01-01T00:00:00.0009995Z", "2026-01-01T00:00:00.9999999Z",
    "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+01:00",
    "2026-01-01T24:00:00Z", "2026-01-01T23:59:60Z", "2026-01-01T00:00:00+24:00", "1969-12-31",
    1767225600, 1767225600000, 1767225600000.0, 1767225600000000, 9_999_999_999, 10**10,
    253402300799999, 253402300800000,
]  # fmt: skip
odd_values = st.one_of(
    st.sampled_from(ODD), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=70), st.lists(st.text(max_size=3), max_size=70),
    st.dictionaries(st.text(max_size=3), st.integers()),
)  # fmt: skip


@st.composite
def meddled(draw: st.DrawFn) -> dict[str, Any]:
    """A valid payload in which up to three fields were changed, dropped or added."""
    payload = dict(draw(any_payload))
    fields = [*TYPES[payload["type"]].model_fields, "unknown_field"]
    for field in draw(st.lists(st.sampled_from(fields), max_size=3)):
        if field != "type" and draw(st.booleans()):
            payload[field] = draw(odd_values)
        elif field != "type":
            payload.pop(field, None)
    return payload


def by_contract(payload: Any) -> Touchpoint | None:
    """What the pydantic contract makes of a payload."""
    if str(payload.get("type")) not in TYPES:
        return None
    try:
        return from_model(TYPES[payload["type"]].model_validate(payload))
    except ValidationError:
        return None


def by_decoder(value: bytes) -> Touchpoint | None:
    """What the derived decoder makes of the same payload's bytes."""
    try:
        return decode(value)
    except REFUSED:
        return None


@settings(max_examples=150, deadline=None)
@given(any_payload)
def test_what_the_contract_accepts_is_decoded_to_the_same_values(payload: dict[str, Any]) -> None:
    """A valid payload of any type decodes to what the model holds."""
    accepted = by_contract(payload)
    assert accepted is not None
    assert by_decoder(json.dumps(payload).encode()) == accepted
    assert by_decoder(json.dumps(payload, ensure_ascii=False).encode()) == accepted


@settings(max_examples=400, deadline=None)
@given(meddled())
def test_both_accept_and_refuse_the_same_payloads(payload: dict[str, Any]) -> None:
    """Whatever is put into a field, both say the same about it, and read the same from it."""
    assert by_decoder(json.dumps(payload).encode()) == by_contract(payload)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_both_say_the_same_of_every_odd_value_in_every_field(kind: str) -> None:
    """Not left to chance: each field of each type, with each oddity."""
    fields = set(TYPES[kind].model_fields) - {"type"}
    if kind != "case.closed":  # the envelope's own fields are the same in every type
        fields = {f for f in fields if TYPES[kind].model_fields[f] not in ENVELOPE_FIELDS}
    good = example(kind)
    for field in sorted(fields):
        for value in ODD:
            payload = good | {field: value}
            read = by_decoder(json.dumps(payload).encode())
            assert read == by_contract(payload), (field, value)


@settings(max_examples=100, deadline=None)
@given(meddled())
def test_a_parsed_payload_is_converted_as_its_bytes_are_decoded(payload: dict[str, Any]) -> None:
    """``convert`` (for CloudEvents) is ``decode`` without the JSON."""
    try:
        converted = convert(payload)
    except REFUSED:
        converted = None
    assert converted == by_decoder(json.dumps(payload).encode())


@settings(max_examples=400, deadline=None)
@given(
    st.from_regex(
        r"\A[0-9]{4}-[01][0-9]-[0-3][0-9][Tt _][0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.,][0-9]{0,12})?"
        r"([Zz]|[+-][0-2][0-9]:?[0-6][0-9]|)\Z"
    )
)
def test_an_instant_means_the_same_on_both_ways(text: str) -> None:
    """Near misses of RFC 3339 too: separators, leap seconds, offsets, any number of digits."""
    payload = example("case.closed", occurred_at=text)
    accepted = by_contract(payload)
    assert by_decoder(json.dumps(payload).encode()) == accepted
    if accepted is not None:
        assert instant_ms(text) == accepted.occurred_at


@settings(deadline=None)
@given(st.from_regex(r"\A[0-9]{4}-?[01][0-9]-?[0-3][0-9]( |Z)?\Z"))
def test_a_day_means_the_same_on_both_ways(text: str) -> None:
    """A day is YYYY-MM-DD and nothing like it."""
    payload = example("renewal.window_opened", ends_on=text)
    assert by_decoder(json.dumps(payload).encode()) == by_contract(payload)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_has_a_struct_with_its_models_fields(kind: str) -> None:
    """A new type is one class: its Struct, with the same fields and defaults, follows by itself."""
    struct, model = STRUCTS[kind], TYPES[kind]
    assert struct.type == kind
    assert {*struct.__struct_fields__, "type"} == set(model.model_fields)
    read = decode(json.dumps(example(kind)).encode())
    assert type(read) is struct
    assert read.type == kind
    for name, info in model.model_fields.items():
        if not info.is_required() and name not in example(kind):
            assert getattr(read, name) == info.default


def test_instants_and_days_become_epoch_milliseconds_in_place() -> None:
    """Text or integer, an instant is an int afterwards; a day is its midnight UTC."""
    invoice = example("invoice.issued", occurred_at="2026-01-01T01:00:00.1239+01:00",
                      produced_at=1767225600000, due_on="2026-02-14")  # fmt: skip
    read = decode(json.dumps(invoice).encode())
    assert read.occurred_at == 1767225600123
    assert read.produced_at == 1767225600000
    assert read.due_on == 1771027200000
    assert read.ingested_at is None


def test_nested_objects_are_read_by_attribute() -> None:
    """``reason`` and ``actor`` are objects with their own fields."""
    contact = example("contact.started", reason={"l1": "billing", "x": 1}, actor={"kind": "agent"})
    read = decode(json.dumps(contact).encode())
    assert (read.reason.l1, read.reason.l2, read.actor.kind) == ("billing", None, "agent")


def test_a_struct_is_made_by_hand_with_what_a_spec_needs() -> None:
    """Specs of the engine build touchpoints without bytes."""
    made = STRUCTS["case.closed"](
        event_id="e", source="s", customer_id="c", case_id="cs", occurred_at=5
    )
    assert (made.occurred_at, made.origin, made.channel) == (5, "live", None)
