"""The same small job on Throughline's own lanes: arguments BROKER GROUP SOURCE ALERTS DELIVERY.

Per key how many records there were and a chain of their offsets; every tenth is an alert. It takes
the place of the line with the detectors, as ``faust_app.py`` takes the place of a Faust agent.
Settings are Throughline's own but for the session timeout, which is the same for every system.
"""

import sys
from collections.abc import MutableMapping, Sequence

from streams.engine.record import Record, Send
from streams.settings import Settings
from streams.worker import run_worker

PRIME, MASK = 1_099_511_628_211, (1 << 64) - 1


class Outcome:
    """What one batch leaves (``streams.kafka.ports.Outcome``)."""

    def __init__(self, next_offset: int):
        self.next_offset, self.meta = next_offset, b"%d" % next_offset
        self.sends: list[Send] = []
        self.changed: dict[bytes, bytes | None] = {}
        self.counts: dict[str, int] = {}


class Desk:
    """Chains of one partition: the settled ones, and those of the batch in hand."""

    def __init__(self, next_offset: int, settled: MutableMapping[bytes, bytes]):
        self.next_offset, self.settled = next_offset, settled
        self.live: dict[bytes, bytes] = {}

    def rollback(self) -> None:
        """Forget the batch in hand."""
        self.live.clear()


class Line:
    """Counts and chains."""

    def __init__(self, alerts: str):
        self._alerts = alerts

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> Desk:
        """A desk over what was kept."""
        return Desk(int(meta or 0), journeys)

    def run(self, desk: Desk, records: Sequence[Record], next_offset: int) -> Outcome:
        """Read what is kept of a key, change it, keep it."""
        outcome = Outcome(next_offset)
        for record in records:
            key = record.key or b""
            kept = desk.live.get(key) or desk.settled.get(key) or b"0 0"
            n, chain = map(int, kept.split())
            n, chain = n + 1, (chain * PRIME + record.offset + 1) & MASK
            desk.live[key] = b"%d %d" % (n, chain)
            if n % 10 == 0:
                send = Send(self._alerts, key, desk.live[key], (), record.timestamp_ms)
                outcome.sends.append(send)
        outcome.changed = dict(desk.live)
        return outcome

    def wake(self, desk: Desk, wall_ms: int) -> None:
        """There are no timers."""

    def settle(self, desk: Desk, outcome: Outcome) -> None:
        """It is durable."""
        desk.settled.update(desk.live)
        desk.live.clear()
        desk.next_offset = outcome.next_offset


if __name__ == "__main__":
    broker, group, source, alerts, delivery = sys.argv[1:6]
    prefix, _, logical = alerts.partition(".")
    assert source == f"{prefix}.touchpoints.v1"
    deployed = Settings(
        _env_file=None, broker=broker, app_id=group, prefix=prefix, partitions=4,
        delivery=delivery, session_timeout_s=6.0,
    )  # fmt: skip
    sys.exit(run_worker(deployed, lambda settings: Line(logical)))
