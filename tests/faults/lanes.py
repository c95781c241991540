"""Processes that play one chapter after the other, each on a broker of its own that it keeps: a broker
takes longer to start than many a chapter to play."""

import contextlib
import signal
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.faults.bench import Failure
from tests.faults.broker import FaultyKafka
from tests.faults.chapter import as_json, play
from tests.faults.chapters import Chapter

#: A report as plain values, or None and what went wrong.
Outcome = tuple[dict[str, Any] | None, str]


class _Lane:
    """What one of the processes holds. Its broker ends with it (``RealKafka``)."""

    def __init__(self) -> None:
        self._broker: FaultyKafka | None = None

    def play(self, chapter: Chapter) -> Outcome:
        """On the broker of before, if all was well with it."""
        if self._broker is None:
            self._broker = FaultyKafka().__enter__()
        with tempfile.TemporaryDirectory(prefix="throughline-faults-") as folder:
            try:
                return as_json(play(chapter, self._broker, Path(folder))), ""
            except Failure as failure:
                with contextlib.suppress(Exception):
                    self._broker.close()
                self._broker = None
                return None, str(failure)


_lane = _Lane()


def _listen() -> None:
    """Started in the background we were told to ignore SIGINT, and workers would inherit it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _play(chapter: Chapter) -> Outcome:
    return _lane.play(chapter)


class Lanes:
    """So many of them, side by side: chapters mostly wait.

    Args:
        count: how many.
    """

    def __init__(self, count: int):
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), _listen)

    def play(self, chapter: Chapter) -> Future[Outcome]:
        """As soon as one is free."""
        return self._pool.submit(_play, chapter)

    def close(self) -> None:
        """What has not begun is not played."""
        self._pool.shutdown(cancel_futures=True)
