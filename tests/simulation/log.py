"""Kafka's logs in memory: partitions, atomic batches, transactions with epochs, compaction.

The promises kept here are the ones the protocol leans on, and
``tests/kafka/port_contract`` holds a real broker and these fakes to the same list:

* a partition only grows; a batch is taken whole, at consecutive offsets, or not at all;
* a transaction shows to a committed reader in each partition once its marker stands there, at an
  offset of its own; before that the reader stops at its first record, whatever comes after;
* an aborted transaction's records are never shown; its marker takes an offset too;
* who initialises a transactional id aborts what an earlier holder left open and shuts it out.
"""

from collections.abc import Iterable
from typing import NamedTuple

from streams.engine.record import Record
from streams.kafka.ports import Bounds, TopicPartition


class Entry(NamedTuple):
    """One record to be appended."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int = 0

    def size_bytes(self) -> int:
        """Key, value and headers, with about what Kafka adds."""
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return 12 + len(self.key or b"") + len(self.value or b"") + headers


class RecordTooLarge(Exception):
    """The batch exceeds the topic's max.message.bytes."""


class ProducerFenced(Exception):
    """The transactional id belongs to a later producer."""


class OffsetOutOfRange(Exception):
    """The log does not reach that far, or begins later."""


class Transaction:
    """One transaction of one producer: open, then committed or aborted in each partition."""

    __slots__ = ("outcome", "partitions")

    def __init__(self) -> None:
        self.outcome: str | None = None
        self.partitions: list[Log] = []  # those it wrote to and whose marker is still missing


class Log:
    """One partition.

    Args:
        tp: its name.
        max_batch_bytes: the topic's max.message.bytes; 0 for any size.
    """

    __slots__ = ("_open", "_owners", "_records", "max_batch_bytes", "start", "tp", "waiters")

    def __init__(self, tp: TopicPartition, max_batch_bytes: int = 0):
        self.tp, self.max_batch_bytes = tp, max_batch_bytes
        self.start = 0
        self.waiters: list = []  # long polls: called whenever a committed reader sees more
        self._records: list[Record | None] = []  # None: a marker, or compacted away
        self._owners: list[Transaction | None] = []
        self._open: dict[Transaction, int] = {}  # first offset of each open transaction

    @property
    def end(self) -> int:
        """Offset after the last one used (the high watermark)."""
        return len(self._records)

    @property
    def readable_end(self) -> int:
        """Offset up to which a committed reader may read (the last stable offset)."""
        return min(self._open.values()) if self._open else len(self._records)

    def bounds(self) -> Bounds:
        """First offset left and readable end."""
        return Bounds(self.start, self.readable_end)

    def append(self, batch: Iterable[Entry], transaction: Transaction | None = None) -> int:
        """Take a batch whole; its base offset.

        Raises:
            RecordTooLarge: nothing of it was taken.
        """
        batch = list(batch)
        if (
            self.max_batch_bytes
            and sum(entry.size_bytes() for entry in batch) > self.max_batch_bytes
        ):
            raise RecordTooLarge(self.tp.topic)
        base = len(self._records)
        if transaction is not None and transaction not in self._open:
            self._open[transaction] = base
            transaction.partitions.append(self)
        for offset, entry in enumerate(batch, base):
            record = Record(offset, entry.timestamp_ms, entry.key, entry.value, entry.headers)
            self._records.append(record)
            self._owners.append(transaction)
        if not self._open:
            self._wake()
        return base

    def mark(self, transaction: Transaction) -> None:
        """Write the marker that ends a transaction in this partition."""
        self._records.append(None)
        self._owners.append(None)
        del self._open[transaction]
        self._wake()

    def read(
        self, start: int, most_records: int, end: int | None = None
    ) -> tuple[list[Record], int]:
        """Committed records from ``start``, and the offset a reader stands at afterwards.

        Raises:
            OffsetOutOfRange: ``start`` lies before the first or after the last offset.
        """
        if not self.start <= start <= len(self._records):
            raise OffsetOutOfRange(f"{self.tp} {start}")
        limit = self.readable_end if end is None else min(end, self.readable_end)
        records: list[Record] = []
        position = start
        while position < limit and len(records) < most_records:
            record, owner = self._records[position], self._owners[position]
            position += 1
            if record is not None and (owner is None or owner.outcome == "committed"):
                records.append(record)
        return records, position

    def visible(self) -> list[Record]:
        """All that a committed reader may see, from the first offset left."""
        return self.read(self.start, len(self._records))[0]

    def latest(self, key: bytes) -> Record | None:
        """The last record of a key whose commit is decided, even if its marker is still to come."""
        for offset in range(self.end - 1, self.start - 1, -1):
            record, owner = self._records[offset], self._owners[offset]
            if record is not None and record.key == key:
                if owner is None or owner.outcome == "committed":
                    return record
        return None

    def compact(self, before: int) -> int:
        """Keep only the last record of each key below ``before``; how many were removed."""
        limit = min(before, self.readable_end)
        last: dict[bytes | None, int] = {}
        gone = 0
        for record in self.read(self.start, limit, limit)[0]:
            last[record.key] = record.offset
        for offset in range(self.start, limit):
            record = self._records[offset]
            if record is not None and last.get(record.key) != offset:
                self._records[offset] = None
                gone += 1
        return gone

    def forget_before(self, offset: int) -> None:
        """Retention: the log begins at ``offset``."""
        self.start = max(self.start, min(offset, self.readable_end))

    def _wake(self) -> None:
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            waiter()


class Producer:
    """What the transaction coordinator keeps of one transactional id."""

    __slots__ = ("current", "ending", "epoch", "when_ended")

    def __init__(self) -> None:
        self.epoch = 0
        self.current: Transaction | None = None  # open, taking records
        self.ending: Transaction | None = None  # decided, markers on their way
        self.when_ended: list = []


class Logs:
    """All partitions of a broker, and its transaction coordinator.

    Args:
        markers: called with a decided transaction, to have its markers written (sooner or later,
            partition by partition, through ``marked``).
    """

    def __init__(self, markers=None):
        self._logs: dict[TopicPartition, Log] = {}
        self._producers: dict[str, Producer] = {}
        self._markers = markers if markers is not None else self.marked_at_once
        self.sizes: dict[str, int] = {}  # max.message.bytes by topic

    def log(self, tp: TopicPartition) -> Log:
        """The partition; made when first named."""
        log = self._logs.get(tp)
        if log is None:
            log = self._logs[tp] = Log(tp, self.sizes.get(tp.topic, 0))
        return log

    def __iter__(self):
        return iter(self._logs.values())

    def init_producer(self, transactional_id: str, then) -> None:
        """Hand the next epoch to ``then``, once everything of earlier epochs has ended."""
        producer = self._producers.setdefault(transactional_id, Producer())
        if producer.ending is not None:
            producer.when_ended.append(lambda: self.init_producer(transactional_id, then))
            return
        producer.epoch += 1
        if producer.current is not None:
            producer.when_ended.append(lambda: self.init_producer(transactional_id, then))
            self._end(producer, "aborted")
            return
        then(producer.epoch)

    def transact(self, transactional_id: str, epoch: int) -> Transaction:
        """The open transaction of a producer; begun when there is none.

        Raises:
            ProducerFenced: another epoch is in force.
            Unfinished: the markers of its last one are still being written.
        """
        producer = self._own(transactional_id, epoch)
        if producer.ending is not None:
            raise Unfinished
        if producer.current is None:
            producer.current = Transaction()
        return producer.current

    def end(self, transactional_id: str, epoch: int, outcome: str) -> None:
        """Commit or abort what is open; decided when this returns, shown with the markers."""
        producer = self._own(transactional_id, epoch)
        if producer.current is not None:
            self._end(producer, outcome)

    def when_ended(self, transactional_id: str, then) -> None:
        """Call ``then`` once the markers of the last transaction are written."""
        producer = self._producers[transactional_id]
        if producer.ending is None:
            then()
        else:
            producer.when_ended.append(then)

    def marked(self, transaction: Transaction, log: Log) -> None:
        """One marker of a decided transaction is written now."""
        transaction.partitions.remove(log)
        log.mark(transaction)
        if not transaction.partitions:
            self._ended(transaction)

    def marked_at_once(self, transaction: Transaction) -> None:
        """Write all markers of a decided transaction."""
        for log in list(transaction.partitions):
            self.marked(transaction, log)

    def _own(self, transactional_id: str, epoch: int) -> Producer:
        producer = self._producers[transactional_id]
        if producer.epoch != epoch:
            raise ProducerFenced(transactional_id)
        return producer

    def _end(self, producer: Producer, outcome: str) -> None:
        transaction, producer.current = producer.current, None
        transaction.outcome = outcome
        producer.ending = transaction
        if transaction.partitions:
            self._markers(transaction)
        else:
            self._ended(transaction)

    def _ended(self, transaction: Transaction) -> None:
        for producer in self._producers.values():
            if producer.ending is transaction:
                producer.ending = None
                waiting, producer.when_ended = producer.when_ended, []
                for then in waiting:
                    then()


class Unfinished(Exception):
    """CONCURRENT_TRANSACTIONS: try again when the last transaction's markers are written."""
