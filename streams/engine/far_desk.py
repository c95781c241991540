"""A desk whose journeys, and most of whose timers, lie elsewhere than in memory.

Of the timers only the next ones are in the heap: all up to a *horizon*. Those beyond it are where
the journeys are, in order of due time, and are fetched when the heap has run empty. Timers fire in
the same order as from a heap of all.
"""

from abc import abstractmethod
from collections.abc import Callable, MutableMapping
from heapq import heapify, heappop, nsmallest
from itertools import islice

from streams.engine.desk import Desk

Timer = tuple[int, bytes]
"""Due time in epoch milliseconds, and the customer's key."""

FETCHED = 4_096
"""Timers fetched at a time."""
KEPT_MAX = 16_384
"""Timers in memory beyond which the later ones are left to where the journeys are."""

_BEFORE_ALL: Timer = (-1, b"")


class FarJourneys(MutableMapping[bytes, bytes]):
    """Encoded journeys that keep their timers in order."""

    @property
    @abstractmethod
    def live_max(self) -> int:
        """How many decoded journeys may be kept in memory."""

    @abstractmethod
    def timers(self, after: Timer | None, most: int) -> tuple[list[Timer], Timer | None]:
        """The next timers after one, and the last of them; None for it when there are no more."""


def fitting(
    journeys: MutableMapping[bytes, bytes], next_due_ms: Callable[[bytes], int]
) -> tuple[type[Desk], list[Timer]]:
    """The kind of desk that fits how the journeys are kept, and the timers it begins with.

    Args:
        journeys: encoded, by customer.
        next_due_ms: reads the next due time of an encoded journey, 0 for none.
    """
    if isinstance(journeys, FarJourneys):
        return FarDesk, []
    return Desk, [(ms, key) for key, value in journeys.items() if (ms := next_due_ms(value))]


class FarDesk(Desk):
    """A desk over ``FarJourneys``."""

    journeys: FarJourneys  # type: ignore[assignment]

    _horizon: Timer | None = _BEFORE_ALL  # every timer up to it is in the heap; None: every one

    def __init__(self, *args, **options) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **options)
        self._beyond: list[Timer] = []  # of journeys not settled yet: nobody else knows them

    @property
    def next_due_ms(self) -> int | None:
        """The earliest possible due time of any timer, or None."""
        heap, entered = self._heap, self._entered
        while True:
            while heap and entered.get(heap[0][1]) != heap[0][0]:
                heappop(heap)
            if heap:
                return heap[0][0]
            if self._horizon is None:
                return None
            self._fetch()
            heap = self._heap

    def _fetch(self) -> None:
        """Move the horizon on."""
        after = None if self._horizon == _BEFORE_ALL else self._horizon
        timers, self._horizon = self.journeys.timers(after, FETCHED)
        beyond, self._beyond = self._beyond, []
        for due_ms, key in (*timers, *beyond):
            self._enter(due_ms, key)

    def _enter(self, due_ms: int, key: bytes) -> None:
        horizon = self._horizon
        if horizon is None or (due_ms, key) <= horizon:
            super()._enter(due_ms, key)
        elif key not in self._entered:  # else an earlier entry counts; it is checked when it is up
            self._beyond.append((due_ms, key))

    def settle(self, changed: dict[bytes, bytes | None], next_offset: int, live_max: int) -> None:
        """The outcome is durable: it becomes the baseline. The journeys touched last stay live."""
        super().settle(changed, next_offset, len(self.live))
        self._beyond.clear()  # they are written now, and will be fetched
        live = self.live
        for key in changed:
            journey = live.pop(key, None)
            if journey is not None:
                live[key] = journey
        excess = len(live) - min(live_max, self.journeys.live_max)
        if excess > 0:
            for key in list(islice(live, excess)):
                del live[key]
        if len(self._entered) > KEPT_MAX:
            self._cut()

    def _cut(self) -> None:
        """Keep the next timers; the others are with their journeys."""
        due = ((due_ms, key) for key, due_ms in self._entered.items())
        self._heap = nsmallest(KEPT_MAX // 2, due)
        self._horizon = self._heap[-1]
        self._entered = {key: due_ms for due_ms, key in self._heap}
        heapify(self._heap)
