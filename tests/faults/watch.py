"""Watching a deployment from outside while things break: its changelog, as any reader sees it.

A thread reads the changelog with a client the workers do not use (librdkafka), ``read_committed``,
by the rule in the design: later wins, a record of an outlived lease is not believed. It notes when
each batch became visible, and holds the changelog's invariants against the group's offsets.
"""

import threading
import time
from typing import Any, NamedTuple

import msgspec
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition
from confluent_kafka import KafkaError as Code

PROGRESS, LEASE = b"\x00progress", b"\x00lease"

_COMMITTED_EVERY_S = 0.5
_SILENT_S = 15.0


class Seen(NamedTuple):
    """A batch became visible.

    Args:
        at_s: monotonic seconds.
        next_offset: the progress it left.
    """

    at_s: float
    next_offset: int


class _Check(NamedTuple):
    partition: int
    committed: int
    end: int


class Watcher:
    """Reads a changelog to its end, again and again.

    Args:
        bootstrap: the broker, directly.
        changelog, source: real names of the topics.
        group: the consumer group of the workers.
        partitions: how many.

    Attributes:
        journeys: per partition, the encoded journey of each customer.
        meta: per partition, the last progress record.
        steps: per partition, every step taken from the wall clock: offset -> epoch ms.
        seen: per partition, when which progress became visible.
        violations: of the changelog's invariants (O3).
        stale: records of an outlived lease.
        holes: per partition, times at which progress went back (must stay empty).
    """

    def __init__(self, bootstrap: str, changelog: str, source: str, group: str, partitions: int):
        self._bootstrap, self._changelog, self._source = bootstrap, changelog, source
        self._group, self._partitions = group, partitions
        self.journeys: list[dict[bytes, bytes]] = [{} for _ in range(partitions)]
        self.meta: list[bytes | None] = [None] * partitions
        self.next: list[int] = [0] * partitions
        self.steps: list[dict[int, int]] = [{} for _ in range(partitions)]
        self.seen: list[list[Seen]] = [[] for _ in range(partitions)]
        self.violations: list[str] = []
        self.stale = 0
        self.records = 0
        self._leases = [0] * partitions
        self._read_to = [0] * partitions
        self._checks: list[_Check] = []
        self._broken: BaseException | None = None
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._guarded, args=(run,), daemon=True)
            for run in (self._follow, self._ask)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End, and say what went wrong in the threads."""
        self._stop.set()
        for thread in self._threads:
            thread.join(20)
        self.check()

    def check(self) -> None:
        """Say what went wrong in the threads."""
        if self._broken is not None:
            raise self._broken

    def _guarded(self, run) -> None:
        try:
            run()
        except BaseException as fault:  # noqa: BLE001  said by ``check`` in the main thread
            self._broken = fault

    @property
    def applied(self) -> int:
        """Offsets applied, over all partitions."""
        return sum(self.next)

    def last_s(self) -> float:
        """When anything last became visible, monotonic seconds."""
        return max((seen[-1].at_s for seen in self.seen if seen), default=0.0)

    def caught_up_with_itself(self) -> bool:
        """Everything now in the changelog has been read."""
        with consumer(self._bootstrap) as asked:
            for partition in range(self._partitions):
                place = TopicPartition(self._changelog, partition)
                _, end = asked.get_watermark_offsets(place, timeout=10, cached=False)
                if self._read_to[partition] < end:
                    return False
        return True

    # -- the changelog -----------------------------------------------------------------------

    def _follow(self) -> None:
        """Anew whenever nothing has come for a while: after many restarts of a broker this client
        may hear nothing any more, although there is something."""
        while not self._stop.is_set():
            with consumer(
                self._bootstrap,
                **{
                    "enable.partition.eof": True,
                    "fetch.wait.max.ms": 200,
                    "queued.min.messages": 20_000,
                    "queued.max.messages.kbytes": 32_768,
                },
            ) as reader:
                reader.assign(
                    [
                        TopicPartition(self._changelog, partition, read_to or OFFSET_BEGINNING)
                        for partition, read_to in enumerate(self._read_to)
                    ]
                )
                self._follow_until_silent(reader)

    def _follow_until_silent(self, reader: Consumer) -> None:
        heard_s = time.monotonic()
        while not self._stop.is_set() and time.monotonic() - heard_s < _SILENT_S:
            message: Any  # its stubs allow None everywhere
            for message in reader.consume(5_000, 0.1):
                fault = message.error()
                if fault is None:
                    heard_s = time.monotonic()
                    self._take(message)
                elif fault.code() == Code._PARTITION_EOF:
                    self._reached(message.partition(), message.offset())

    def _reached(self, partition: int, offset: int) -> None:
        self._read_to[partition] = max(self._read_to[partition], offset)
        with self._lock:
            due = [c for c in self._checks if c.partition == partition and c.end <= offset]
            self._checks = [c for c in self._checks if c not in due]
        for check in due:
            if check.committed > self.next[partition]:
                self.violations.append(
                    f"[{partition}] the group committed {check.committed} when progress covered "
                    f"{self.next[partition]}"
                )

    def _take(self, message: Any) -> None:
        partition, key, value = message.partition(), message.key(), message.value()
        self.records += 1
        self._read_to[partition] = message.offset() + 1
        lease = next((int.from_bytes(v, "big") for k, v in message.headers() or () if k == "l"), 0)
        if lease < self._leases[partition]:
            self.stale += 1
            return
        self._leases[partition] = lease
        if key == PROGRESS:
            self._progress(partition, value)
        elif key == LEASE or key is None:
            return
        elif value is None:
            self.journeys[partition].pop(key, None)
        else:
            self.journeys[partition][key] = value

    def _progress(self, partition: int, value: bytes) -> None:
        _, _, next_offset, (_, steps), *_ = msgspec.msgpack.decode(value)
        if next_offset < self.next[partition]:
            self.violations.append(
                f"[{partition}] progress went back from {self.next[partition]} to {next_offset}"
            )
        self.meta[partition], self.next[partition] = value, next_offset
        for offset, to_ms in steps:
            self.steps[partition][offset] = to_ms
        self.seen[partition].append(Seen(time.monotonic(), next_offset))

    # -- the group ---------------------------------------------------------------------------

    def _ask(self) -> None:
        """Committed offsets, then the changelog's end: up to there, progress must cover them. The
        end of what is written: a transaction that has been acknowledged becomes visible only with
        its marker, a moment later, and that is not the worker's doing."""
        places = [TopicPartition(self._source, p) for p in range(self._partitions)]
        settings = {"group.id": self._group, "isolation.level": "read_uncommitted"}
        with consumer(self._bootstrap, **settings) as asked:
            while not self._stop.wait(_COMMITTED_EVERY_S):
                try:
                    committed = asked.committed(places, timeout=5)
                    for at in committed:
                        if at.offset <= 0 or at.error is not None:
                            continue
                        place = TopicPartition(self._changelog, at.partition)
                        _, end = asked.get_watermark_offsets(place, timeout=5, cached=False)
                        with self._lock:
                            self._checks.append(_Check(at.partition, at.offset, end))
                except KafkaException:
                    continue  # the broker is being broken just now


class consumer:  # noqa: N801  a context manager, used like a function
    """A reader outside any group, ``read_committed``; closed at the end."""

    def __init__(self, bootstrap: str, **settings: object):
        self._settings = {
            "bootstrap.servers": bootstrap,
            "group.id": "nobody",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "log_level": 0,
            "log.connection.close": False,
            "reconnect.backoff.ms": 50,
            "reconnect.backoff.max.ms": 500,
            "check.crcs": True,
            **settings,
        }

    def __enter__(self) -> Consumer:
        self._consumer = Consumer(self._settings)
        return self._consumer

    def __exit__(self, *_: object) -> None:
        self._consumer.close()


def read_topic(bootstrap: str, topic: str, within_s: float = 300.0) -> list[Any]:
    """Every committed message of a topic up to where it ends now, in order per partition."""
    with consumer(bootstrap, **{"enable.partition.eof": True, "fetch.wait.max.ms": 50}) as reader:
        known = reader.list_topics(topic, timeout=30).topics[topic].partitions
        reader.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in known])
        left, found = set(known), []
        deadline_s = time.monotonic() + within_s
        while left:
            assert time.monotonic() < deadline_s, f"{topic} is not read to its end"
            for message in reader.consume(10_000, 0.2):
                fault = message.error()
                if fault is None:
                    found.append(message)
                elif fault.code() == Code._PARTITION_EOF:
                    left.discard(message.partition())
                else:
                    raise KafkaException(fault)
    return found


__all__ = ["Seen", "Watcher", "consumer", "read_topic"]
