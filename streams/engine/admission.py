"""Is this touchpoint new, and is it in time?

A touchpoint is known by its source and ``event_id``; the last ``seen_max`` of a customer are
remembered as 64-bit hashes (two different ones collide with probability seen_max / 2^64). The scope
of deduplication is one source, never across sources. Records read twice after a crash never get
here: the partition's progress recognises them.
"""

from xxhash import xxh3_64_intdigest

from streams.engine.journey import Journey


def is_duplicate(journey: Journey, source: str, event_id: str, seen_max: int) -> bool:
    """Whether that source already told this touchpoint; remembers it if not."""
    identity = identity_of(source, event_id)
    seen = journey.seen
    if identity in seen:
        return True
    seen.append(identity)
    if len(seen) > seen_max:
        # Two by two: a journey that has taken in another's brings more than it may keep for good.
        del seen[: min(2, len(seen) - seen_max)]
    return False


def identity_of(source: str, event_id: str) -> int:
    """64-bit hash of a touchpoint's identity."""
    return xxh3_64_intdigest(f"{source}\0{event_id}")
