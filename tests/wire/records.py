"""Records for the specs of reading: good ones, and what may be wrong with them."""

import json
from typing import Any

from schemas.dead_letters import CODES
from streams.engine.record import Record
from streams.wire.touchpoint import Unreadable
from tests.schemas.examples import NOW_MS, example


def record(value: Any = None, key: bytes | None = b"c-1", **rest: Any) -> Record:
    """A record of now; ``value`` may be bytes, or a payload that is written as JSON."""
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False).encode()
    fields = {"offset": 7, "timestamp_ms": NOW_MS, "headers": ()} | rest
    return Record(key=key, value=value, **fields)


def invoice(**fields: Any) -> dict[str, Any]:
    """A good touchpoint, with some fields set."""
    return example("invoice.issued", **({"amount_minor": 1250} | fields))


GOOD = invoice()


def without(payload: dict[str, Any], *names: str) -> dict[str, Any]:
    """A payload with some fields left out."""
    return {name: value for name, value in payload.items() if name not in names}


def refused(got: Any) -> Unreadable:
    """The refusal, which must be one of the closed list and have a hint to act on."""
    assert isinstance(got, Unreadable), got
    assert got.code in CODES
    assert got.hint.strip()
    return got
