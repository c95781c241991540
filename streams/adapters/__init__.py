"""Foreign logs as touchpoints. An adapter is one file here and is found by its being here.

Its docstring says what the log is and how it is read; its ``read`` gives the touchpoints. It may
have a ``census`` that counts, from those touchpoints alone, what is known about the log: so that
anybody can check that the translation lost nothing.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

Touchpoint = dict[str, Any]
"""A touchpoint as its producer would send it: the flat JSON object of ``schemas.touchpoints``."""


class Counted(NamedTuple):
    """One line of a census.

    Args:
        what: what was counted, in words.
        values: the counts, in the order the words name them.
    """

    what: str
    values: tuple[int, ...]


class Adapter(Protocol):
    """What a module of this package provides."""

    def read(self, path: Path) -> Iterator[Touchpoint]:
        """The log's touchpoints in order of ``occurred_at``, the same for the same file.

        Args:
            path: the log as its source publishes it; compressed if the name says so.

        Raises:
            OSError: the file cannot be read.
            ValueError: the file is not such a log, with the line at fault.
        """
        ...


class CountingAdapter(Adapter, Protocol):
    """An adapter that can also count what came out."""

    def census(self, touchpoints: Iterable[Touchpoint]) -> list[Counted]:
        """What ``read`` gave, counted.

        Args:
            touchpoints: of one log, in order of ``occurred_at``.
        """
        ...


def names() -> list[str]:
    """The adapters there are, in alphabetical order."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in found if not name.startswith("_"))


def load(name: str) -> Adapter:
    """The adapter of that name.

    Args:
        name: one of ``names()``.

    Raises:
        LookupError: there is none; says which there are.
    """
    if name not in names():
        raise LookupError(f"no adapter {name!r}; there are: {', '.join(names())}")
    return cast(Adapter, importlib.import_module(f"{__name__}.{name}"))
