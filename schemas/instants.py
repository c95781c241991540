"""Instants and days on the wire, and what they become: integer epoch milliseconds.

An instant is an RFC 3339 string *with an offset* or an integer of epoch milliseconds; a day is
``YYYY-MM-DD`` and becomes its midnight UTC. A numeric string, a float, a time without an offset
and anything before 1970 is refused, and so is an integer so small that it must mean seconds.
Written out again, an instant is RFC 3339 in UTC.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

MAX_INSTANT_MS = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z."""

EARLIEST_INTEGER_MS = 10_000_000_000
"""An integer below it is refused: it is an instant in *seconds*, read as milliseconds of 1970."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


def instant_ms(text: str) -> int:
    """Epoch milliseconds of an RFC 3339 text; digits below the millisecond are dropped.

    Args:
        text: e.g. ``2026-11-22T04:24:44.120+01:00``.

    Raises:
        ValueError: not RFC 3339, no offset, or no such moment.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("is not an RFC 3339 instant with an offset")
    year, month, day, hour, minute, second, fraction, sign, off_h, off_m = match.groups()
    zone = UTC
    if sign:
        if int(off_h) > 23 or int(off_m) > 59:
            raise ValueError("has an impossible offset")
        shift = timedelta(hours=int(off_h), minutes=int(off_m))
        zone = timezone(-shift if sign == "-" else shift)
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), 0, zone)
    nanos = int((fraction or "0")[:9].ljust(9, "0"))
    micros = (nanos + 500) // 1000
    return (moment - EPOCH) // timedelta(milliseconds=1) + micros // 1000


def day_ms(text: str) -> int:
    """Epoch milliseconds of the midnight UTC that begins ``YYYY-MM-DD``.

    Raises:
        ValueError: not of that form, or no such day.
    """
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError("is not a day of the form YYYY-MM-DD")
    year, month, day = match.groups()
    return (date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY) * 86_400_000


def rfc3339(ms: int) -> str:
    """``2026-11-22T04:24:44.120Z`` for epoch milliseconds."""
    moment = EPOCH + timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bounded(ms: int) -> int:
    if not 0 <= ms <= MAX_INSTANT_MS:
        raise PydanticCustomError("instant_range", "lies outside 1970 to 9999")
    return ms


class InstantRule:
    """Marks a field as an instant; the decoder on the fast path is derived from this mark."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                rfc3339, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "description": "RFC 3339 with an offset, or integer epoch milliseconds.",
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "integer", "minimum": EARLIEST_INTEGER_MS, "maximum": MAX_INSTANT_MS},
            ],
        }

    @staticmethod
    def read(value: Any) -> int:
        """The instant in epoch milliseconds, or a PydanticCustomError."""
        if type(value) is int:
            if 0 <= value < EARLIEST_INTEGER_MS:
                raise PydanticCustomError("instant", "looks like seconds, not milliseconds")
            return _bounded(value)
        if type(value) is str:
            try:
                return _bounded(instant_ms(value))
            except ValueError as refusal:
                raise PydanticCustomError("instant", str(refusal)) from None
        raise PydanticCustomError("instant", "is neither a string nor an integer")


class DayRule:
    """Marks a field as a calendar day."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda ms: rfc3339(ms)[:10], when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "format": "date", "description": "A day, YYYY-MM-DD."}

    @staticmethod
    def read(value: Any) -> int:
        """The day's midnight UTC in epoch milliseconds, or a PydanticCustomError."""
        if type(value) is str:
            try:
                return _bounded(day_ms(value))
            except ValueError as refusal:
                raise PydanticCustomError("day", str(refusal)) from None
        raise PydanticCustomError("day", "is not a string")
