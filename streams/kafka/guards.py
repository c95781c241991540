"""Where a lane may start reading, and when it must refuse to.

Our own progress says where; the log must be able to serve that offset. A log that is shorter than
our progress was recreated or truncated; one that begins after it has dropped records nobody read.
Neither may pass in silence.
"""

from collections.abc import Awaitable, Callable

from streams.kafka.ports import Bounds, Clock, Source, TopicPartition
from streams.kafka.refusal import NOT_READY, Refusal
from streams.kafka.store import JourneyStore

#: A new leader may show an older end for a moment; only what stays so is believed.
_LOOKS, _BETWEEN_LOOKS_S = 5, 1.0


def known_offset(tp: TopicPartition, store: JourneyStore, said: int) -> int | None:
    """Where our own progress says to go on; None when the partition was never worked on.

    Progress is in every batch that holds a journey, and compaction keeps the last record of a key.
    So an empty changelog, or one with nothing but a lease, is a first start; one with journeys and
    no progress has lost records, and the group's offset would count touchpoints twice or never.

    Args:
        tp: source topic and partition.
        store: restored.
        said: next offset by the progress in it, if there is any.

    Raises:
        Refusal: ``progress_missing``.
    """
    if store.meta is not None:
        return said
    if not store.journeys:
        return None
    raise Refusal(
        "progress_missing",
        f"The changelog of {tp.topic}[{tp.partition}] holds {len(store.journeys)} journeys, but "
        "not how far they were worked up to.",
        "Every batch of journeys carries it, so records of the changelog have been removed or "
        "written over from outside.",
        "Put the changelog topic back from a copy. Without one, start under a new app_id, which "
        "reads the source from its beginning. See docs/operations.md.",
        code=NOT_READY,
    )


async def first_offset(
    source: Source,
    clock: Clock,
    tp: TopicPartition,
    known: int | None,
    accept_loss: bool,
    sure: Callable[[], Awaitable[None]],
) -> tuple[int, int]:
    """The offset to seek to, and how many records retention took away unread.

    Args:
        source, clock: see ``ports``.
        tp: source topic and partition.
        known: next offset by our own progress; None when the partition was never worked on.
        accept_loss: start at the first record left, or where the group says, instead of refusing.
        sure: returns once it is known that the partition is ours still, and raises if it is not.

    Raises:
        Abandoned: it is not.
        Refusal: ``source_truncated``, ``unread_deleted`` or ``progress_missing``.
    """
    bounds = await _bounds(source, clock, tp, known or 0)
    if known is None:
        return await _first_start(source, tp, bounds, accept_loss, sure)
    place = f"{tp.topic}[{tp.partition}]"
    if known > bounds.end:
        raise Refusal(
            "source_truncated",
            f"{place} ends at offset {bounds.end}, but we have already worked up to {known}.",
            "The topic was recreated or truncated, or the broker came back with older data.",
            "If it was recreated on purpose, start under a new app_id (or delete this one's "
            "changelog); otherwise recover the broker's data first. See docs/operations.md.",
            code=NOT_READY,
        )
    if known < bounds.start:
        if accept_loss:
            return bounds.start, bounds.start - known
        raise Refusal(
            "unread_deleted",
            f"{place} begins at offset {bounds.start}, but we have only worked up to {known}.",
            f"Retention deleted {bounds.start - known} offsets before anybody read them.",
            "Raise retention.ms of the topic. To go on without those records, set "
            "THROUGHLINE_ACCEPT_LOSS=true for one start; the loss is counted.",
            code=NOT_READY,
        )
    return known, 0


async def _first_start(
    source: Source,
    tp: TopicPartition,
    bounds: Bounds,
    accept_loss: bool,
    sure: Callable[[], Awaitable[None]],
) -> tuple[int, int]:
    """Where to begin without progress of our own: at the first record there is.

    A group that is further got there with journeys we do not have: following it would leave what it
    read uncounted, without a word.
    """
    committed = await source.committed(tp)
    if committed is None or committed <= bounds.start:
        return bounds.start, 0
    if accept_loss:
        start = min(committed, bounds.end)
        return start, start - bounds.start
    await sure()  # or it was our successor who read on, while we were paused after our restore
    raise Refusal(
        "progress_missing",
        f"The group has read {tp.topic}[{tp.partition}] up to offset {committed}, but the "
        "changelog says nothing of it.",
        "The changelog was deleted or recreated, or somebody has set the group's offset.",
        "Put the changelog topic back from a copy, or start under a new app_id, which reads the "
        "source from its beginning. To begin where the group is and leave what lies before "
        "uncounted, set THROUGHLINE_ACCEPT_LOSS=true for one start. See docs/operations.md.",
        code=NOT_READY,
    )


async def _bounds(source: Source, clock: Clock, tp: TopicPartition, known: int) -> Bounds:
    """The log's bounds, asked again while they end before what we know there was."""
    for _ in range(_LOOKS):
        bounds = await source.bounds(tp)
        if bounds.end >= known:
            break
        await clock.sleep(_BETWEEN_LOOKS_S)
    return bounds
