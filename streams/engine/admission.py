"""Is this touchpoint new, and is it in time?

A touchpoint is known by its source and ``event_id``; the last ``seen_max`` of a customer are
remembered as 48-bit hashes, packed one behind the other (a new one is taken for a known one with
probability seen_max / 2^48: once in six thousand thousand millions of touchpoints). The scope
of deduplication is one source, never across sources. Records read twice after a crash never get
here: the partition's progress recognises them.

Of an erased customer nothing is kept but, for a while and in the partition's progress, a 64-bit
hash of the key with the time of the erasure: what happened before it and is told only afterwards (a
late source, a journey that was on its way to join this one) must not begin the customer anew.
"""

from xxhash import xxh3_64_digest, xxh3_64_intdigest

from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

IDENTITY_BYTES = 6
"""Of what is remembered of one touchpoint."""
ERASED_MAX = 256
"""Erased customers remembered per partition."""
ERASED_KEPT_D = 30
"""For so many days of event time: what is told later than that goes to the late topic anyway."""


def is_duplicate(journey: Journey, source: str, event_id: str, seen_max: int) -> bool:
    """Whether that source already told this touchpoint; remembers it if not."""
    identity = identity_of(source, event_id)
    seen = journey.seen
    at = seen.find(identity)
    while at >= 0:
        if at % IDENTITY_BYTES == 0:  # else the end of one and the beginning of the next
            return True
        at = seen.find(identity, at + 1)
    over = len(seen) // IDENTITY_BYTES + 1 - seen_max
    if over > 0:
        # Two by two: a journey that has taken in another's brings more than it may keep for good.
        seen = seen[IDENTITY_BYTES * min(2, over) :]
    journey.seen = seen + identity
    return False


def identity_of(source: str, event_id: str) -> bytes:
    """48-bit hash of a touchpoint's identity."""
    return xxh3_64_digest(f"{source}\0{event_id}")[:IDENTITY_BYTES]


def identities(seen: bytes) -> list[bytes]:
    """What is packed in ``Journey.seen``, oldest first."""
    return [seen[at : at + IDENTITY_BYTES] for at in range(0, len(seen), IDENTITY_BYTES)]


def key_hash(key: bytes) -> int:
    """64-bit hash of a customer's key."""
    return xxh3_64_intdigest(key)


def remember_erased(erased: dict[int, int], identity: int, at_ms: int) -> dict[int, int]:
    """Those erased lately and one more, the latest ``ERASED_MAX`` of them; a new dict.

    Args:
        erased: event time of the erasure by hash of the customer's key.
        identity: another's hash.
        at_ms: its event time.
    """
    oldest_ms = at_ms - ERASED_KEPT_D * DAY_MS
    kept = {one: ms for one, ms in erased.items() if ms > oldest_ms and one != identity}
    kept[identity] = max(at_ms, erased.get(identity, 0))
    while len(kept) > ERASED_MAX:
        del kept[next(iter(kept))]
    return kept


def was_erased(erased: dict[int, int], key: bytes, at_ms: int, watermark_ms: int) -> bool:
    """Whether what happened then to that customer was erased since, as far as that is remembered.

    Args:
        erased: event time of the erasure by hash of the customer's key.
        key: the customer's.
        at_ms: when it happened.
        watermark_ms: event time so far.
    """
    if not erased:
        return False
    erased_ms = erased.get(key_hash(key), -1)
    return at_ms <= erased_ms and watermark_ms < erased_ms + ERASED_KEPT_D * DAY_MS


def lately(erased: dict[int, int], watermark_ms: int) -> dict[int, int]:
    """Those of them that are still remembered."""
    oldest_ms = watermark_ms - ERASED_KEPT_D * DAY_MS
    return {one: ms for one, ms in erased.items() if ms > oldest_ms} if erased else erased
