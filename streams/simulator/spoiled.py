"""Records nobody can read: of every kind the contract knows, each with the code it must get.

Every fault is one function here that spoils a good touchpoint; the codes are those of
``schemas.dead_letters``. Only what a topic can carry is made: a record without a timestamp
(``bad_timestamp``) is not, no current producer can send one.
"""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from schemas.dead_letters import Code
from streams.simulator.telling import DAY_MS, Touchpoint, instant

Headers = tuple[tuple[str, bytes | None], ...]


class Spoiled(NamedTuple):
    """One unreadable record and what must be said about it.

    Args:
        key: raw key bytes, or None.
        value: raw value bytes, or None.
        headers: (name, bytes) pairs.
        timestamp_ms: record timestamp, epoch ms.
        code: the code its dead letter must bear.
        field: the field path it must name; "" when the record as a whole is at fault.
        fault: which fault it is, for a test's or a reader's eye.
    """

    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int
    code: Code
    field: str
    fault: str


class _Good:
    """A touchpoint that could be read, to be spoiled."""

    def __init__(self, rng: Random, number: int, at_ms: int) -> None:
        self.rng = rng
        self.at_ms = at_ms
        self.customer_id = f"c-{rng.randrange(1_000_000):06d}"
        self.touchpoint: Touchpoint = {
            "event_id": f"spoiled-{number}",
            "source": "urn:billing:eu",
            "type": "invoice.issued",
            "schema_version": 1,
            "customer_id": self.customer_id,
            "occurred_at": instant(at_ms),
            "channel": "web",
            "invoice_id": f"invoice-{number}",
            "amount_minor": rng.randrange(100, 100_000),
            "currency": "EUR",
            "line_items": 3,
        }

    def text(self, **changes: Any) -> bytes:
        """Its JSON with some fields changed; a field set to ``...`` is left out."""
        fields = {k: v for k, v in {**self.touchpoint, **changes}.items() if v is not ...}
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def with_raw(self, name: str, raw: str) -> bytes:
        """Its JSON with a field whose value is written as it stands."""
        return self.text(**{name: "@@"}).replace(b'"@@"', raw.encode("utf-8", "surrogatepass"))


# A fault: what it is called, the code and field it must get, and how it is done: the changed value,
# or a whole (key, value, headers) where the value is not what is wrong.
_Whole = tuple[bytes | None, bytes | None, Headers]
_Fault = tuple[str, Code, str, Callable[[_Good], bytes | _Whole]]


def _deep(levels: int) -> str:
    return "[" * levels + "]" * levels


def _whole(good: _Good, **changes: Any) -> _Whole:
    whole = {"key": good.customer_id.encode(), "value": good.text(), "headers": (), **changes}
    return whole["key"], whole["value"], whole["headers"]


_FAULTS: tuple[_Fault, ...] = (
    # Not JSON.
    ("cut off", "invalid_json", "", lambda g: g.text()[: -g.rng.randrange(1, 60)]),
    ("nothing at all", "invalid_json", "", lambda g: b""),
    ("a sentence", "invalid_json", "", lambda g: b"the customer called again"),
    ("trailing comma", "invalid_json", "", lambda g: g.text()[:-1] + b",}"),
    ("single quotes", "invalid_json", "", lambda g: g.text().replace(b'"', b"'")),
    ("two objects", "invalid_json", "", lambda g: g.text() + g.text()),
    ("byte order mark", "invalid_json", "", lambda g: b"\xef\xbb\xbf" + g.text()),
    ("NaN", "invalid_json", "", lambda g: g.with_raw("amount_minor", "NaN")),
    ("infinity", "invalid_json", "", lambda g: g.with_raw("amount_minor", "-Infinity")),
    # JSON, and no touchpoint.
    ("an array", "schema_violation", "", lambda g: b"[" + g.text() + b"]"),
    ("a number", "schema_violation", "", lambda g: b"42"),
    ("null", "schema_violation", "", lambda g: b"null"),
    ("no type", "schema_violation", "type", lambda g: g.text(type=...)),
    ("type is a number", "schema_violation", "type", lambda g: g.text(type=7)),
    ("unheard-of type", "unknown_type", "type", lambda g: g.text(type="invoice.isued")),
    # Fields missing or wrong.
    ("no event_id", "schema_violation", "event_id", lambda g: g.text(event_id=...)),
    ("no occurred_at", "schema_violation", "occurred_at", lambda g: g.text(occurred_at=...)),
    ("no amount", "schema_violation", "amount_minor", lambda g: g.text(amount_minor=...)),
    ("amount is a string", "schema_violation", "amount_minor",
     lambda g: g.text(amount_minor="12.50")),
    ("amount is a fraction", "schema_violation", "amount_minor",
     lambda g: g.text(amount_minor=12.5)),
    ("amount of 30 digits", "schema_violation", "amount_minor",
     lambda g: g.text(amount_minor=10**29)),
    ("amount of 5,000 digits", "schema_violation", "amount_minor",
     lambda g: g.with_raw("amount_minor", "9" * 5_000)),
    ("amount of 1e400", "schema_violation", "amount_minor",
     lambda g: g.with_raw("amount_minor", "1e400")),
    ("count below zero", "schema_violation", "line_items", lambda g: g.text(line_items=-1)),
    ("count is true", "schema_violation", "line_items", lambda g: g.text(line_items=True)),
    ("unknown currency form", "schema_violation", "currency", lambda g: g.text(currency="euro")),
    ("unknown channel", "schema_violation", "channel", lambda g: g.text(channel="pigeon")),
    ("actor of no kind", "schema_violation", "actor.kind", lambda g: g.text(actor={"id": "a-1"})),
    ("event_id too long", "schema_violation", "event_id", lambda g: g.text(event_id="e" * 65)),
    ("event_id empty", "schema_violation", "event_id", lambda g: g.text(event_id="")),
    ("time is a word", "schema_violation", "occurred_at", lambda g: g.text(occurred_at="today")),
    ("time without zone", "schema_violation", "occurred_at",
     lambda g: g.text(occurred_at=instant(g.at_ms)[:-1])),
    ("no such day", "schema_violation", "occurred_at",
     lambda g: g.text(occurred_at="2026-02-30T00:00:00Z")),
    # What cannot or may not be parsed.
    ("100 levels deep", "too_deep", "", lambda g: g.with_raw("extra", _deep(100))),
    ("20,000 levels deep", "too_deep", "", lambda g: g.with_raw("extra", _deep(20_000))),
    ("70 kB of text", "oversize", "", lambda g: g.text(note="x" * 70_000)),
    ("200,000 levels deep", "oversize", "", lambda g: g.with_raw("extra", _deep(200_000))),
    ("latin-1", "invalid_utf8", "", lambda g: g.text(note="@").replace(b"@", b"caf\xe9")),
    ("half a character", "invalid_utf8", "", lambda g: g.text(note="@").replace(b"@", b"\xf0\x9f")),
    ("lone surrogate, escaped", "invalid_utf8", "", lambda g: g.with_raw("note", '"\\ud83d"')),
    ("lone surrogate, encoded", "invalid_utf8", "", lambda g: g.text(note="\ud83d")),
    # The record around it.
    ("a tombstone", "null_value", "", lambda g: _whole(g, value=None)),
    ("no key", "bad_key", "", lambda g: _whole(g, key=None)),
    ("empty key", "bad_key", "", lambda g: _whole(g, key=b"")),
    ("key not UTF-8", "bad_key", "", lambda g: _whole(g, key=b"c-\xff")),
    ("key with a line feed", "bad_key", "", lambda g: _whole(g, key=b"c-1\n")),
    ("key of 300 bytes", "bad_key", "", lambda g: _whole(g, key=b"c" * 300)),
    ("somebody else's key", "key_mismatch", "customer_id", lambda g: _whole(g, key=b"c-other")),
    ("key in JSON quotes", "key_mismatch", "customer_id",
     lambda g: _whole(g, key=json.dumps(g.customer_id).encode())),
    ("500 headers", "hostile_headers", "",
     lambda g: _whole(g, headers=tuple((f"h{n}", b"x") for n in range(500)))),
    ("a header of 100 kB", "hostile_headers", "",
     lambda g: _whole(g, headers=(("h", b"x" * 100_000),))),
    ("a CloudEvents header not UTF-8", "hostile_headers", "ce_id",
     lambda g: _whole(g, headers=(("ce_id", b"\xff\xfe"),))),
    ("header and payload disagree", "header_conflict", "type",
     lambda g: _whole(g, headers=(("ce_type", b"invoice.viewed"),))),
    ("two headers disagree", "header_conflict", "ce_id",
     lambda g: _whole(g, headers=(("ce_id", b"1"), ("ce_id", b"2")))),
    # The time against the record's own.
    ("from tomorrow", "future_timestamp", "occurred_at",
     lambda g: g.text(occurred_at=instant(g.at_ms + DAY_MS))),
    ("from the year 9999", "future_timestamp", "occurred_at",
     lambda g: g.text(occurred_at="9999-12-31T23:59:59Z")),
    ("three years old", "past_horizon", "occurred_at",
     lambda g: g.text(occurred_at=instant(g.at_ms - 1_100 * DAY_MS))),
)  # fmt: skip


def faults() -> list[str]:
    """Every fault there is, by name."""
    return [fault for fault, *_ in _FAULTS]


def spoil(rng: Random, count: int, at_ms: int) -> Iterator[Spoiled]:
    """Unreadable records of every kind in turn.

    Args:
        rng: where chance comes from.
        count: how many.
        at_ms: the records' timestamp, epoch ms, rising by a millisecond each.
    """
    for number in range(count):
        fault, code, field, make = _FAULTS[number % len(_FAULTS)]
        good = _Good(rng, number, at_ms + number)
        made = make(good)
        if isinstance(made, bytes):
            made = (good.customer_id.encode(), made, ())
        yield Spoiled(*made, good.at_ms, code, field, fault)
