"""Encoded journeys of one partition in RocksDB, as the desk and the store read and write them.

Three kinds of keys in one column family: ``j`` + customer for a journey, ``t`` + due time +
customer for a timer, ``h`` for the head (where the copy stands). Whatever is set waits in memory
until ``write`` puts all of it, the timers that moved and the head into one WriteBatch. Such a batch
is in a copy whole or not at all, and a later one never without the earlier ones: a kill leaves the
copy as it was after some ``write``. So there is no log of RocksDB's own: the changelog is one, and
what a kill takes is read from it again.
"""

import contextlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from rocksdict import Rdict, WriteBatch, WriteOptions

from streams.engine.far_desk import FarJourneys, Timer
from streams.kafka.refusal import Refusal
from streams.wire.journey import next_due_ms

_JOURNEY, _TIMER, _HEAD = b"j", b"t", b"h"
_DUE_BYTES = 8


class DamagedStore(Refusal, MemoryError):
    """The copy cannot be read or written.

    A MemoryError besides, because the line lets those through: a journey that cannot be read must
    not look like a record that crashes it.
    """


class DiskJourneys(FarJourneys):
    """A mapping of customer keys to encoded journeys, most of them on disk.

    Args:
        db: opened in raw mode; its own log stays off.
        live_max: gives how many decoded journeys this partition may keep in memory.
        on_damage: told, before ``DamagedStore`` is raised, that the copy is not to be used again.
    """

    def __init__(
        self, db: Rdict, live_max: Callable[[], int], on_damage: Callable[[], None]
    ) -> None:
        # Its published types do not know raw mode, and call an attribute a method.
        self._db: Any = db
        self._options: Any = WriteOptions()
        self._options.disable_wal = True  # type: ignore[method-assign, assignment]
        self._live_max, self._on_damage = live_max, on_damage
        self._waiting: dict[bytes, bytes | None] = {}
        # Due time under which a customer stands among the timers (0 for not), of those read lately.
        self._entered: dict[bytes, int] = {}

    @property
    def live_max(self) -> int:
        """How many decoded journeys may be kept in memory."""
        return self._live_max()

    def __getitem__(self, key: bytes) -> bytes:
        if key in self._waiting:
            value = self._waiting[key]
        else:
            value = self._read(_JOURNEY + key)
            self._entered[key] = next_due_ms(value) if value is not None else 0
        if value is None:
            raise KeyError(key)
        return value

    def get(self, key: bytes, default: Any = None) -> Any:
        """As of any mapping; customers not known yet are the common case, so without a KeyError."""
        if key in self._waiting:
            value = self._waiting[key]
        else:
            value = self._read(_JOURNEY + key)
            self._entered[key] = next_due_ms(value) if value is not None else 0
        return default if value is None else value

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None  # type: ignore[arg-type]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._waiting[key] = value

    def __delitem__(self, key: bytes) -> None:
        if key not in self:
            raise KeyError(key)
        self._waiting[key] = None

    def pop(self, key: bytes, default: Any = None) -> Any:
        """Take a journey away; what it was is of no interest to those who do."""
        self._waiting[key] = None
        return default

    def __iter__(self) -> Iterator[bytes]:
        for stored in self._stored(_JOURNEY, _JOURNEY):
            if stored[1:] not in self._waiting:
                yield stored[1:]
        yield from [key for key, value in self._waiting.items() if value is not None]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def timers(self, after: Timer | None, most: int) -> tuple[list[Timer], Timer | None]:
        """The next timers in order of due time and customer.

        Args:
            after: the last one already known; None to begin.
            most: at most so many.

        Returns:
            The timers, and the last of them; None instead of it when there are no more.
        """
        start = _TIMER if after is None else _timer_key(after) + b"\x00"
        found: list[Timer] = []
        for stored in self._stored(_TIMER, start):
            found.append(_timer(stored))
            if len(found) == most:
                break
        last = found[-1] if len(found) == most else None
        if self._waiting:
            found = self._as_it_will_be(found, after, last)
        return found, last

    def _as_it_will_be(
        self, found: list[Timer], after: Timer | None, last: Timer | None
    ) -> list[Timer]:
        """Timers once what waits is written."""
        waiting = self._waiting
        found = [timer for timer in found if timer[1] not in waiting]
        for key, value in waiting.items():
            timer = (next_due_ms(value) if value is not None else 0, key)
            beyond = last is not None and timer > last
            if timer[0] and not beyond and (after is None or timer > after):
                found.append(timer)
        return sorted(found)

    @property
    def waiting(self) -> int:
        """How many journeys are set and not yet written."""
        return len(self._waiting)

    def write(self, head: bytes) -> None:
        """Put all that waits, its timers and the head to disk, as one."""
        waiting, entered = self._waiting, self._entered
        self._learn([key for key in waiting if key not in entered])
        batch = WriteBatch(raw_mode=True)
        for key, value in waiting.items():
            before_ms, due_ms = entered[key], 0
            if value is None:
                batch.delete(_JOURNEY + key)
            else:
                due_ms = next_due_ms(value)
                batch.put(_JOURNEY + key, value)
            if due_ms != before_ms:
                if before_ms:
                    batch.delete(_timer_key((before_ms, key)))
                if due_ms:
                    batch.put(_timer_key((due_ms, key)), b"")
                entered[key] = due_ms
        batch.put(_HEAD, head)
        try:
            self._db.write(batch, self._options)
        except Exception as fault:
            raise self._damaged(fault) from fault
        waiting.clear()
        self._trim()

    def _learn(self, keys: list[bytes]) -> None:
        """Under which due times these customers stand among the timers."""
        if not keys:
            return
        try:
            values = self._db.get([_JOURNEY + key for key in keys])
        except Exception as fault:
            raise self._damaged(fault) from fault
        for key, value in zip(keys, values, strict=True):
            self._entered[key] = next_due_ms(value) if value is not None else 0

    def _trim(self) -> None:
        most = 2 * self.live_max
        if len(self._entered) > most:
            for key in list(islice(self._entered, len(self._entered) - most // 2)):
                del self._entered[key]

    def drop_waiting(self) -> None:
        """Forget what was set since the last ``write``."""
        self._waiting.clear()

    def head(self) -> bytes | None:
        """What ``write`` was given last, as far as it survived."""
        return self._read(_HEAD)

    def close(self) -> None:
        """Everything written so far survives; what waits does not."""
        self._waiting.clear()
        try:
            self._db.flush()
        except Exception as fault:  # noqa: BLE001  we are leaving; the next to open it is told
            self._damaged(fault)
        with contextlib.suppress(Exception):  # closing flushes as well, and complains that it may
            self._db.cancel_all_background(True)  # not; without this it waits for compactions
            self._db.close()

    def _stored(self, kind: bytes, start: bytes) -> Iterator[bytes]:
        """Keys of a kind, in order. What ``keys()`` gives would just end where it is damaged."""
        found = self._db.iter()
        found.seek(start)
        while found.valid() and (stored := found.key())[:1] == kind:
            yield stored
            found.next()
        try:
            found.status()
        except Exception as fault:
            raise self._damaged(fault) from fault

    def _read(self, stored: bytes) -> bytes | None:
        try:
            return self._db.get(stored)
        except Exception as fault:
            raise self._damaged(fault) from fault

    def _damaged(self, fault: Exception) -> DamagedStore:
        self._on_damage()
        return DamagedStore(
            "store_damaged",
            "The local copy of the journeys cannot be read or written.",
            f"RocksDB: {str(fault)[:300]}",
            "Nothing is lost. See whether the disk is full or failing; on restart the copy is made "
            "anew from the changelog.",
        )


def _timer_key(timer: Timer) -> bytes:
    return _TIMER + timer[0].to_bytes(_DUE_BYTES, "big") + timer[1]


def _timer(stored: bytes) -> Timer:
    return int.from_bytes(stored[1 : 1 + _DUE_BYTES], "big"), stored[1 + _DUE_BYTES :]
