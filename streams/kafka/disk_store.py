"""The journey store of one partition on disk: a copy of its changelog that outlives the process.

The copy is written after the changelog has acknowledged, never before, and with it the offset up to
which it holds; a restart reads the changelog from there. A copy that cannot be trusted is thrown
away and made anew: one whose head is missing or of another format, of a topic that was made again,
ahead of its log, damaged, or left alone for longer than the changelog keeps its tombstones.
"""

import logging
import time
from collections.abc import Callable, Sequence

import msgspec

from streams.engine.record import Record
from streams.kafka.disk_journeys import DiskJourneys
from streams.kafka.ports import Bounds
from streams.kafka.shelf import Shelf
from streams.kafka.store import JourneyStore
from streams.kafka.topic_id import UNKNOWN

log = logging.getLogger("throughline.worker")

_VERSION = 1

#: A copy that has not followed its changelog for longer may have missed tombstones, which a broker
#: may remove a day after their compaction (``delete.retention.ms``): the erased would come back.
TRUSTED_S = 20 * 60 * 60


class Head(msgspec.Struct, array_like=True, gc=False):
    """Where a copy stands.

    Args:
        version: format number.
        log: id of the changelog topic.
        next_offset: changelog offset up to which the copy holds.
        lease: see ``JourneyStore``.
        current_ms: wall clock when the copy was last known to hold all there was.
        meta: the partition's progress.
        stale_keys: see ``JourneyStore``.
    """

    version: int
    log: str
    next_offset: int
    lease: int
    current_ms: int
    meta: bytes | None
    stale_keys: list[bytes]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Head)


class DiskStore(JourneyStore):
    """Journeys and progress of one partition, on disk.

    Args:
        shelf: where this worker's copies lie.
        name: of the changelog topic.
        partition: its number.
        wall_s: the clock, seconds since the epoch.
    """

    journeys: DiskJourneys

    def __init__(
        self, shelf: Shelf, name: str, partition: int, wall_s: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._shelf, self._place, self._wall_s = shelf, f"{name}/{partition}", wall_s
        self._log = UNKNOWN
        self._current_ms = 0
        self._open = False

    def stand(self, bounds: Bounds) -> int:
        """Where to read on from: what the copy on disk says, if it is one of this log."""
        if not self._open:
            self._take_up(bounds)
        return super().stand(bounds)

    def _take_up(self, bounds: Bounds) -> None:
        why = self._shelf.distrust(self._place)
        if why is None:
            try:
                self._begin()
                why = self._read_head(bounds)
            except Exception as fault:  # noqa: BLE001  whatever is wrong with it, it is made anew
                why = f"it cannot be read: {str(fault)[:200]}"
        if why is not None:
            log.info("%s: the copy on disk is made anew, %s", self._place, why)
            self._start_anew()
        if not self._loaded:
            self._current_ms = int(self._wall_s() * 1000)
        self._log = bounds.log

    def _begin(self) -> None:
        db = self._shelf.open(self._place)
        self._open = True
        self.journeys = DiskJourneys(
            db, self._shelf.live_max, lambda: self._shelf.mark(self._place)
        )

    def _read_head(self, bounds: Bounds) -> str | None:
        """Take the head over; or why the copy is not to be trusted."""
        encoded = self.journeys.head()
        if encoded is None:
            return None if not self.journeys else "nothing in it says where it stands"
        try:
            head = _decoder.decode(encoded)
        except msgspec.MsgspecError:
            return "another version wrote it"
        if head.version != _VERSION:
            return "another version wrote it"
        if bounds.log == UNKNOWN or head.log != bounds.log:
            return "it is of another topic of that name"
        if not bounds.start <= head.next_offset <= bounds.end:
            return f"it stands at {head.next_offset}, and the log is {bounds.start}..{bounds.end}"
        if self._wall_s() - head.current_ms / 1000 > TRUSTED_S:
            return f"it has not followed its log for {TRUSTED_S // 3600} hours"
        self.next_offset, self.lease, self.meta = head.next_offset, head.lease, head.meta
        self.stale_keys, self._current_ms = set(head.stale_keys), head.current_ms
        self._loaded = True
        return None

    def take(self, records: Sequence[Record], position: int) -> None:
        """Take in a portion of the log; it goes to disk at once, with where it ends."""
        super().take(records, position)
        self._write()

    def kept(self) -> None:
        """What was settled goes to disk, and that it is all there is as of now."""
        self._current_ms = int(self._wall_s() * 1000)
        self._write()
        self._shelf.look(time.monotonic())

    def _write(self) -> None:
        stale = sorted(self.stale_keys)
        head = Head(
            _VERSION, self._log, self.next_offset, self.lease, self._current_ms, self.meta, stale
        )
        self.journeys.write(_encoder.encode(head))

    def _forget(self) -> None:
        log.info("%s: the copy on disk is made anew, it is no part of its log", self._place)
        self._start_anew()
        self._current_ms = int(self._wall_s() * 1000)

    def _start_anew(self) -> None:
        self._shut()
        self._shelf.throw_away(self._place)
        self._begin()
        self.stale_keys.clear()
        self.meta, self.next_offset, self.lease, self._loaded = None, 0, 0, False

    def close(self) -> None:
        """Let go of the copy; what was written to it is safe even from a power cut."""
        self._shut()
        self._loaded = False

    def _shut(self) -> None:
        if self._open:
            self._open = False
            self.journeys.close()
            self._shelf.closed(self._place)
