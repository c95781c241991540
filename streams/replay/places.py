"""Where a record of a file would lie, had it been published to an empty topic.

Its partition is its key's (murmur2), its offset the count of those before it in that partition. A
record without a key has no partition of its own; all of them go to partition 0, in file order.
"""

from collections.abc import Iterable, Iterator

from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.wire.jsonl import Carried

Placed = tuple[int, Record]
"""A partition and a record in it."""

_REMEMBERED_KEYS_MAX = 1_000_000


def placed(carried: Iterable[Carried], partitions: int) -> Iterator[Placed]:
    """Give each record its place, in the order given.

    Args:
        carried: records of one or more files, as ``streams.wire.jsonl`` reads them.
        partitions: how many there are.
    """
    next_offsets = [0] * partitions
    partition_by_key: dict[bytes | None, int] = {None: 0}
    for key, value, headers, timestamp_ms in carried:
        partition = partition_by_key.get(key)
        if partition is None:
            if len(partition_by_key) > _REMEMBERED_KEYS_MAX:
                partition_by_key = {None: 0}
            # murmur2 in Python costs as much as reading the line does, so once per customer.
            partition = partition_by_key[key] = partition_of(key or b"", partitions)
        offset = next_offsets[partition]
        next_offsets[partition] = offset + 1
        # A header may have no value (None), in a file as on a topic.
        yield partition, Record(offset, timestamp_ms, key, value, headers)  # type: ignore[arg-type]
