"""A worker whose line never comes back from a batch: ``python -m`` this."""

import sys
import time
from collections.abc import Sequence

from streams.engine.record import Record
from streams.settings import Settings
from streams.worker import run_worker
from tests.kafka.counting_line import CountingDesk, CountingLine, CountingOutcome


class StuckLine(CountingLine):
    """Blocks the main loop for good."""

    def run(
        self, desk: CountingDesk, records: Sequence[Record], next_offset: int
    ) -> CountingOutcome:
        while True:
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(run_worker(Settings(), lambda settings: StuckLine()))
