"""The inbox: unbroken order, bounded, every gap noticed."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.record import Record
from streams.kafka.inbox import Arrival, Inbox
from streams.kafka.ports import Batch, Limits, TopicPartition

TP = TopicPartition("t", 0)


def batch(start: int, end: int, seek: int = 1, size_bytes: int = 1) -> Batch:
    """A batch that covers [start, end)."""
    records = [Record(offset, 0, b"k", b"v") for offset in range(start, end)]
    return Batch(TP, seek, start, end, records, size_bytes)


def standing(offset: int = 0, **limits: int) -> Inbox:
    """An inbox whose consumer stands at an offset."""
    inbox = Inbox(Limits(**limits))
    inbox.stand_at(offset, 1)
    return inbox


def test_batches_in_order_are_taken_and_joined():
    """What waits is applied at once, up to the limit."""
    inbox = standing(batch_records=10)
    assert [inbox.arrive(batch(n, n + 4)) for n in (0, 4, 8)] == [Arrival.TAKEN] * 3
    records, next_offset = inbox.take()
    assert ([r.offset for r in records], next_offset) == (list(range(8)), 8)
    assert inbox.take()[1] == 12 and inbox.empty


def test_a_batch_from_before_a_seek_is_a_leftover():
    """After a seek only what was fetched since counts."""
    inbox = standing()
    inbox.stand_at(5, 2)
    assert inbox.arrive(batch(0, 9, seek=1)) is Arrival.LEFTOVER
    assert inbox.arrive(batch(5, 9, seek=2)) is Arrival.TAKEN


def test_a_batch_already_here_is_a_leftover():
    """A batch that ends before what we expect holds nothing new; one that overlaps does."""
    inbox = standing(offset=10)
    assert inbox.arrive(batch(5, 10)) is Arrival.LEFTOVER
    assert inbox.arrive(batch(8, 12)) is Arrival.TAKEN


def test_a_gap_is_read_again_and_only_then_believed():
    """The same gap twice is real; another gap after it starts over."""
    inbox = standing()
    assert inbox.arrive(batch(3, 5)) is Arrival.GAP
    inbox.stand_at(0, 2)
    assert inbox.arrive(batch(3, 5, seek=2)) is Arrival.GAP_IS_REAL
    assert inbox.arrive(batch(7, 9, seek=2)) is Arrival.GAP


def test_a_gap_that_closes_was_none():
    """Read again, the missing records are there."""
    inbox = standing()
    assert inbox.arrive(batch(3, 5)) is Arrival.GAP
    inbox.stand_at(0, 2)
    assert inbox.arrive(batch(0, 5, seek=2)) is Arrival.TAKEN


def test_room_is_bounded_in_records_and_in_bytes():
    """No more is asked for once either limit is reached."""
    inbox = standing(batch_records=5, batch_bytes=1_000)
    inbox.arrive(batch(0, 4, size_bytes=10))
    assert inbox.has_room
    inbox.arrive(batch(4, 6, size_bytes=10))
    assert not inbox.has_room
    inbox.take(), inbox.take()
    assert inbox.has_room
    inbox.arrive(batch(6, 7, size_bytes=2_000))
    assert not inbox.has_room


def test_what_was_handed_over_and_has_not_arrived_is_in_transit():
    """That is how a swallowed batch is noticed without waiting for the next."""
    inbox = standing()
    inbox.on_its_way(batch(0, 3))
    assert inbox.in_transit
    inbox.arrive(batch(0, 3))
    assert not inbox.in_transit


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=30))
def test_law_what_is_taken_is_unbroken(spans):
    """Whatever arrives in whatever order, positions taken form one chain without a hole, but for
    gaps that were believed."""
    inbox, believed, at, seek = standing(), set(), 0, 1
    for start, width in spans:
        arrival = inbox.arrive(batch(start, start + width, seek=seek))
        if arrival is Arrival.GAP:
            seek += 1
            inbox.stand_at(inbox.expects, seek)
        elif arrival is Arrival.GAP_IS_REAL:
            believed.update(range(at, start))
            at = start + width
        elif arrival is Arrival.TAKEN:
            assert start <= at
            at = start + width
        assert inbox.expects == at
