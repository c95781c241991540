"""A key belongs where Java, aiokafka and we agree that it belongs."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as theirs
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.partitioning import murmur2, partition_of


@given(st.binary(max_size=300))
def test_the_hash_is_aiokafkas(key):
    """The same 32 bits, but for the sign they print."""
    assert murmur2(key) == theirs(key) & 0xFFFFFFFF


@given(st.text(min_size=1, max_size=64), st.integers(1, 64))
def test_the_partition_is_aiokafkas(customer, partitions):
    """Its default partitioner sends the key where we expect it."""
    every = list(range(partitions))

    assert partition_of(customer.encode(), partitions) == DefaultPartitioner()(
        customer.encode(), every, every
    )


@pytest.mark.parametrize(
    ("key", "expected"),
    [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536),
     (b"a-little-bit-longer-string", -1486304829), (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
     (b"abc", 479470107)],
)  # fmt: skip
def test_kafkas_own_examples(key, expected):
    """The vectors of Apache Kafka's UtilsTest."""
    assert murmur2(key) == expected & 0xFFFFFFFF
