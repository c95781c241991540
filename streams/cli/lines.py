"""Lines of files: plain, ``.gz`` or standard input; a bound on each, and progress for people."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from streams.cli.trouble import Trouble

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINE_BYTES_MAX = 4 * 1024 * 1024
"""Nothing longer is ever read whole; it holds the largest dead letter in its wrapped form."""

STANDARD_INPUT = Path("-")
_PROGRESS_EVERY_LINES = 4096


class Lines:
    """The lines of several files, one after the other, as one iterable.

    Args:
        files: paths, or ``-``.
        quiet: no progress bar; there is none either where stderr is no terminal.
    """

    def __init__(self, files: Sequence[Path], quiet: bool = False) -> None:
        self.files = files
        self.file = STANDARD_INPUT
        self.number = 0
        self._quiet = quiet or not sys.stderr.isatty()

    def __iter__(self) -> Iterator[bytes]:
        """Each line with its line feed; ``file`` and ``number`` say which it is.

        Raises:
            Trouble: a ``.gz`` file is damaged.
        """
        try:
            yield from self._plainly() if self._quiet else self._with_bar()
        except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
            raise Trouble(
                f"{self.file} is damaged after line {self.number}.",
                f"{damage}.",
                "Pack or fetch it again; nothing after that line was read.",
            ) from None

    def _plainly(self) -> Iterator[bytes]:
        for file in self.files:
            self.file = file
            with _opened(file) as (_, stream):
                yield from self._read(stream)

    def _with_bar(self) -> Iterator[bytes]:
        from streams.cli.progress import bar

        with bar() as progress:
            for file in self.files:
                self.file = file
                size = None if file == STANDARD_INPUT else file.stat().st_size
                task = progress.add_task(file.name, total=size)
                with _opened(file) as (raw, stream):
                    yield from self._watched(stream, raw, progress, task)

    def _read(self, stream: BinaryIO) -> Iterator[bytes]:
        readline, self.number = stream.readline, 0
        while line := readline(LINE_BYTES_MAX):
            self.number += 1
            if len(line) == LINE_BYTES_MAX and line[-1] != 10:
                _skip_rest(stream)
            yield line

    def _watched(
        self, stream: BinaryIO, raw: BinaryIO, progress: "Progress", task: "TaskID"
    ) -> Iterator[bytes]:
        for line in self._read(stream):
            if self.number % _PROGRESS_EVERY_LINES == 0:
                progress.update(task, completed=raw.tell() if raw.seekable() else self.number)
            yield line
        progress.update(task, completed=raw.tell() if raw.seekable() else self.number)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """A file's raw stream (for how far it is) and the one its lines come from."""
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    with file.open("rb") as raw:
        if file.suffix != ".gz":
            yield raw, raw
            return
        unpacked = gzip.GzipFile(fileobj=raw)
        yield raw, cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, unpacked), 1 << 20))


def _skip_rest(stream: BinaryIO) -> None:
    while (more := stream.readline(LINE_BYTES_MAX)) and more[-1] != 10:
        pass
