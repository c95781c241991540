"""Touchpoints of any type, made from the contract with few values, so that things collide.

Instants and days are kept relative to the touchpoint (``After``), so that a story stays the same
story when its gaps change.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from random import Random
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.instants import DayRule, InstantRule, day_ms, instant_ms
from schemas.touchpoints import TYPES, Envelope

DAY_MS = 86_400_000
NUMBERS = (1, 2, 3, 5, 30, 300, 1_000, 1_600, 2_500)

Sampler = Callable[[Random, "tuple[int, ...]"], Any]
"""A value from chance and the gaps (ms) that matter to the detector."""


class After(NamedTuple):
    """An instant or a day so many milliseconds after the touchpoint's own time."""

    ms: int
    day: bool = False

    def on(self, occurred_ms: int) -> int | str:
        """As it stands on the wire for a touchpoint of that time."""
        ms = max(10_000_000_000, occurred_ms + self.ms)
        return str(datetime.fromtimestamp(ms / 1000, UTC).date()) if self.day else ms


def make(type_: str, chance: Random, gaps_ms: tuple[int, ...]) -> dict[str, Any]:
    """A touchpoint of that type without identity and time: what is required and half of the rest."""
    required, optional = _samplers(type_)
    made = {name: sample(chance, gaps_ms) for name, sample in required}
    made.update(
        (name, sample(chance, gaps_ms)) for name, sample in optional if chance.random() < 0.5
    )
    fields = TYPES[type_].model_fields
    made.update(_envelope(chance, {name for name, info in fields.items() if info.is_required()}))
    made["type"] = type_
    if "scale_min" in fields:
        top = chance.choice((5, 7, 10))
        made |= {
            "score": chance.choice((1, 2, top / 2, top - 1, top)),
            "scale_min": 1,
            "scale_max": top,
            "higher_is_better": chance.random() < 0.9,
        }
    if "alert_id" in fields:
        made["alert_id"] = "a-1"
    return made


def _envelope(chance: Random, required: set[str]) -> dict[str, Any]:
    wanted: list[tuple[str, float, Callable[[], Any]]] = [
        ("contact_id", 0.6, lambda: f"k-{chance.randint(1, 3)}"),
        ("case_id", 0.4, lambda: f"s-{chance.randint(1, 2)}"),
        ("promise_id", 0.5, lambda: f"p-{chance.randint(1, 2)}"),
        ("invoice_id", 0.5, lambda: f"v-{chance.randint(1, 3)}"),
        ("order_id", 0.5, lambda: f"o-{chance.randint(1, 2)}"),
        ("issue_id", 0.1, lambda: f"i-{chance.randint(1, 2)}"),
        ("product_id", 0.2, lambda: "product"),
        ("account_id", 0.1, lambda: "account"),
        ("reason", 0.5, lambda: {"l1": chance.choice(("billing", "line"))}),
        ("channel", 0.6, lambda: chance.choice(("phone", "email", "chat", "web"))),
        ("direction", 0.9, lambda: chance.choice(("inbound",) * 5 + ("outbound",))),
        ("actor", 0.3, lambda: {"kind": chance.choice(("customer", "agent")), "id": "a"}),
        ("origin", 0.05, lambda: "backfill"),
    ]
    return {
        name: value()
        for name, share, value in wanted
        if name in required or chance.random() < share
    }


@cache
def _samplers(type_: str) -> tuple[list[tuple[str, Sampler]], list[tuple[str, Sampler]]]:
    required, optional = [], []
    for name, info in TYPES[type_].model_fields.items():
        if name in Envelope.model_fields and not info.is_required():
            continue
        if name in ("event_id", "source", "type", "customer_id", "occurred_at"):
            continue
        sampler = _sampler(name, info.annotation, info.metadata)
        (required if info.is_required() else optional).append((name, sampler))
    return required, optional


def _notes(metadata: Any) -> list[Any]:
    flat: list[Any] = []
    for note in metadata:
        flat += _notes(note.metadata) if isinstance(note, FieldInfo) else [note]
    return flat


def _sampler(name: str, annotation: Any, metadata: Any = ()) -> Sampler:
    origin, args, notes = get_origin(annotation), get_args(annotation), _notes(metadata)
    if any(isinstance(note, InstantRule | DayRule) for note in notes):
        day = any(isinstance(note, DayRule) for note in notes)
        return lambda chance, gaps_ms: After(
            chance.choice((1, 1, -1)) * chance.choice(gaps_ms), day
        )
    if origin is Annotated:
        return _sampler(name, args[0], [*args[1:], *notes])
    if origin in (Union, UnionType):
        return _sampler(name, next(arg for arg in args if arg is not NoneType), notes)
    if origin is Literal:
        return lambda chance, _: chance.choice(args)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        nested = [
            (n, _sampler(n, i.annotation, i.metadata)) for n, i in annotation.model_fields.items()
        ]
        return lambda chance, gaps_ms: {n: sample(chance, gaps_ms) for n, sample in nested}
    return _scalar(name, annotation, origin, notes)


def _scalar(name: str, annotation: Any, origin: Any, notes: list[Any]) -> Sampler:
    if annotation is bool:
        return lambda chance, _: chance.random() < 0.5
    if annotation in (int, float):
        low = next((n.ge for n in notes if isinstance(n, Ge)), -(10**9))
        high = next((n.le for n in notes if isinstance(n, Le)), 10**9)
        fit = [n for n in (0, *NUMBERS) if low <= n <= high]
        if high <= 1:
            fit = [low, high, high * 0.9]
        return lambda chance, _: chance.choice(fit)
    if name == "currency":
        return lambda chance, _: "EUR"
    if origin is list:
        return lambda chance, _: [f"{name}-{chance.randint(1, 2)}"]
    if origin is dict:
        return lambda chance, _: {"key": chance.choice(NUMBERS)}
    return lambda chance, _: f"{name}-{chance.randint(1, 2)}"


def relative(touchpoint: dict[str, Any]) -> dict[str, Any]:
    """A touchpoint as told in a spec, without identity and time, its instants made relative."""
    at_ms = touchpoint["occurred_at"]
    fields = TYPES[touchpoint["type"]].model_fields
    made = {}
    for name, value in touchpoint.items():
        if name in ("event_id", "source", "customer_id", "occurred_at"):
            continue
        notes = _deep_notes(fields[name]) if name in fields else []
        if any(isinstance(note, InstantRule) for note in notes) and value is not None:
            made[name] = After((value if isinstance(value, int) else instant_ms(value)) - at_ms)
        elif any(isinstance(note, DayRule) for note in notes) and value is not None:
            made[name] = After(day_ms(value) - at_ms // DAY_MS * DAY_MS, day=True)
        else:
            made[name] = value
    return made


def _deep_notes(info: FieldInfo) -> list[Any]:
    notes = _notes(info.metadata)
    for arg in get_args(info.annotation):
        if get_origin(arg) is Annotated:
            notes += _notes(get_args(arg)[1:])
    return notes
