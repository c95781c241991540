"""A worker process with the counting line in place of the real one: ``python -m`` this."""

import sys

from streams.settings import Settings
from streams.worker import run_worker
from tests.kafka.counting_line import CountingLine

if __name__ == "__main__":
    sys.exit(run_worker(Settings(), lambda settings: CountingLine()))
