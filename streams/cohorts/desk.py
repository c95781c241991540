"""The work place of one partition of the second stage: its cohorts and their windows, decoded.

What changed since the last ``settle`` is dirty; ``rollback`` reads everything anew from what is
durable, which is small and seldom needed.
"""

from collections.abc import Callable, Iterator, MutableMapping

from streams.cohorts import state
from streams.cohorts.cell import Cell
from streams.cohorts.collector import forget
from streams.cohorts.dimensions import is_published, kind_of, other_of
from streams.cohorts.portion import DAY, HOUR, Portion
from streams.cohorts.state import Head, Source, Standing, Window
from streams.cohorts.waiting import KEYS, Arrivals

LATE = "late"
"""Count of sums that belong to an hour which is not kept any more."""
OUTSIDE_TIMES = 50
"""So many times more accounts, agents and sources than cohorts of any other kind."""
_SPLIT = "\x1f"
Where = tuple[int, int, str]  # kind of window, window, cohort


class CrowdDesk:
    """What the second stage knows.

    Args:
        partition: its number.
        standing: how far it is.
        journeys: encoded heads and windows by key; read here, written by ``settle``.
    """

    def __init__(
        self, partition: int, standing: Standing, journeys: MutableMapping[bytes, bytes]
    ) -> None:
        self.partition = partition
        self.next_due_ms: int | None = None
        self._durable, self._journeys = standing, journeys
        self._load()

    def _load(self) -> None:
        durable = self._durable
        self.next_offset, self.tick = durable.next_offset, durable.tick
        self.sources = [Source(s.number, s.told_ms) for s in durable.sources]
        self.heads: dict[str, Head] = {}
        self.windows: tuple[dict[int, dict[str, Window]], ...] = ({}, {})
        self.arrivals = Arrivals()
        self.by_kind: dict[str, dict[str, None]] = {}
        self.opened: dict[str, dict[str, None]] = {}  # cohorts with an open episode, by detector
        self.dirty: dict[tuple[str, str, int | None], None] = {}
        for key in sorted(self._journeys):
            self._read(key, self._journeys[key])

    def _read(self, key: bytes, encoded: bytes) -> None:
        if key.startswith(KEYS):
            self.arrivals.read(encoded)
            return
        what, cohort, *window = key.decode("utf-8", "surrogatepass").split(_SPLIT)
        if what == "c":
            self._know(cohort, state.head(encoded))
            return
        kind, number = (HOUR if what == "h" else DAY), int(window[0])
        self.windows[kind].setdefault(number, {})[cohort] = state.window(encoded)

    def _know(self, cohort: str, head: Head) -> None:
        self.heads[cohort] = head
        self.by_kind.setdefault(kind_of(cohort), {})[cohort] = None
        for kind, episode in head.episodes.items():
            if not episode.resolved_ms:
                self.opened.setdefault(kind, {})[cohort] = None

    @property
    def watermark_ms(self) -> int:
        """Event time of the slowest source; 0 while one of them was never heard of."""
        return min((source.told_ms for source in self.sources), default=0)

    # -- taking in -------------------------------------------------------------------------------

    def take(self, portion: Portion) -> bool:
        """Put a portion's pages to what waits; False if it was known already."""
        source = self.sources[portion.source]
        if portion.number <= source.number:
            return False
        source.number = portion.number
        source.told_ms = max(source.told_ms, portion.told_ms)
        for page in portion.pages:
            self.arrivals.put(page)
        for number in portion.erased:
            self._erase(number)
        return True

    def known(self, cohort: str, hour: int, values_max: int) -> str | None:
        """The cohort, or the one in which it counts where there are too many of its kind; None
        where such a one would say nothing (an account that is several accounts)."""
        if cohort in self.heads:
            return cohort
        published = is_published(cohort)
        alike = len(self.by_kind.get(kind_of(cohort), ()))
        if alike >= values_max * (1 if published else OUTSIDE_TIMES):
            if not published:
                return None
            cohort = other_of(cohort)
        if cohort not in self.heads:
            self._know(cohort, Head(hour))
            self.touch_head(cohort)
        return cohort

    def _erase(self, number: int) -> None:
        """Forget a customer everywhere; that is a whole search, and rare."""
        for kind, windows in enumerate(self.windows):
            for at, cohorts in windows.items():
                for cohort, window in cohorts.items():
                    if number in window.sums.customers or window.sums.marks:
                        forget(window.sums, number)
                        self.touch((kind, at, cohort))
        for cell in self.arrivals.holding(number):
            forget(cell, number)
        for cohort, head in self.heads.items():
            if head.marks:
                cell = Cell(marks=list(head.marks.values()))
                forget(cell, number)
                head.marks = {k: m for k, m in head.marks.items() if m in cell.marks}
                self.touch_head(cohort)

    # -- windows and heads -------------------------------------------------------------------------

    def window(self, where: Where) -> Window:
        """A window, begun if there is none."""
        kind, at, cohort = where
        cohorts = self.windows[kind].setdefault(at, {})
        if cohort not in cohorts:
            cohorts[cohort] = Window()
        return cohorts[cohort]

    def sums(self, kind: int, at: int, cohort: str) -> Cell | None:
        """The sums of a window, or None."""
        found = self.windows[kind].get(at, {}).get(cohort)
        return None if found is None else found.sums

    def filled(self, kind: int, at: int) -> list[str]:
        """Cohorts of which something was taken in for a window; what only waits does not count."""
        found = self.windows[kind].get(at, {})
        return [cohort for cohort, window in found.items() if window.sums.counts]

    def touch(self, where: Where) -> None:
        """That window changed."""
        self.dirty["hd"[where[0]], where[2], where[1]] = None

    def touch_head(self, cohort: str) -> None:
        """That cohort changed."""
        self.dirty["c", cohort, None] = None

    def drop(self, where: Where) -> None:
        """Forget a window."""
        kind, at, cohort = where
        cohorts = self.windows[kind].get(at, {})
        window = cohorts.pop(cohort, None)
        if window is not None:
            self.touch(where)
        if not cohorts:
            self.windows[kind].pop(at, None)

    def forget(self, kind: int, before: int) -> None:
        """Forget windows before that one."""
        for at in [at for at in self.windows[kind] if at < before]:
            for cohort in list(self.windows[kind][at]):
                self.drop((kind, at, cohort))

    def forget_heads(self, idle: Callable[[Head], bool]) -> None:
        """Forget cohorts of which nothing is left."""
        living = {cohort for days in self.windows[DAY].values() for cohort in days}
        living |= {cohort for hours in self.windows[HOUR].values() for cohort in hours}
        for cohort in [c for c, head in self.heads.items() if c not in living and idle(head)]:
            del self.heads[cohort]
            self.by_kind[kind_of(cohort)].pop(cohort)
            self.touch_head(cohort)

    # -- durable ---------------------------------------------------------------------------------

    def changed(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Everything dirty, encoded; None for what is gone."""
        for what, cohort, at in self.dirty:
            found: Head | Window | None
            if at is None:
                found = self.heads.get(cohort)
            else:
                found = self.windows[what == "d"].get(at, {}).get(cohort)
            yield _key(what, cohort, at), None if found is None else state.encode(found)
        yield from self.arrivals.changed()

    def standing(self, next_offset: int) -> Standing:
        """The meta record after the work in hand."""
        return Standing(state.VERSION, self.partition, next_offset, self.tick, self.sources)

    def rollback(self) -> None:
        """Forget everything done since the last ``settle``."""
        self._load()

    def settle(self, changed: dict[bytes, bytes | None], meta: bytes) -> None:
        """The outcome is durable: it becomes the baseline."""
        for key, encoded in changed.items():
            if encoded is None:
                self._journeys.pop(key, None)
            else:
                self._journeys[key] = encoded
        self._durable = state.standing(meta)
        self.next_offset = self._durable.next_offset
        self.dirty = {}
        self.arrivals.settle()


def _key(what: str, cohort: str, window: int | None = None) -> bytes:
    parts = (what, cohort) if window is None else (what, cohort, str(window))
    return _SPLIT.join(parts).encode("utf-8", "surrogatepass")
