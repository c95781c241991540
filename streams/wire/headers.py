"""Which of a record's headers go on with it. Headers are input like any other."""

from collections.abc import Iterable

from schemas.dead_letters import ERROR_HEADER_PREFIXES
from streams.wire.unreadable import Limits

Headers = list[tuple[str, bytes]]


def forwardable(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """The headers of a record that is sent on (forwarded, late, replayed).

    ``Faust-*`` is left out: with ``Faust-Ag-ReplyTo`` a producer could have an agent write to any
    topic it names. Our own error headers are left out too: they told of an earlier attempt.
    """
    return [
        (name, value)
        for name, value in headers
        if name[:6].lower() != "faust-" and not name.startswith(ERROR_HEADER_PREFIXES)
    ]


def within(headers: Iterable[tuple[str, bytes]], limits: Limits) -> Headers:
    """As many of the first headers as ``limits`` allows."""
    kept: Headers = []
    size = 0
    for name, value in headers:
        size += len(name) + len(value or b"")
        if len(kept) == limits.header_count or size > limits.header_bytes:
            break
        kept.append((name, value))
    return kept
