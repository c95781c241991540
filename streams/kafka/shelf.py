"""Where a worker's copies of its partitions lie on disk, and how much memory they may use.

A worker takes the first folder of the deployment's that no other process holds, so several on one
machine need no names, and one that is restarted finds what it left. The memory setting is shared
out here: a part for RocksDB (blocks and what is not yet written, in one cache for all partitions),
a part for decoded journeys, and what the program itself needs.
"""

import fcntl
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from rocksdict import (
    BlockBasedOptions,
    Cache,
    DBCompressionType,
    Options,
    Rdict,
    WriteBufferManager,
)

from streams.kafka.refusal import NOT_READY, Refusal

log = logging.getLogger("throughline.worker")

_MB = 1024 * 1024

#: Program, libraries, batches in hand: a worker with next to no journeys.
BASE_MB = 192

#: Of what is left: blocks and memtables of RocksDB; decoded journeys. The rest is for timers, for
#: what is known of journeys not decoded, and for what allocators keep to themselves.
_CACHE_SHARE, _LIVE_SHARE = 0.25, 0.45

#: A decoded journey with its place in the cache, at first; as measured, see docs/scaling.md. Where
#: journeys are larger, fewer are kept as soon as the process comes near what it may use.
LIVE_BYTES = 18_432
_NEAR, _FEWER, _LOOK_EVERY_S = 0.9, 0.8, 1.0

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MEMTABLE_BYTES = 8 * _MB
_FILE_BYTES = 8 * _MB  # index and filter of a file must fit a shard of the cache
_FOLDERS_MAX = 256
_WEEK_S = 7 * 24 * 60 * 60
_DAMAGED = "damaged"


class Shelf:
    """The copies of one worker.

    Args:
        folder: of the deployment; each worker has one of its own in it.
        memory_mb: what the whole process may use.
        resident: gives what it uses, in bytes; the system's own figure if not given.

    Raises:
        Refusal: ``store_unusable``, the folder cannot be made or all of it is taken.
    """

    def __init__(
        self, folder: Path, memory_mb: int, resident: Callable[[], int] | None = None
    ) -> None:
        resident = resident or resident_bytes
        self._lock, self._folder = _claimed(folder)
        left = max(0, memory_mb - BASE_MB) * _MB
        self._cache = Cache(max(16 * _MB, int(left * _CACHE_SHARE)))
        self._buffers = WriteBufferManager.new_write_buffer_manager_with_cache(
            max(8 * _MB, int(left * _CACHE_SHARE) // 2), False, self._cache
        )
        self._live_in_all = int(left * _LIVE_SHARE) // LIVE_BYTES
        self._opened: set[str] = set()
        self._most_bytes, self._resident, self._looked_s = memory_mb * _MB, resident, 0.0

    def look(self, now_s: float) -> None:
        """Keep fewer decoded journeys if the process is near what it may use.

        Python does not give memory back, it uses it again: so what is let go is not seen at once,
        and this goes down in steps and not up again.

        Args:
            now_s: monotonic.
        """
        if now_s - self._looked_s < _LOOK_EVERY_S:
            return
        self._looked_s = now_s
        if self._resident() > _NEAR * self._most_bytes:
            self._live_in_all = int(self._live_in_all * _FEWER)

    @property
    def folder(self) -> Path:
        """The one this worker has taken."""
        return self._folder

    def live_max(self) -> int:
        """How many decoded journeys one partition may keep."""
        return max(500, self._live_in_all // max(1, len(self._opened)))

    def distrust(self, place: str) -> str | None:
        """Why a copy must not be used, whatever is in it."""
        return "it was found damaged" if self._mark(place).exists() else None

    def open(self, place: str) -> Rdict:
        """The copy of one partition, made if there is none."""
        folder = self._folder / place
        folder.mkdir(parents=True, exist_ok=True)
        options = self._options()
        # By name: else what is there already is opened as it was made, with a cache of its own.
        db = Rdict(str(folder), options, column_families={"default": options})
        # What was erased or written over must go, however little is written.
        db.set_options({"periodic_compaction_seconds": str(_WEEK_S)})
        self._opened.add(place)
        return db

    def closed(self, place: str) -> None:
        """A copy is not open any more."""
        self._opened.discard(place)

    def mark(self, place: str) -> None:
        """A copy is not to be used again."""
        try:
            self._mark(place).touch()
        except OSError as fault:  # then RocksDB's own checks will have to find it again
            log.error("%s could not be marked as damaged: %s", place, fault)

    def throw_away(self, place: str) -> None:
        """Remove a copy."""
        shutil.rmtree(self._folder / place, ignore_errors=True)
        self._mark(place).unlink(missing_ok=True)

    def _mark(self, place: str) -> Path:
        return self._folder / f"{place}.{_DAMAGED}"

    def _options(self) -> Options:
        table = BlockBasedOptions()
        table.set_block_cache(self._cache)
        table.set_cache_index_and_filter_blocks(True)
        table.set_pin_l0_filter_and_index_blocks_in_cache(True)
        table.set_bloom_filter(10, False)
        table.set_format_version(5)
        options = Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_block_based_table_factory(table)
        options.set_write_buffer_manager(self._buffers)
        options.set_write_buffer_size(_MEMTABLE_BYTES)
        options.set_target_file_size_base(_FILE_BYTES)
        options.set_compression_type(DBCompressionType.lz4())
        options.set_max_background_jobs(2)
        options.set_max_open_files(128)
        options.set_keep_log_file_num(2)
        options.set_max_log_file_size(_MB)
        return options


def resident_bytes() -> int:
    """Memory this process uses; 0 where the system does not tell it the way Linux does."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, ValueError, IndexError):
        return 0


def _claimed(folder: Path) -> tuple[IO[bytes], Path]:
    try:
        for number in range(_FOLDERS_MAX):
            own = folder / f"worker-{number}"
            own.mkdir(parents=True, exist_ok=True)
            lock = (own / "lock").open("wb")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            return lock, own
    except OSError as fault:
        raise Refusal(
            "store_unusable",
            f"Nothing can be kept in {folder}.",
            str(fault),
            "Set THROUGHLINE_STORE_DIR to a folder on a local disk this user may write to, or "
            "THROUGHLINE_STORE=memory.",
            code=NOT_READY,
        ) from fault
    raise Refusal(
        "store_unusable",
        f"All {_FOLDERS_MAX} folders in {folder} are taken.",
        "Each worker holds one of its own while it runs.",
        "Set THROUGHLINE_STORE_DIR to another folder.",
        code=NOT_READY,
    )
