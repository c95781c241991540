"""A pydantic contract's fields, ranges and lengths in msgspec's terms.

What has no equal there is refused at import, not dropped: a constraint that only one of the two
readers knew would part them. (So too ``pattern``: the two have different regular expressions.)
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from schemas.instants import EARLIEST_INTEGER_MS, MAX_INSTANT_MS, DayRule, InstantRule

_BOUNDS = {Ge: "ge", Gt: "gt", Le: "le", Lt: "lt", MinLen: "min_length", MaxLen: "max_length"}
_AFTERWARDS = (InstantRule, DayRule, AfterValidator)
"""Notes that ask for work after decoding, which is done on a touchpoint's own fields only."""

_structs: dict[type[BaseModel], type[msgspec.Struct]] = {}


def fields(model: type[BaseModel]) -> list[Any]:
    """The fields of a model but ``type``, as ``msgspec.defstruct`` takes them.

    Raises:
        TypeError: msgspec cannot hold something the model promises.
    """
    derived: list[Any] = []
    for name, info in model.model_fields.items():
        if name == "type":
            continue
        if info.default_factory is not None:
            raise TypeError(f"no decoder is derived for the default factory of {name}")
        wire = _wire_type(info.annotation, info.metadata)
        derived.append((name, wire) if info.is_required() else (name, wire, info.default))
    return derived


def nested(model: type[BaseModel]) -> type[msgspec.Struct]:
    """The Struct of a model that is a field of another; the same one each time.

    Raises:
        TypeError: as ``fields``.
    """
    if model not in _structs:
        if any(noted(model, kind) for kind in _AFTERWARDS):
            raise TypeError(f"no decoder is derived for what {model.__name__} asks for afterwards")
        _structs[model] = msgspec.defstruct(
            model.__name__, fields(model), kw_only=True, gc=False, module=__name__
        )
    return _structs[model]


def noted(model: type[BaseModel], kind: type) -> dict[str, Any]:
    """The fields that bear a note of a kind, and the note.

    Args:
        model: the model.
        kind: class of the note, e.g. ``InstantRule``.
    """
    notes = {n: _find(kind, i.annotation, i.metadata) for n, i in model.model_fields.items()}
    return {name: note for name, note in notes.items() if note is not None}


def _find(kind: type, annotation: Any, metadata: Iterable[Any] = ()) -> Any:
    """The first note of a kind, looked for through Optional and Annotated."""
    found = next((note for note in _flattened(metadata) if isinstance(note, kind)), None)
    if found is not None:
        return found
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        return _find(kind, inner, notes)
    if get_origin(annotation) in (Union, UnionType):
        return next((f for a in get_args(annotation) if (f := _find(kind, a)) is not None), None)
    return None


def _flattened(metadata: Iterable[Any]) -> Iterable[Any]:
    for note in metadata:
        if isinstance(note, FieldInfo):
            yield from _flattened(note.metadata)
        else:
            yield note


def _wire_type(annotation: Any, metadata: Iterable[Any] = ()) -> Any:
    """The msgspec type for a pydantic annotation and its constraints."""
    metadata = list(metadata)
    if any(isinstance(note, InstantRule) for note in metadata):
        whole = Annotated[int, msgspec.Meta(ge=EARLIEST_INTEGER_MS, le=MAX_INSTANT_MS)]
        return Annotated[datetime, msgspec.Meta(tz=True)] | whole
    if any(isinstance(note, DayRule) for note in metadata):
        return date
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _wire_type(args[0], [*args[1:], *metadata])
    if origin in (Union, UnionType):
        return reduce(or_, (_wire_type(arg, metadata) for arg in args))
    if annotation is NoneType or origin is Literal:
        return annotation
    return _constrained(_plain(annotation, origin, args), metadata)


def _plain(annotation: Any, origin: Any, args: tuple[Any, ...]) -> Any:
    if origin in (list, dict):
        if any(_find(kind, arg) is not None for arg in args for kind in _AFTERWARDS):
            raise TypeError(f"no decoder is derived for what {annotation} asks for afterwards")
        return origin[tuple(_wire_type(arg) for arg in args)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return nested(annotation)
    if annotation in (str, int, float, bool):
        return annotation
    raise TypeError(f"no decoder is derived for {annotation!r}")


def _constrained(plain: Any, metadata: Iterable[Any]) -> Any:
    bounds: dict[str, Any] = {}
    for note in _flattened(metadata):
        if type(note) in _BOUNDS:
            name = _BOUNDS[type(note)]
            bounds[name] = getattr(note, name)
        elif not isinstance(note, _AFTERWARDS):
            raise TypeError(f"no decoder is derived for the constraint {note!r}")
    return Annotated[plain, msgspec.Meta(**bounds)] if bounds else plain
