"""A worker on a machine whose clock is wrong by ``FAULTS_CLOCK_S`` seconds: ``python -m`` this.

``FAULTS_CLOCK_S=-86400`` is a day slow; ``0,86400,5`` jumps between these, a second each.
"""

import os
import sys
import time

_right = time.time


def _wrong() -> float:
    skews_s = [float(text) for text in os.environ["FAULTS_CLOCK_S"].split(",")]
    return _right() + skews_s[int(time.monotonic()) % len(skews_s)]


if __name__ == "__main__":
    time.time = _wrong
    from streams.settings import Settings
    from streams.worker import run_worker

    sys.exit(run_worker(Settings()))
