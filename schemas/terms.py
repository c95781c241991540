"""The vocabulary of every contract: identifiers, quantities, instants, days, and their limits.

Every number has a range and every text a length, so that nothing unbounded gets past a contract.
Units are part of a field's name (``_s`` seconds, ``_minor`` minor currency units, ``_at`` instants,
``_on`` days). Validation is strict: ``"12"`` is not 12, ``1`` is not true, NaN is not a number.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from schemas.instants import DayRule, InstantRule

MAX_SAFE_INT = 2**53 - 1
MAX_CUSTOMER_ID_BYTES = 256

Instant = Annotated[int, InstantRule()]
Day = Annotated[int, DayRule()]


def _customer_id(value: str) -> str:
    """Refuse what cannot be a partition key: over 256 UTF-8 bytes, or a control character."""
    if len(value.encode("utf-8", "surrogatepass")) > MAX_CUSTOMER_ID_BYTES:
        raise ValueError(f"is longer than {MAX_CUSTOMER_ID_BYTES} UTF-8 bytes")
    if not value.isprintable() and has_control(value):
        raise ValueError("contains a control character")
    return value


def _currency(value: str) -> str:
    """Refuse what is not three capital letters."""
    if not (value.isascii() and value.isalpha() and value.isupper()):
        raise ValueError("is no ISO 4217 currency code: three capital letters")
    return value


def has_control(text: str) -> bool:
    """Whether ``text`` holds a C0 or C1 control character or DEL."""
    return any(ch < " " or "\x7f" <= ch <= "\x9f" for ch in text)


CustomerId = Annotated[
    str,
    Field(min_length=1, max_length=MAX_CUSTOMER_ID_BYTES),
    AfterValidator(_customer_id),
    Field(
        description="The customer, and the record's key: raw UTF-8, at most 256 bytes, "
        "no control characters.",
        json_schema_extra={"pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"},
    ),
]
Id = Annotated[str, Field(min_length=1, max_length=64)]
DedupeKey = Annotated[str, Field(min_length=1, max_length=512)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=128)]
Uri = Annotated[str, Field(min_length=1, max_length=256)]
Reference = Annotated[str, Field(min_length=1, max_length=256)]
Sentence = Annotated[str, Field(max_length=512)]
Codes = Annotated[list[Code], Field(max_length=20)]
Currency = Annotated[
    str,
    Field(min_length=3, max_length=3),
    AfterValidator(_currency),
    Field(description="ISO 4217, e.g. EUR.", json_schema_extra={"pattern": "^[A-Z]{3}$"}),
]

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Ordinal = Annotated[int, Field(ge=0, le=10_000)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Seconds = Annotated[float, Field(ge=0, le=316_224_000, description="Seconds.")]
AmountMinor = Annotated[
    int, Field(ge=-(10**13), le=10**13, description="Minor currency units (cents), an integer.")
]
Score = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]
Share = Annotated[float, Field(ge=0, le=1, description="A share, 0 to 1.")]
Percent = Annotated[float, Field(ge=0, le=100, description="0 to 100.")]
Grade = Annotated[int, Field(ge=1, le=4, description="1 mild to 4 worst.")]
Severity = Annotated[int, Field(ge=1, le=5, description="1 info to 5 critical.")]

Channel = Literal[
    "phone", "email", "chat", "messaging", "social", "in_store", "web", "app", "ivr", "bot",
    "portal", "field_visit", "post", "system",
]  # fmt: skip
Direction = Literal["inbound", "outbound", "system"]
Origin = Literal["live", "backfill", "replay"]
Party = Literal["customer", "agent", "bot", "system", "partner"]


class Contract(BaseModel):
    """Base of everything on the wire: strict types, finite numbers, unknown fields kept out."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False, defer_build=True)
