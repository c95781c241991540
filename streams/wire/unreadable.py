"""What cannot be read, as a value, and the limits that say what is too much."""

from dataclasses import dataclass
from typing import NamedTuple

from schemas.dead_letters import Code


class Unreadable(NamedTuple):
    """Why a record is no touchpoint.

    Args:
        code: one of ``schemas.dead_letters.CODES``.
        field: path of the field at fault, e.g. ``actor.kind`` or ``reason_codes[3]``; ``""`` when
            the record as a whole is.
        hint: what is wrong and what to do, for the producer's developer.
    """

    code: Code
    field: str
    hint: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a record is read before it is refused.

    Args:
        value_bytes: largest value that is parsed.
        depth: deepest nesting of objects and arrays; the value's own object is 1.
        header_count: most headers of one record.
        header_bytes: most bytes of all header names and values together.
        future_skew_ms: how far occurred_at may lie after the record's timestamp.
        past_horizon_ms: how far a *live* touchpoint may lie before it.
        dead_letter_bytes: most bytes of value a dead letter carries; it must fit, headers and
            all, what the producer and the dead-letter topic accept (1 MiB by default in both).
    """

    value_bytes: int = 65_536
    depth: int = 32
    header_count: int = 64
    header_bytes: int = 16_384
    future_skew_ms: int = 300_000
    past_horizon_ms: int = 30 * 86_400_000
    dead_letter_bytes: int = 900_000


DEFAULT_LIMITS = Limits()
