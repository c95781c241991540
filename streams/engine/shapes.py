"""What can be done to a remembered value without knowing what it means, by its shape and names.

Names carry the meaning: ``*_ms`` is an instant; ``mark``, ``marks``, ``*_mark``, ``*_marks`` are
numbers of remembered touchpoints. A Struct that has a method ``joined(other)`` says itself how two
of it become one. For all others, two values of one shape become one by this rule:

- One that is still as it was made says nothing: the other stands.
- **Struct**: its plain values stand together, those of the one that carries the latest instant (of
  two that carry none, or the same, the one whose encoding is greater: any fixed order would do);
  what it contains is joined, whichever is the newer.
- **dict**: all keys; under the same key, joined; of two numbers the greater.
- **list** of *facts* (Structs with the one instant ``at_ms``, that contain nothing): all of them.
  Of *things* (all other Structs): those known by the same first text are one, and are joined. Of
  plain values: all, each once. Those that carry an instant lie in its order, numbers ascending.
- A joined list is as long as the longer of the two, but at least ``LIST_MAX``, the latest kept.
"""

from typing import Any

import msgspec
from msgspec import Struct

LIST_MAX = 8
_encode = msgspec.msgpack.Encoder().encode


def joined(mine: Any, theirs: Any) -> Any:
    """One value out of two of the same shape; both may be changed, neither is to be used again."""
    if mine is None or theirs is None:
        return theirs if mine is None else mine
    if hasattr(mine, "joined"):
        return mine.joined(theirs)
    if isinstance(mine, Struct):
        return _struct(mine, theirs)
    if isinstance(mine, dict):
        for key, value in theirs.items():
            mine[key] = joined(mine[key], value) if key in mine else value
        return mine
    if isinstance(mine, list):
        return _list(mine, theirs)
    if isinstance(mine, int | float | str | bytes):
        return max(mine, theirs)
    return mine


def renumbered(value: Any, by: int) -> Any:
    """The value, all its numbers of touchpoints raised by so much, in place; 0 stays "none"."""
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if is_mark(name) and isinstance(part, int):
                setattr(value, name, part + by if part else 0)
            elif is_mark(name) and isinstance(part, list):
                part[:] = [number + by if number else 0 for number in part]
            else:
                renumbered(part, by)
    elif isinstance(value, list):
        for part in value:
            renumbered(part, by)
    elif isinstance(value, dict):
        for part in value.values():
            renumbered(part, by)
    return value


def is_mark(name: str) -> bool:
    """Whether a field of that name holds numbers of touchpoints."""
    return name in ("mark", "marks") or name.endswith(("_mark", "_marks"))


def latest_ms(value: Any) -> int:
    """The latest instant a value carries, however deep; 0 for none."""
    if isinstance(value, Struct):
        return max((_instant(name, getattr(value, name)) for name in _fields(value)), default=0)
    if isinstance(value, list):
        return max(map(latest_ms, value), default=0)
    if isinstance(value, dict):
        return max(map(latest_ms, value.values()), default=0)
    return 0


def _instant(name: str, part: Any) -> int:
    if name.endswith("_ms") and isinstance(part, int):
        return part
    return latest_ms(part)


def _fields(value: Struct) -> tuple[str, ...]:
    return value.__struct_fields__


def _contains(part: Any) -> bool:
    return isinstance(part, Struct | list | dict)


def _struct(mine: Any, theirs: Any) -> Any:
    newer, older = mine, theirs
    if _weight(theirs) > _weight(mine):
        newer, older = theirs, mine
    for name in _fields(newer):
        part, other = getattr(newer, name), getattr(older, name)
        if _contains(part) and _contains(other):
            setattr(newer, name, joined(part, other))
    return newer


def _weight(one: Struct) -> tuple[bool, int, bytes]:
    return (not _as_made(one), latest_ms(one), _encode(one))


def _as_made(one: Struct) -> bool:
    try:
        return one == type(one)()
    except TypeError:  # it is made with something in it
        return False


def _list(mine: list, theirs: list) -> list:
    if not (mine and theirs):
        return mine or theirs
    most = max(len(mine), len(theirs), LIST_MAX)
    both: list[Any] = []
    for one in (*mine, *theirs):
        same = _same(both, one)
        if same is None:
            both.append(one)
        else:
            both[same] = joined(both[same], one)
    if both and isinstance(both[0], int | float):
        both.sort()
    else:
        both.sort(key=_first_ms)
    return both[-most:]


def _same(known: list, one: Any) -> int | None:
    """Where in the list the same thing already is."""
    name = known_by(one)
    for number, other in enumerate(known):
        if other == one or (name is not None and known_by(other) == name):
            return number
    return None


def known_by(one: Any) -> Any:
    """What a thing is known by; None for a fact and for what has no name."""
    if not isinstance(one, Struct):
        return None
    name = getattr(one, one.__struct_fields__[0])
    if hasattr(one, "joined"):
        return name
    parts = {field: getattr(one, field) for field in one.__struct_fields__}
    instants = [field for field in parts if field.endswith("_ms")]
    is_fact = instants == ["at_ms"] and not any(map(_contains, parts.values()))
    return name if isinstance(name, str) and not is_fact else None


def _first_ms(one: Any) -> int:
    if not isinstance(one, Struct):
        return 0
    for name in one.__struct_fields__:
        if name.endswith("_ms"):
            return getattr(one, name)
    return latest_ms(one)
