"""The short ways through aiokafka lead where the long ones do."""

from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, FetchResult, PartitionRecords
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record import MemoryRecords

from streams.engine.record import Record, Send
from streams.kafka.short_ways import fill, fill_with_sends, hand_out_ours

TP = TopicPartition("t", 3)
SNAPPY = 2
AT_MS = 1_767_225_600_000
SENDS = [
    Send("t", b"c-1", b"one", (("a", b"1"), ("b", b"")), AT_MS),
    Send("t", None, b"two", (), AT_MS + 5),
    Send("t", b"c-3", None, [("c", b"3")], AT_MS + 1, partition=1),
]


def a_batch(room_bytes: int = 10_000) -> BatchBuilder:
    """As a producer makes them."""
    return BatchBuilder(room_bytes, SNAPPY)


def read(built: bytes, short: bool) -> list:
    """The records of a fetch answer that holds those bytes."""
    records = PartitionRecords(TP, MemoryRecords(built), [], 0, None, None, True, READ_COMMITTED)
    assignment = SimpleNamespace(
        active=True,
        state_value=lambda tp: SimpleNamespace(paused=False, position=0, consumed_to=int),
    )
    result = FetchResult(TP, assignment=assignment, partition_records=records, backoff=0)
    if short:
        hand_out_ours(SimpleNamespace(_records={TP: result}), TP)
    return result.getall()


def test_what_is_filled_in_is_what_is_appended_one_by_one():
    """Same bytes, whatever headers, keys and times the records bear."""
    short, long = a_batch(), a_batch()
    assert fill_with_sends(short, SENDS) == len(SENDS)
    for send in SENDS:
        long.append(
            key=send.key, value=send.value, timestamp=send.timestamp_ms, headers=list(send.headers)
        )
    assert short.record_count() == long.record_count() == 3
    assert bytes(short._build()) == bytes(long._build())


def test_entries_are_read_back_as_they_were_with_the_headers_of_all():
    """A tombstone among them."""
    batch, headers = a_batch(), [("l", b"\0\1")]
    assert fill(batch, [(b"c-1", b"one"), (b"c-2", None)], headers) == 2

    told = read(bytes(batch._build()), short=False)
    assert [(r.key, r.value, list(r.headers)) for r in told] == [
        (b"c-1", b"one", headers), (b"c-2", None, headers),
    ]  # fmt: skip
    assert all(r.timestamp > AT_MS for r in told)


@pytest.mark.parametrize("way", ["entries", "sends"])
def test_a_full_batch_takes_no_more_and_says_how_many_it_took(way):
    """The first record always goes in, however large; what did not is for the next batch."""
    batch = a_batch(1_000)
    large = b"x" * 400
    entries = [(b"k", large)] * 5
    sends = [Send("t", key, value, (), AT_MS) for key, value in entries]
    took = fill(batch, entries, []) if way == "entries" else fill_with_sends(batch, sends)

    assert took == batch.record_count() == 2
    assert batch.closed()
    assert fill(a_batch(10), entries[:1], []) == 1


def test_what_is_handed_out_is_ours_and_says_the_same():
    """Offset, time, key, value and headers, as aiokafka's own records have them."""
    batch = a_batch()
    fill_with_sends(batch, SENDS)
    built = bytes(batch._build())

    ours, theirs = read(built, short=True), read(built, short=False)
    assert all(type(record) is Record for record in ours)
    assert ours == [(r.offset, r.timestamp, r.key, r.value, r.headers) for r in theirs]
    assert len(ours) == 3


def test_where_nothing_was_fetched_there_is_nothing_to_hand_out():
    """Nothing of that partition, or an error instead of records."""
    hand_out_ours(SimpleNamespace(_records={}), TP)
    hand_out_ours(SimpleNamespace(_records={TP: ValueError()}), TP)
