"""The journey store of one partition: a plain dict of encoded journeys, and where it stands.

(``disk_store.py`` keeps them on disk.) The compacted changelog topic is the source of truth; this
is the local copy of it. It is filled when the partition is assigned and let go when it is revoked.
A partition that comes back in the next generation is brought up to date by reading only what was
written since.
"""

from collections.abc import Callable, MutableMapping, Sequence

from streams.engine.record import Record
from streams.kafka.ports import Bounds, Changelog, Entry, Outcome, Pair
from streams.wire.progress import KEY as META_KEY

#: Customer ids with control characters are refused by the contract, so this cannot collide.
LEASE_KEY = b"\x00lease"

_LEASE_HEADER = "l"


def lease_headers(lease: int) -> list[tuple[str, bytes]]:
    """The header every changelog record carries: which lease wrote it."""
    return [(_LEASE_HEADER, lease.to_bytes(8, "big"))]


def lease_of(record: Record) -> int:
    """The lease a changelog record was written under; 0 for one without the header."""
    for name, value in record.headers:
        if name == _LEASE_HEADER:
            return int.from_bytes(value, "big")
    return 0


class JourneyStore:
    """Encoded journeys and progress of one partition.

    A *lease* numbers the owners of a partition in the order in which they took it over; each record
    carries the one it was written under. A reader skips records of a lower lease than one already
    seen: a paused worker that wakes and writes once more is thereby not believed. (With
    transactions it cannot write at all; without them this is the detection.)
    """

    def __init__(self) -> None:
        self.journeys: MutableMapping[bytes, bytes] = {}
        self.meta: bytes | None = None
        self.next_offset = 0  # changelog offset after the last record taken in
        self.lease = 0  # ours once ``claim`` was called, else the highest seen
        self.stale_records = 0  # records of an outlived lease, not believed
        self.stale_keys: set[bytes] = set()  # of these, such a record is the last one
        self._loaded = False

    async def restore(
        self, changelog: Changelog, progress: Callable[[int, int, int], None] | None = None
    ) -> int:
        """Read the changelog to its committed end; all of it, or what is new since the last time.

        Args:
            changelog: the partition's log.
            progress: told (start, position, end) after each portion.

        Returns:
            How many records were read.
        """
        bounds = await changelog.bounds()
        start = self.stand(bounds)
        count = 0
        if start < bounds.end:
            async for records, position in changelog.read(start, bounds.end):
                self.take(records, position)
                count += len(records)
                if progress is not None:
                    progress(start, position, bounds.end)
        self.next_offset = max(self.next_offset, bounds.end)
        self.kept()
        return count

    def stand(self, bounds: Bounds) -> int:
        """Where in this log to read on from; its beginning, unless we hold a prefix of it."""
        if self._loaded and not bounds.start <= self.next_offset <= bounds.end:
            self._forget()
        if not self._loaded:
            self.next_offset, self._loaded = bounds.start, True
        return self.next_offset

    def take(self, records: Sequence[Record], position: int) -> None:
        """Take in a portion of the log, up to that position."""
        self._take(records)
        self.next_offset = position

    def kept(self) -> None:
        """All taken in and settled so far agrees with the log up to ``next_offset``."""

    def close(self) -> None:
        """Let go of what is held outside memory; the next restore begins there."""

    def _take(self, records: Sequence[Record]) -> None:
        journeys, lease, stale = self.journeys, self.lease, self.stale_keys
        headers, written_under = None, 0
        for record in records:
            if record.headers != headers:  # an owner writes long runs under one lease
                headers, written_under = record.headers, lease_of(record)
            key, value = record.key, record.value
            if written_under < lease:
                self.stale_records += 1
                if key is not None:
                    stale.add(key)
                continue
            lease = written_under
            if stale and key is not None:
                stale.discard(key)
            if key == META_KEY:
                self.meta = value
            elif key == LEASE_KEY or key is None:
                continue
            elif value is None:
                journeys.pop(key, None)
            else:
                journeys[key] = value
        self.lease = lease

    def _forget(self) -> None:
        self.journeys.clear()
        self.stale_keys.clear()
        self.meta, self.next_offset, self.lease, self._loaded = None, 0, 0, False

    def entries(self, outcome: Outcome) -> list[Pair]:
        """What one outcome writes: its changed journeys, the progress last."""
        return [*outcome.changed.items(), (META_KEY, outcome.meta)]

    def mended(self, keys: set[bytes]) -> list[Entry]:
        """Our values of keys somebody else overwrote, and our progress."""
        entries = [
            Entry(key, self.journeys.get(key))
            for key in sorted(keys)
            if key not in (META_KEY, LEASE_KEY)
        ]
        if self.meta is not None:
            entries.append(Entry(META_KEY, self.meta))
        return entries
