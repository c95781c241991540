"""A story told to a line in one of the many ways in which it may reach it."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from streams.engine.record import Record, Send
from streams.line import Line, Outcome
from streams.wire.journey import next_due_ms

START_MS = 1_767_225_600_000
DAY_MS = 86_400_000
AFTERWARDS_MS = 200 * DAY_MS
"""Every telling ends so long after its last touchpoint, so that all timers have fired."""


class Told(NamedTuple):
    """What came of it, without record timestamps, which are Kafka's and not ours to promise."""

    sends: list[tuple[str, bytes | None, bytes | None]]
    journeys: dict[bytes, bytes]
    counts: Counter[str]
    raw: list[Send]

    def alerts(self) -> list[dict[str, Any]]:
        """The alerts, decoded."""
        return [json.loads(value) for topic, _, value in self.sends if topic.startswith("alerts.")]

    def of(
        self, customer: str
    ) -> tuple[list[tuple[str, bytes | None, bytes | None]], bytes | None]:
        """What was sent about one customer, and their journey."""
        key = customer.encode()
        return [send for send in self.sends if send[1] == key], self.journeys.get(key)


def record(offset: int, touchpoint: dict[str, Any]) -> Record:
    """One touchpoint as it lies in the log; Kafka noted it when it happened."""
    value = json.dumps(touchpoint).encode()
    return Record(offset, touchpoint["occurred_at"], touchpoint["customer_id"].encode(), value)


def tell(
    line: Line,
    records: Sequence[Record],
    *,
    cut: Collection[int] = (),
    crash: Collection[int] = (),
    notice: Mapping[int, int] = MappingProxyType({}),
    meanwhile: Callable[[], object] | None = None,
) -> Told:
    """Run records through a line, in one batch unless it is cut.

    Args:
        line: the line.
        records: in offset order.
        cut: indices before which a new batch begins.
        crash: indices before which the worker dies and another one restores.
        notice: by index, until when (ms) the partition is idle before that record.
        meanwhile: what else the worker does before each new batch.
    """
    journeys: dict[bytes, bytes] = {}
    told = Told([], {}, Counter(), [])
    desk = line.open(0, None, journeys)
    batch: list[Record] = []

    def done(outcome) -> None:
        told.raw.extend(outcome.sends)
        told.sends.extend((send.topic, send.key, send.value) for send in outcome.sends)
        told.counts.update(outcome.counts)
        told.journeys.update(outcome.changed)
        line.settle(desk, outcome)
        left = [
            key
            for key, value in outcome.changed.items()
            if value is not None and 0 < next_due_ms(value) <= desk.watermark_ms
        ]
        assert not left, f"a wake was left behind: {left} at {desk.watermark_ms}"
        nonlocal meta
        meta = outcome.meta

    def flush() -> None:
        if batch:
            done(line.run(desk, list(batch), batch[-1].offset + 1))
            batch.clear()

    meta: bytes | None = None
    for index, one in enumerate(records):
        if index in cut or index in crash or index in notice:
            flush()
            if meanwhile is not None:
                meanwhile()
        if index in crash:
            kept = {key: value for key, value in told.journeys.items() if value is not None}
            desk = line.open(0, meta, kept)
        if index in notice:
            done(line.step(desk, notice[index]))
        batch.append(one)
    flush()
    end_ms = max((one.timestamp_ms for one in records), default=START_MS) + AFTERWARDS_MS
    done(line.step(desk, end_ms))
    return told


def outcomes(line: Line, records: Sequence[Record], size: int = 50) -> Iterator[Outcome]:
    """The outcomes of batches of that size."""
    desk = line.open(0, None, {})
    for start in range(0, len(records), size):
        part = records[start : start + size]
        outcome = line.run(desk, part, part[-1].offset + 1)
        line.settle(desk, outcome)
        yield outcome
