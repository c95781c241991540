"""Telling the source to the broker, in order per partition whatever becomes of the broker."""

import threading
import time
from itertools import islice

from confluent_kafka import KafkaError, KafkaException, Producer

from tests.faults.source import Source
from tests.faults.unreadable import Told

_GOOD = ("good", "again", "late", "beyond", "astray")
_FULL_S = 0.02


class Teller:
    """Tells a source piece by piece, in a thread.

    Args:
        bootstrap: the broker, directly.
        topic: real name.
        source: what is told.
        live: event time follows the wall clock: each piece begins now, not where the last ended.

    Attributes:
        unreadable: (key, value) -> code of what was told and is no touchpoint.
        either: keys of records of which nobody can say beforehand whether they can be read.
        told: records acknowledged.
        began_s: when the last piece began, monotonic seconds.
    """

    def __init__(self, bootstrap: str, topic: str, source: Source, live: bool = True):
        self._topic, self._live = topic, live
        self._source, self._records = source, iter(source)
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "max.in.flight.requests.per.connection": 1,  # a repeat is no harm, disorder would be
                "linger.ms": 5,
                "queue.buffering.max.messages": 200_000,
                "delivery.timeout.ms": 600_000,
                "message.timeout.ms": 600_000,
                "socket.timeout.ms": 10_000,
                "reconnect.backoff.ms": 50,
                "reconnect.backoff.max.ms": 500,
                # A broker that comes back says for a moment that nobody leads: ask it again soon,
                # and not in five minutes.
                "topic.metadata.refresh.interval.ms": 1_000,
                "log_level": 0,
                "log.connection.close": False,
            }
        )
        self.unreadable: dict[tuple[bytes | None, bytes | None], str] = {}
        self.either: set[bytes] = set()
        self.told = 0
        self.sent = 0
        self.began_s = 0.0
        self._broken: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._closing = self._hushed = False

    def tell(self, count: int, rate: float) -> None:
        """Begin to tell the next ``count`` records; what was begun before is finished first."""
        self.wait(600)
        if self._live:
            self._source.catch_up(int(time.time() * 1_000))
        self.began_s, self._hushed = time.monotonic(), False
        self._thread = threading.Thread(target=self._guarded, args=(count, rate), daemon=True)
        self._thread.start()

    def wait(self, within_s: float) -> None:
        """Until everything told is acknowledged."""
        if self._thread is not None:
            self._thread.join(within_s)
            assert not self._thread.is_alive(), f"not told within {within_s} s"
            self._thread = None
        self.check()

    @property
    def busy(self) -> bool:
        """Still telling."""
        return self._thread is not None and self._thread.is_alive()

    def hush(self, within_s: float = 300) -> None:
        """Stop telling; what was told is acknowledged."""
        self._hushed = True
        self.wait(within_s)

    def check(self) -> None:
        """Say what went wrong in the thread."""
        if self._broken is not None:
            raise self._broken

    def close(self) -> None:
        """End; what is under way is finished."""
        self._closing = True
        if self._thread is not None:
            self._thread.join(30)

    def _guarded(self, count: int, rate: float) -> None:
        try:
            self._run(count, rate)
        except BaseException as fault:  # noqa: BLE001  said by ``check`` in the main thread
            self._broken = fault

    def _run(self, count: int, rate: float) -> None:
        began_s, done = time.monotonic(), 0
        portion = max(1, int(rate * _FULL_S)) if rate else 2_000
        while done < count and not (self._closing or self._hushed):
            piece = list(islice(self._records, min(portion, count - done)))
            if not piece:
                break
            for one in piece:
                self._produce(one)
            done += len(piece)
            self._producer.poll(0)
            if rate:
                time.sleep(max(0.0, done / rate - (time.monotonic() - began_s)))
        left = self._producer.flush(600)
        assert left == 0 or self._closing, f"{left} records never got to the broker"

    def _produce(self, one: Told) -> None:
        if one.what == "either":
            self.either.add(one.key or b"")
        elif one.what not in _GOOD:
            self.unreadable[one.key, one.value] = one.what
        while True:
            try:
                self._producer.produce(
                    self._topic,
                    one.value,
                    one.key,
                    one.partition,
                    on_delivery=self._acknowledged,
                    timestamp=one.timestamp_ms,
                    headers=list(one.headers),
                )
            except BufferError:
                self._producer.poll(0.1)
                continue
            self.sent += 1
            return

    def _acknowledged(self, fault: KafkaError | None, message: object) -> None:
        if fault is not None:
            self._broken = KafkaException(fault)
        self.told += 1
