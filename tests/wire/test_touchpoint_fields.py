"""A touchpoint with a wrong field: which one is named, and with which words."""

from typing import Any

import pytest

from streams.wire.touchpoint import Unreadable, read
from tests.schemas.examples import example
from tests.wire.records import GOOD, invoice, record, refused, without

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
