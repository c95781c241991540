"""How long does the garbage collector stop everybody, with so many live journeys?

    .venv/bin/python -m benchmarks.longest_pause [CUSTOMERS]

In CPU time, so that a busy machine does not count. Live (decoded) journeys are what would be looked
through. The same work is done twice, in processes of their own: with Python's usual collecting, and
as a worker does it (``streams.kafka.garbage``).
"""

import gc
import json
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass

from streams import policy
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.kafka.garbage import Garbage
from streams.line import Line

START_MS = 1_767_571_200_000
WORK = 40_000


@dataclass
class Lane:
    """A running lane that always has something to do."""

    doing: str = "running"

    def caught_up(self) -> bool:
        """It never is."""
        return False


def records(first: int, count: int, offset: int) -> list[Record]:
    """A call of each of so many customers."""
    made = []
    for number in range(count):
        name, at_ms = f"c-{first + number}", START_MS + (offset + number) * 10
        said = {"event_id": f"e-{offset + number}", "source": "s", "type": "contact.started",
                "customer_id": name, "occurred_at": at_ms, "contact_id": f"k-{offset + number}",
                "channel": "phone", "medium": "voice", "direction": "inbound",
                "reason": {"l1": "billing"}}  # fmt: skip
        made.append(Record(offset + number, at_ms, name.encode(), json.dumps(said).encode()))
    return made


def work(line: Line, desk, told: list[Record]) -> float:
    """Take them in as batches; the longest batch in seconds."""
    longest_s = 0.0
    for begin in range(0, len(told), 2_500):
        batch = told[begin : begin + 2_500]
        began_s = time.process_time()
        line.settle(desk, line.run(desk, batch, batch[-1].offset + 1))
        longest_s = max(longest_s, time.process_time() - began_s)
    return longest_s


def main(customers: int, kept_away: bool) -> None:
    """One JSON object."""
    assert partition_of(b"c-1", 1) == 0
    chosen = policy.load()
    line = Line(chosen.rules, chosen.questions, 1)
    line.rules.limits.__dict__["live_journeys_max"] = customers * 2
    desk = line.open(0, None, {})
    garbage = Garbage([Lane()])
    with garbage.kept_away() if kept_away else nullcontext():
        gc.disable()
        for first in range(0, customers, 20_000):
            work(line, desk, records(first, min(20_000, customers - first), first))
        gc.enable()
        if kept_away:
            garbage.beat()
        pauses: list[float] = []
        began = [0.0]

        def note(phase: str, _: dict) -> None:
            if phase == "start":
                began[0] = time.process_time()
            else:
                pauses.append(time.process_time() - began[0])

        gc.callbacks.append(note)
        longest_s = work(line, desk, records(0, WORK, customers))
        if not kept_away:
            gc.collect()  # what comes sooner or later
    print(json.dumps({
        "collecting": "as a worker" if kept_away else "as usual", "live_customers": customers,
        "longest_pause_ms": round(max(pauses, default=0) * 1e3, 1), "pauses": len(pauses),
        "of_the_work_ms": round(sum(pauses) * 1e3, 1),
        "longest_batch_of_2500_ms": round(longest_s * 1e3),
    }))  # fmt: skip


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "1000000"
    if len(sys.argv) > 2:
        main(int(asked), sys.argv[2] == "away")
    else:
        for how in ("usual", "away"):
            subprocess.run(
                [sys.executable, "-m", "benchmarks.longest_pause", asked, how], check=True
            )
