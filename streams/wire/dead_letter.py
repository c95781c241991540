"""A record that could not be read, as the record that says so: nothing of the original changed.

Key, value bytes, headers, timestamp and partition number stay as they were, so that a dead letter
can be looked at with any tool, replayed as it is, and keeps its place among its neighbours. Two
things may be cut, and then a header says so: headers beyond the limits, and a value so large that
the dead letter itself could not be produced.
"""

from schemas import dead_letters as names
from streams.engine.record import Record, Send
from streams.wire.headers import within
from streams.wire.unreadable import DEFAULT_LIMITS, Limits, Unreadable

DEAD_LETTER_TOPIC = "touchpoints.v1.dlq"
"""Logical name; the topic has as many partitions as the source."""

_HINT_BYTES = 1024


def dead_letter(
    record: Record,
    unreadable: Unreadable,
    topic: str,
    partition: int,
    limits: Limits = DEFAULT_LIMITS,
) -> Send:
    """The dead letter of one record.

    Args:
        record: the record as it lay in the log.
        unreadable: what is wrong with it.
        topic: the source topic's real name.
        partition: the source partition; the dead letter goes to the same number.
        limits: how much of the headers and of the value can be carried.
    """
    # Error headers already there told of an earlier attempt at a replayed dead letter.
    own = [h for h in record.headers or () if not h[0].startswith(names.ERROR_HEADER_PREFIXES)]
    kept = within(own, limits)
    value = record.value
    marks = _marks(record, unreadable, topic, partition)
    if len(kept) < len(own):
        marks.append((names.HEADER_DROPPED, str(len(own) - len(kept)).encode()))
    if value is not None and len(value) > limits.dead_letter_bytes:
        marks.append((names.HEADER_CUT, str(len(value)).encode()))
        value = value[: limits.dead_letter_bytes]
    timestamp_ms = max(0, record.timestamp_ms)
    return Send(DEAD_LETTER_TOPIC, record.key, value, kept + marks, timestamp_ms, partition)


def _marks(
    record: Record, unreadable: Unreadable, topic: str, partition: int
) -> list[tuple[str, bytes]]:
    hint = _cut(unreadable.hint)
    where = f"{unreadable.field}: " if unreadable.field else ""
    return [
        (names.HEADER_EXCEPTION, unreadable.code.encode()),
        (names.HEADER_MESSAGE, _cut(where + unreadable.hint)),
        (names.HEADER_TOPIC, topic.encode()),
        (names.HEADER_PARTITION, str(partition).encode()),
        (names.HEADER_OFFSET, str(record.offset).encode()),
        (names.HEADER_CODE, unreadable.code.encode()),
        (names.HEADER_FIELD, _cut(unreadable.field)),
        (names.HEADER_HINT, hint),
    ]


def _cut(text: str) -> bytes:
    """UTF-8 of a text for a header: at most so many bytes, cut at a character."""
    raw = text.encode("utf-8", "replace")
    return raw if len(raw) <= _HINT_BYTES else raw[:_HINT_BYTES].decode("utf-8", "ignore").encode()
