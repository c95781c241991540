"""What has arrived at the second stage and waits until every partition has passed its hour.

Added up by where touchpoints stood, one changelog record for each place and window: so what a batch
writes grows with what it brought, and not with what waits already.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from xxhash import xxh3_128_digest

from streams.cohorts import state
from streams.cohorts.cell import Cell
from streams.cohorts.dimensions import Dims
from streams.cohorts.portion import Page
from streams.cohorts.state import Waiting

KEYS = b"w\x1f"
"""How the keys of the changelog begin under which it lies."""
_Which = tuple[int, int, int, Dims | str]  # hour heard, kind, window, what about
_encode = msgspec.msgpack.Encoder().encode


class Arrivals:
    """All that waits, by the hour in which it was heard."""

    def __init__(self) -> None:
        self._by_hour: dict[int, dict[_Which, Waiting]] = {}
        self._fresh: set[_Which] = set()  # not in the changelog
        self._dirty: dict[_Which, None] = {}

    def hours(self, before: int) -> list[int]:
        """The hours before that one of which something waits, oldest first."""
        return sorted(heard for heard in self._by_hour if heard < before)

    def read(self, encoded: bytes) -> None:
        """As it lay in the changelog."""
        waits = state.waiting(encoded)
        self._by_hour.setdefault(waits.heard, {})[_which(waits)] = waits

    def put(self, page: Page) -> None:
        """Add a page to what waits."""
        here = self._by_hour.setdefault(page.heard, {})
        heard, kind, window = page.heard, page.kind, page.window
        cells: dict
        for cells in (page.places, page.things):
            for about, cell in cells.items():
                which = (heard, kind, window, about)
                waits = here.get(which)
                if waits is None:
                    here[which] = Waiting(heard, kind, window, about, cell)
                    self._fresh.add(which)
                else:
                    waits.sums.merge(cell)
                self._dirty[which] = None

    def due(self, heard: int) -> Sequence[Waiting]:
        """What was heard in that hour; it waits no longer."""
        due = self._by_hour.pop(heard)
        for which in due:
            if which in self._fresh:  # nobody was told of it, so there is nothing to take back
                self._fresh.remove(which)
                del self._dirty[which]
            else:
                self._dirty[which] = None
        return list(due.values())

    def holding(self, number: int) -> Iterator[Cell]:
        """The sums in which a customer, by their hash, may be found; they are written anew."""
        for here in self._by_hour.values():
            for which, waits in here.items():
                if number in waits.sums.customers or waits.sums.marks:
                    self._dirty[which] = None
                    yield waits.sums

    def changed(self) -> Iterable[tuple[bytes, bytes | None]]:
        """Key and value of everything that changed since ``settle``; None for what is gone."""
        for which in self._dirty:
            waits = self._by_hour.get(which[0], {}).get(which)
            key = KEYS + xxh3_128_digest(_encode(which))
            yield key, None if waits is None else state.encode(waits)

    def settle(self) -> None:
        """What changed is durable."""
        self._fresh.clear()
        self._dirty.clear()


def _which(waits: Waiting) -> _Which:
    return waits.heard, waits.kind, waits.window, waits.about
