"""What the start guards of a worker would refuse, found by the doctor before one is started."""

from collections.abc import Iterator, Mapping

_RESTORE = (
    "put the changelog back from a copy, or start under a new THROUGHLINE_APP_ID, which reads the "
    "source from its beginning"
)
_NO = "and the changelog has no progress of it"
_RECOVER = (
    "recover the broker's data; if the topic was recreated on purpose, start under a new "
    "THROUGHLINE_APP_ID"
)
_RETAIN = "raise retention.ms; THROUGHLINE_ACCEPT_LOSS=true for one start goes on without"


def refused(
    next_offsets: Mapping[int, int],
    journeys: Mapping[int, int],
    starts: Mapping[int, int],
    ends: Mapping[int, int],
) -> Iterator[tuple[str, str]]:
    """What is wrong and what mends it, by partition; the names are those a worker would say.

    Args:
        next_offsets: how far the changelog says that each partition was worked up to.
        journeys: how many journeys the changelog holds of each.
        starts, ends: first offset and end of each partition of the source.
    """
    for partition in sorted(ends):
        known, start, end = next_offsets.get(partition), starts[partition], ends[partition]
        if known is None:
            count = journeys.get(partition)
            if count:
                yield (
                    f"progress_missing: partition {partition} has {count} journeys, {_NO}",
                    _RESTORE,
                )
        elif known > end:
            text = f"source_truncated: partition {partition} ends at {end}, worked up to {known}"
            yield text, _RECOVER
        elif known < start:
            text = f"unread_deleted: partition {partition} begins at {start}, worked up to {known}"
            yield text, _RETAIN
