"""J-bench on Throughline's own lanes: BROKER GROUP SOURCE ALERTS DLQ PAD DELIVERY.

The rules take the place of the line with the detectors; lanes, journey store and commit protocol
are the worker's own. What is kept of a customer lives decoded, and is encoded once per batch.
"""

import sys
from collections.abc import MutableMapping, Sequence

from benchmarks.jbench.rules import Kept, Unreadable, alert_json, fresh, pack, read, step, unpack
from streams.engine.record import Record, Send
from streams.settings import Settings
from streams.worker import run_worker

_LIVE_MAX = 200_000


class Outcome:
    """What one batch leaves (``streams.kafka.ports.Outcome``)."""

    def __init__(self, next_offset: int):
        self.next_offset, self.meta = next_offset, b"%d" % next_offset
        self.sends: list[Send] = []
        self.changed: dict[bytes, bytes | None] = {}
        self.counts: dict[str, int] = {}


class Desk:
    """What is kept in one partition: encoded as settled, decoded as far as it is in use."""

    def __init__(self, next_offset: int, settled: MutableMapping[bytes, bytes]):
        self.next_offset, self.settled = next_offset, settled
        self.live: dict[bytes, Kept] = {}
        self.next_due_ms = None

    def rollback(self) -> None:
        """Forget the batch in hand: what is settled is decoded again."""
        self.live.clear()


class Line:
    """The job."""

    def __init__(self, alerts: str, dlq: str, pad_bytes: int):
        self._alerts, self._dlq, self._pad = alerts, dlq, pad_bytes

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> Desk:
        """A desk over what was kept."""
        return Desk(int(meta or 0), journeys)

    def run(self, desk: Desk, records: Sequence[Record], next_offset: int) -> Outcome:
        """Fold a batch in."""
        outcome, live, settled = Outcome(next_offset), desk.live, desk.settled
        touched: dict[bytes, Kept] = {}
        for _, timestamp_ms, key, value, _ in records:
            try:
                touchpoint = read(value)
            except Unreadable as why:
                headers = (("reason", str(why).encode()),)
                outcome.sends.append(Send(self._dlq, key, value, headers, timestamp_ms))
                continue
            kept = live.get(key)
            if kept is None:
                held = settled.get(key)
                kept = live[key] = unpack(held) if held else fresh(key, self._pad)
            touched[key] = kept
            alert = step(kept, touchpoint)
            if alert is not None:
                outcome.sends.append(Send(self._alerts, key, alert_json(alert), (), timestamp_ms))
        outcome.changed = {key: pack(kept) for key, kept in touched.items()}
        return outcome

    def wake(self, desk: Desk, wall_ms: int) -> None:
        """There are no timers."""

    def settle(self, desk: Desk, outcome: Outcome) -> None:
        """It is durable."""
        desk.settled.update(outcome.changed)
        desk.next_offset = outcome.next_offset
        if len(desk.live) > _LIVE_MAX:
            desk.live.clear()


if __name__ == "__main__":
    broker, group, source, alerts, dlq, pad, delivery = sys.argv[1:8]
    prefix = source.partition(".")[0]
    settings = Settings(
        _env_file=None, broker=broker, app_id=group, prefix=prefix, partitions=8,
        delivery=delivery, session_timeout_s=30.0,
    )  # fmt: skip
    line = Line(alerts.removeprefix(prefix + "."), dlq.removeprefix(prefix + "."), int(pad))
    sys.exit(run_worker(settings, lambda _: line))
