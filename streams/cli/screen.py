"""What a person sees: results on stdout, everything else on stderr, colours only for a terminal."""

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def result(text: str = "") -> None:
    """One line of result."""
    print(text)


def count(number: int, one: str, more: str = "") -> str:
    """So many of something, in words: ``1 contact``, ``2 contacts``.

    Args:
        number: how many.
        one: its name.
        more: its plural, if that is not made with an s.
    """
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def record(content: Any) -> None:
    """One JSON object as one line of result."""
    print(json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str), flush=True)


def note(text: str) -> None:
    """One line about how it goes, for the person waiting."""
    print(text, file=sys.stderr, flush=True)


def console(stderr: bool = False) -> "Console":
    """A rich console; without a terminal, or with NO_COLOR set, it prints plain text."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def flat(tables: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Tables within tables as one, under dotted names.

    Args:
        tables: nested.
        before: what every name begins with.
    """
    values: dict[str, Any] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            values |= flat(value, f"{before}{name}.")
        else:
            values[before + name] = value
    return values


def table(rows: Iterable[tuple[object, ...]], indent: int = 2) -> list[str]:
    """Rows in aligned columns, numbers to the right, thousands apart."""
    rows = list(rows)
    told = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    right = [[isinstance(cell, int | float) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*told, strict=True)]
    return [
        " " * indent
        + "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(cells, widths, numbers, strict=True)
        ).rstrip()
        for cells, numbers in zip(told, right, strict=True)
    ]
