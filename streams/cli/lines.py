"""Lines of files: plain, ``.gz`` or standard input, with a bound on each and progress for people."""

import gzip
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

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
        """Each line with its line feed; ``file`` and ``number`` say which it is."""
        if self._quiet:
            for self.file in self.files:
                with _opened(self.file) as (raw, stream):
                    yield from self._read(stream)
            return
        from streams.cli.progress import bar

        with bar() as progress:
            for self.file in self.files:
                size = None if self.file == STANDARD_INPUT else self.file.stat().st_size
                task = progress.add_task(self.file.name, total=size)
                with _opened(self.file) as (raw, stream):
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


class _opened:
    """A file's raw stream (for how far it is) and the one its lines come from."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> tuple[BinaryIO, BinaryIO]:
        if self._file == STANDARD_INPUT:
            return sys.stdin.buffer, sys.stdin.buffer
        self._raw = self._file.open("rb")
        if self._file.suffix != ".gz":
            return self._raw, self._raw
        return self._raw, io.BufferedReader(gzip.GzipFile(fileobj=self._raw), 1 << 20)  # type: ignore[arg-type,return-value]

    def __exit__(self, *_: object) -> None:
        if self._file != STANDARD_INPUT:
            self._raw.close()


def _skip_rest(stream: BinaryIO) -> None:
    while (more := stream.readline(LINE_BYTES_MAX)) and more[-1] != 10:
        pass
