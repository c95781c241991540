"""Two short ways through aiokafka, past what it does for each record and we have no use for.

What is touched here is private to it: ``tests/kafka/test_short_ways.py`` holds both against the
long ways, and fails when the code beneath changes. Measured in ``docs/profile.md``.
"""

import time
from collections.abc import Sequence
from typing import Any

from aiokafka.consumer.fetcher import FetchResult

from streams.engine.record import Record, Send

_new = tuple.__new__
_NO_HEADERS: list[tuple[str, bytes]] = []


def hand_out_ours(fetcher: Any, tp: Any) -> None:
    """Let what was fetched of a partition come out as our records, and not as aiokafka's first.

    Args:
        fetcher: a consumer's.
        tp: the partition; nothing happens if nothing was fetched of it.
    """
    fetched = fetcher._records.get(tp)
    if fetched.__class__ is FetchResult and fetched._partition_records is not None:
        fetched._partition_records._consumer_record = _record


def _record(tp: Any, record: Any) -> Record:
    return _new(
        Record,
        (record.offset, record.timestamp, record.key, record.value, tuple(record.headers)),
    )


def fill(
    batch: Any, entries: Sequence[tuple[bytes, bytes | None]], headers: list[tuple[str, bytes]]
) -> int:
    """Append as many entries as there is room for; how many that were.

    Args:
        batch: from the producer's ``create_batch``; closed when it is full.
        entries: key and value.
        headers: which all of them bear.
    """
    add, at, now_ms = batch._builder.append, batch._relative_offset, int(time.time() * 1000)
    first = at
    for key, value in entries:
        if add(at, now_ms, key, value, headers) is None:
            batch.close()
            break
        at += 1
    batch._relative_offset = at
    return at - first


def fill_with_sends(batch: Any, sends: Sequence[Send]) -> int:
    """The same for records that bear their own times and headers."""
    add, at = batch._builder.append, batch._relative_offset
    first = at
    for _, key, value, headers, timestamp_ms, _ in sends:
        own = list(headers) if headers else _NO_HEADERS
        if add(at, timestamp_ms, key, value, own) is None:
            batch.close()
            break
        at += 1
    batch._relative_offset = at
    return at - first
