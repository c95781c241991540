"""A worker whose line gets stuck, or breaks, where ``FAULTS_STUCK`` says: ``python -m`` this.

``run:sleep:3`` blocks in the third batch; instead of ``sleep`` the name of an exception. Instead of
``run`` also ``wake``, ``settle`` and ``open``.
"""

import asyncio
import os
import sys
import time
from typing import Any

from streams.app import real_line
from streams.kafka.ports import Line
from streams.settings import Settings
from streams.worker import run_worker

_FAULTS: dict[str, BaseException] = {
    "ValueError": ValueError("on purpose"),
    "MemoryError": MemoryError(),
    "RecursionError": RecursionError(),
    "CancelledError": asyncio.CancelledError(),
}


def stuck(settings: Settings) -> Line:
    """The real line, with one method that fails once."""
    line: Any = real_line(settings)
    where, what, nth = os.environ["FAULTS_STUCK"].split(":")
    whole, left = getattr(line, where), [int(nth)]

    def broken(*args: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            if what == "sleep":
                time.sleep(100_000)
            if what == "pause":
                time.sleep(4)
            else:
                fault = _FAULTS[what]
                raise fault
        return whole(*args)

    setattr(line, where, broken)
    return line


if __name__ == "__main__":
    sys.exit(run_worker(Settings(), stuck))
