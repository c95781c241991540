"""What enters the line and what it asks to be produced: undecoded records, in and out.

Both are values. The shell turns a fetched Kafka record into a ``Record`` and a ``Send`` into a
produced one; a file replay does the same with lines of a file. Nothing below knows which.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Record(NamedTuple):
    """One record of the source log, undecoded.

    Args:
        offset: position in its partition.
        timestamp_ms: the broker's record timestamp, epoch milliseconds. Event times are judged
            against it, never against a clock, so that a replay judges alike.
        key: raw key bytes, or None.
        value: raw value bytes, or None (a tombstone).
        headers: (name, bytes) pairs in log order.
    """

    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


class Send(NamedTuple):
    """One record the line wants produced.

    Args:
        topic: logical topic name without the deployment's prefix, e.g. ``alerts.effort.v1``.
        key: raw key bytes, or None.
        value: raw value bytes, or None.
        headers: (name, bytes) pairs.
        timestamp_ms: record timestamp, epoch milliseconds.
        partition: target partition, or None to take it from the key (murmur2).
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    timestamp_ms: int
    partition: int | None = None
