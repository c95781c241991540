"""The one reader of what systems under test say, and when it was heard."""

import json
import threading
import time
from typing import Any

from confluent_kafka import Consumer

from benchmarks.jbench.workload import PROBE
from benchmarks.peers.systems import Place

_PROBE = PROBE.encode()


class Listener:
    """Reads alerts and dead letters as any reader would: committed ones only.

    Args:
        place: where the run writes.
        alerts: topics of alerts; one that begins with ``^`` is a pattern.
        probes_only: nothing else is looked at.

    Attributes:
        alerts: decoded, in the order heard.
        probes: when the first alert of each probe was heard, monotonic seconds, by key.
        dead: how many dead letters.
        heard_s: when anything was heard last.
    """

    def __init__(self, place: Place, alerts: str = "", probes_only: bool = False):
        self._consumer = Consumer({
            "bootstrap.servers": place.broker, "group.id": place.group + ".listener",
            "auto.offset.reset": "earliest", "isolation.level": "read_committed",
            "enable.auto.commit": False, "fetch.wait.max.ms": 50,
            "topic.metadata.refresh.interval.ms": 1_000,
        })  # fmt: skip
        self._consumer.subscribe([alerts or place.alerts, place.dlq])
        self._dlq, self._probes_only = place.dlq, probes_only
        self._ended = threading.Event()
        self.alerts: list[dict[str, Any]] = []
        self.probes: dict[bytes, float] = {}
        self.dead = 0
        self.heard_s = time.monotonic()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            # One is waited for, the others are there already: nobody waits for a batch to fill.
            first = self._consumer.poll(0.1)
            if first is None:
                continue
            now_s = time.monotonic()
            for message in [first, *self._consumer.consume(2_000, 0)]:
                if message.error():
                    continue
                self.heard_s = now_s
                if message.topic() == self._dlq:
                    self.dead += 1
                    continue
                key = message.key() or b""
                if key.startswith(_PROBE):
                    self.probes.setdefault(key, now_s)
                if not self._probes_only:
                    self.alerts.append(json.loads(message.value() or b"null"))
        self._consumer.close()

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        self._thread.join()
