"""Where results go when they are many: a file, a ``.gz`` file, or standard output (``-``)."""

import gzip
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Self, cast

from streams.cli.lines import STANDARD_INPUT as STANDARD_OUTPUT
from streams.cli.trouble import USAGE, Trouble


class Outputs:
    """Named outputs, each opened when first asked for and closed with all the others.

    Args:
        files: where each goes, by name; None for those nobody wants.
    """

    def __init__(self, **files: Path | None) -> None:
        self._files = {name: file for name, file in files.items() if file is not None}
        places = list(self._files.values())
        if len(set(places)) < len(places):
            raise Trouble(
                "Two results cannot go to the same place.",
                f"{max(places, key=places.count)} was given twice.",
                "Give each its own file.",
                USAGE,
            )
        self.on_stdout = STANDARD_OUTPUT in places
        self.written = dict.fromkeys(self._files, 0)
        self._open: dict[str, BinaryIO] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        for name, file in self._files.items():
            self._open[name] = self._opened(file)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def wants(self, name: str) -> bool:
        """Whether anybody asked for that output."""
        return name in self._files

    def write(self, name: str, line: bytes) -> None:
        """One line, with its line feed; nothing happens if nobody wants it."""
        stream = self._open.get(name)
        if stream is not None:
            stream.write(line)
            self.written[name] += 1

    def told(self) -> list[str]:
        """A line about each file written."""
        return [
            f"{self.written[name]:,} {name.replace('_', ' ')} in {file}"
            for name, file in self._files.items()
            if file != STANDARD_OUTPUT
        ]

    def _opened(self, file: Path) -> BinaryIO:
        if file == STANDARD_OUTPUT:
            self._closing.callback(sys.stdout.flush)
            return sys.stdout.buffer
        raw = self._closing.enter_context(file.open("wb"))
        if file.suffix != ".gz":
            return raw
        # Neither name nor time in it, so that the same content gives the same file.
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0)
        return cast(BinaryIO, self._closing.enter_context(packed))
