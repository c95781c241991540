"""Where a record of a file would lie, had it been published to an empty topic."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.partitioning import partition_of
from streams.replay.places import placed
from streams.wire.jsonl import Carried

KEYS = st.lists(st.none() | st.binary(max_size=6), max_size=40)


def carried(key: bytes | None, value: bytes = b"{}") -> Carried:
    """A record of a file."""
    return Carried(key, value, (), 1_000)


@given(keys=KEYS, partitions=st.integers(1, 12))
def test_partition_is_the_keys_own(keys: list[bytes | None], partitions: int) -> None:
    """Law: murmur2 of the key, as a producer's client would have it; without a key, partition 0."""
    for partition, record in placed(map(carried, keys), partitions):
        expected = 0 if record.key is None else partition_of(record.key, partitions)
        assert partition == expected


@given(keys=KEYS, partitions=st.integers(1, 12))
def test_offsets_count_the_records_of_a_partition(
    keys: list[bytes | None], partitions: int
) -> None:
    """Law: 0, 1, 2 … in every partition, in file order; nothing is left out or turned round."""
    seen: Counter[int] = Counter()
    found = list(placed(map(carried, keys), partitions))
    for partition, record in found:
        assert record.offset == seen[partition]
        seen[partition] += 1
    assert [record.key for _, record in found] == keys


def test_record_is_carried_as_it_is() -> None:
    """Key, value, headers (one without a value, too) and timestamp stay what they were."""
    one = Carried(b"c-1", None, (("h", None), ("h", b"\x00")), 77)
    ((_, record),) = placed([one], 3)
    assert record == (0, 77, b"c-1", None, (("h", None), ("h", b"\x00")))
