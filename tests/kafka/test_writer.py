"""Where a record goes."""

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.record import Send
from streams.kafka.writer import partition_of


@given(st.binary(max_size=40), st.integers(1, 64))
def test_a_key_goes_where_kafkas_own_partitioner_puts_it(key, count):
    """murmur2, as Java and aiokafka do, so that a customer has one place whoever produces."""
    everywhere = list(range(count))
    want = DefaultPartitioner()(key, everywhere, everywhere)
    assert partition_of(Send("t", key, b"", (), 0), count) == want


def test_a_told_partition_wins_as_far_as_the_topic_is_that_wide():
    """A dead letter keeps its source's partition number where there is one."""
    assert partition_of(Send("t", b"k", b"", (), 0, 3), 4) == 3
    assert partition_of(Send("t", b"k", b"", (), 0, 6), 4) == 2


def test_without_a_key_it_is_always_the_same_place():
    """No dice in what is produced."""
    assert partition_of(Send("t", None, b"", (), 0), 4) == 0
