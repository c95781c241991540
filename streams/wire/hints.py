"""Why the contract refused, in words a producer's developer can act on."""

import json
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from schemas.instants import EARLIEST_INTEGER_MS, MAX_INSTANT_MS, instant_ms


class Wrong(NamedTuple):
    """One thing the contract refused, as pydantic tells it."""

    kind: str
    field: str
    value: Any
    context: dict[str, Any]
    said: str
    model: type[BaseModel]


_QUOTED_MAX = 40
_SANE = 1e13
_PRIVATE = ("customer_id", "from_customer_id", "into_customer_id", "id_hash")
_INSTANT = 'send RFC 3339 with an offset, "2026-11-22T04:24:44Z", or integer epoch milliseconds'


def of_refusal(refusal: ValidationError, model: type[BaseModel]) -> tuple[str, str]:
    """The first field at fault and what to do about it.

    Args:
        refusal: what pydantic raised.
        model: the model that refused, for the names it knows.
    """
    errors = refusal.errors(include_url=False)
    first = errors[0]
    if first["type"] == "rule":
        context = first.get("ctx", {})
        return context["field"], context["wrong"] + "."
    field = path(first["loc"])
    context = first.get("ctx", {})
    wrong = Wrong(first["type"], field, first["input"], context, first["msg"], model)
    hint = _HINTS.get(first["type"], _otherwise)(wrong)
    others = len(errors) - 1
    more = f" ({others} more {'is' if others == 1 else 'are'} wrong.)" if others else ""
    return field, hint + more


def path(loc: tuple[int | str, ...]) -> str:
    """``reason_codes[3]``, ``actor.kind`` for a location in a value."""
    said = ""
    for part in loc:
        if isinstance(part, int):
            said += f"[{part}]"
        elif part != "[key]":
            said += f".{part}" if said else part
    return said[:128]


def shown(value: Any) -> str:
    """A value as it may be quoted in a hint: short, and containers only by their kind."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    text = json.dumps(value, ensure_ascii=False, default=str)
    if len(text) <= _QUOTED_MAX:
        return text
    return text[: _QUOTED_MAX - 3] + "…" + ('"' if text[0] == '"' else "")


def _is(wrong: Wrong) -> str:
    value = wrong.value
    kinds = {str: "a string", bool: "a boolean", float: "a fraction", int: "an integer"}
    kind = kinds.get(type(value))
    if value is None:
        return "is null"
    if wrong.field in _PRIVATE or kind is None:
        return f"is {kind or shown(value)}"
    return f"{shown(value)} is {kind}"


def _missing(wrong: Wrong) -> str:
    given = wrong.value
    close = get_close_matches(wrong.field.rpartition(".")[2], list(given), n=1) if given else []
    meant = (
        f' (there is "{close[0]}")' if close and close[0] not in wrong.model.model_fields else ""
    )
    return f"is missing{meant}; this type cannot do without it."


def _integer(wrong: Wrong) -> str:
    value = wrong.value
    if wrong.field.endswith("_minor"):
        example = _number(value)
        cents = f", {round(example * 100)}" if example is not None else ""
        return f"{_is(wrong)}; send minor units as an integer{cents}."
    number = _number(value)
    if number is not None and number == int(number):
        return f"{_is(wrong)}; send it as an integer, {int(number)}."
    return f"{_is(wrong)}; send an integer."


def _number(value: Any) -> float | None:
    """The number a value was meant to be, if it reads as a sane one."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < _SANE else None


def _fraction(wrong: Wrong) -> str:
    number = _number(wrong.value)
    unit = "seconds as a number" if wrong.field.endswith("_s") else "a number"
    example = f", {number:g}" if number is not None else ""
    return f"{_is(wrong)}; send {unit}{example}."


def _boolean(wrong: Wrong) -> str:
    return f"{_is(wrong)}; send true or false, without quotes."


def _string(wrong: Wrong) -> str:
    return f"{_is(wrong)}; send a string, in quotes."


def _choice(wrong: Wrong) -> str:
    expected = wrong.context["expected"].replace("'", '"')
    words = [word.strip('" ') for word in expected.replace(" or ", ", ").split(", ")]
    value = wrong.value
    close = get_close_matches(value, words, n=1, cutoff=0.7) if isinstance(value, str) else []
    if close:
        return f'{shown(value)} is not in the list; did you mean "{close[0]}"? (Or {expected}.)'
    return f"{shown(value)} is not in the list; send {expected}."


def _range(wrong: Wrong) -> str:
    context = wrong.context
    bound = f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"
    return f"{shown(wrong.value)} is out of range; it must be {bound}."


def _length(wrong: Wrong) -> str:
    context = wrong.context
    if wrong.kind == "string_too_short" and context["min_length"] > 1:
        return f"{shown(wrong.value)} is too short; send {context['min_length']} characters."
    if wrong.kind == "string_too_short":
        return "is empty; send its value, or leave the field out if it is optional."
    parts = "characters" if wrong.kind == "string_too_long" else "entries"
    actual = context.get("actual_length") or len(wrong.value)
    return f"has {actual} {parts}; at most {context['max_length']} are read."


def _instant(wrong: Wrong) -> str:
    value = wrong.value
    if type(value) is int and 0 < value < EARLIEST_INTEGER_MS:
        return f"{value} looks like epoch seconds; send milliseconds, {value * 1000}."
    if type(value) is int and value > MAX_INSTANT_MS:
        digits = len(str(value)) if value < 10**20 else 0
        unit = {16: "micro", 19: "nano"}.get(digits)
        if unit:
            per_ms = 1000 if unit == "micro" else 1_000_000
            return f"{value} looks like epoch {unit}seconds; send milliseconds, {value // per_ms}."
    if type(value) is str and value.isdigit():
        return f"{shown(value)} is a string of digits; send the integer without quotes."
    if type(value) is str and _lacks_offset(value):
        return f'{shown(value)} has no offset; say which, e.g. "{value}Z" for UTC.'
    return f"{shown(value)} {wrong.said}; {_INSTANT}."


def _lacks_offset(text: str) -> bool:
    try:
        instant_ms(text + "Z")
    except ValueError:
        return False
    return True


def _day(wrong: Wrong) -> str:
    return f'{shown(wrong.value)} {wrong.said}; send "YYYY-MM-DD".'


def _unknown(wrong: Wrong) -> str:
    known = [] if "." in wrong.field else list(wrong.model.model_fields)
    close = get_close_matches(wrong.field, known, n=1)
    meant = f'did you mean "{close[0]}"?' if close else "leave it out."
    return f"is no field of this type; {meant}"


def _object(wrong: Wrong) -> str:
    kind = "an array" if wrong.kind == "list_type" else "an object"
    return f"{_is(wrong)}; send {kind}."


def _otherwise(wrong: Wrong) -> str:
    if wrong.kind == "value_error":
        value = wrong.value
        if type(value) is str and len(value) == 3 and value.isascii() and value.isalpha():
            return f'{shown(value)} is no currency code; send capitals, "{value.upper()}".'
        return str(wrong.context["error"]) + "."
    message = wrong.said
    return f"{message[:1].lower()}{message[1:]}."


_HINTS: dict[str, Callable[[Wrong], str]] = {
    "missing": _missing,
    "int_type": _integer,
    "float_type": _fraction,
    "finite_number": _fraction,
    "bool_type": _boolean,
    "string_type": _string,
    "literal_error": _choice,
    "greater_than_equal": _range,
    "less_than_equal": _range,
    "string_too_long": _length,
    "string_too_short": _length,
    "too_long": _length,
    "instant": _instant,
    "instant_range": _instant,
    "day": _day,
    "list_type": _object,
    "dict_type": _object,
    "model_type": _object,
    "extra_forbidden": _unknown,
}
