"""What does each step of the line cost? A sample of where the time goes, per touchpoint.

    .venv/bin/python -m benchmarks.steps [CUSTOMERS] [DAYS] [--dense]

A simulated company goes through the pure line in batches of 2,500 per partition, as a worker that
catches up hears it. A timer on CPU time notes every two milliseconds which step is at work: no step
is made dearer by being watched. ``--dense`` tells the same touchpoints at 5,000 a second, by ten
times as many customers: what the crowd costs where many fall into one hour.
"""

import gc
import json
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from types import FrameType

from schemas.instants import instant_ms, rfc3339
from streams import policy
from streams.cohorts.collector import TOPIC, Crowd
from streams.cohorts.line import CohortLine
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.line import Line
from streams.simulator.world import World

PARTITIONS, BATCH = 8, 2_500
START_MS, DAY_MS = 1_767_571_200_000, 86_400_000
SAMPLE_S = 0.002

STEPS = (
    ("read", "wire/touchpoint", "wire/decoder", "wire/judge", "wire/internal"),
    ("admit", "streams/gate", "engine/admission"),
    ("time and timers", "engine/desk", "engine/watermark", "engine/sources"),
    ("remember", "engine/remember/", "engine/diary"),
    ("ask detectors", "streams/detectors/"),
    ("dispatch", "engine/asking", "engine/engine", "engine/due"),
    ("judge", "engine/judgement", "engine/people", "engine/outreach/"),
    ("snapshot", "wire/snapshot", "wire/ending"),
    ("alerts to bytes", "wire/alert", "wire/said", "wire/outreach"),
    ("journeys to bytes and back", "wire/journey", "wire/progress"),
    ("crowd, where it is heard", "streams/cohorts/"),
    ("the line itself", "streams/line"),
)


def step_of(frame: FrameType | None) -> str:
    """The innermost step at work."""
    while frame is not None:
        file = frame.f_code.co_filename
        for name, *places in STEPS:
            if any(place in file for place in places):
                return name
        frame = frame.f_back
    return "anything else"


def told(customers: int, days: int, dense: bool) -> Iterator[list[Record]]:
    """The records of each partition."""
    parts: list[list[Record]] = [[] for _ in range(PARTITIONS)]
    world = World(7, customers, START_MS, days * DAY_MS)
    for number, (at_ms, touchpoint) in enumerate(world.arrivals()):
        said = dict(touchpoint)
        if dense:
            era = (instant_ms(said["occurred_at"]) - START_MS) // (days * DAY_MS // 10)
            at_ms = START_MS + 9 * 3_600_000 + number // 5  # noqa: PLW2901
            said |= {"customer_id": f"{said['customer_id']}.{era}", "occurred_at": rfc3339(at_ms)}
        key = said["customer_id"].encode()
        lying = parts[partition_of(key, PARTITIONS)]
        lying.append(Record(len(lying), at_ms, key, json.dumps(said).encode()))
    yield from parts


def batches(parts: list[list[Record]]) -> Iterator[tuple[int, list[Record]]]:
    """Partition after partition, batch after batch."""
    for begin in range(0, max(map(len, parts)), BATCH):
        for partition, records in enumerate(parts):
            if records[begin : begin + BATCH]:
                yield partition, records[begin : begin + BATCH]


def main(customers: int, days: int, dense: bool) -> None:
    """Print a table, and what the second stage costs."""
    chosen = policy.load()
    parts = list(told(customers, days, dense))
    count = sum(map(len, parts))
    line = Line(chosen.rules, chosen.questions, PARTITIONS, crowd=Crowd(1))
    desks = [line.open(partition, None, {}) for partition in range(PARTITIONS)]
    hits: Counter[str] = Counter()
    sizes: dict[str, list[int]] = defaultdict(list)
    portions = []
    gc.collect()
    gc.freeze()
    gc.disable()
    signal.signal(signal.SIGPROF, lambda _, frame: hits.update((step_of(frame),)))
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_S, SAMPLE_S)
    began_s = time.process_time()
    for partition, records in batches(parts):
        outcome = line.run(desks[partition], records, records[-1].offset + 1)
        line.settle(desks[partition], outcome)
        sizes["progress"].append(len(outcome.meta))
        portions += [send for send in outcome.sends if send.topic == TOPIC]
    took_us = (time.process_time() - began_s) * 1e6 / count
    signal.setitimer(signal.ITIMER_PROF, 0)
    for name, number in hits.most_common():
        print(f"{name:28} {took_us * number / hits.total():7.2f} µs")
    second = CohortLine(chosen.rules, chosen.cohorts, chosen.cohort_questions, PARTITIONS)
    desk, records = (
        second.open(0, None, {}),
        [Record(n, s.timestamp_ms, s.key, s.value) for n, s in enumerate(portions)],
    )
    began_s = time.process_time()
    said = 0
    for begin in range(0, len(records), 50):
        outcome = second.run(desk, records[begin : begin + 50], min(begin + 50, len(records)))
        second.settle(desk, outcome)
        said += len(outcome.sends)
    print(f"{'the line, in all':28} {took_us:7.2f} µs")
    crowd_us = (time.process_time() - began_s) * 1e6 / count
    print(f"{'crowd, second stage':28} {crowd_us:7.2f} µs")
    print(json.dumps({
        "touchpoints": count, "customers": sum(len(d.journeys) for d in desks),
        "portion_bytes": sum(len(s.value or b"") for s in portions),
        "progress_bytes_max": max(sizes["progress"]), "cohort_records": said,
    }))  # fmt: skip


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    main(*(numbers or [2_000, 60]), dense="--dense" in sys.argv)
