"""A worker process as it is: ``python -m`` this."""

import sys

from streams.settings import Settings
from streams.worker import run_worker

if __name__ == "__main__":
    sys.exit(run_worker(Settings()))
