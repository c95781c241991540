"""One partition's work place: its journeys, its progress, its timers.

Encoded journeys are the durable baseline, written only by ``settle``. Live (decoded) journeys are a
bounded cache on top; those changed since the last settle are ``dirty``. ``rollback`` forgets what
was done since the last settle: dirty journeys are dropped and will be decoded anew.

The heap of due times is a hint: an entry is checked against its journey when it comes up. A journey
with a timer has exactly one entry that counts, at or before its next due time; what an earlier one
displaced stays in the heap until it comes up or the heap is swept, so that it cannot grow beyond
twice the journeys it speaks of.
"""

from collections.abc import Callable, Iterable, MutableMapping
from heapq import heapify, heappop, heappush
from typing import Any

from streams.engine import admission
from streams.engine.identity_kept import Alias
from streams.engine.journey import Journey
from streams.engine.rules import TimeRules
from streams.engine.sources import NEVER_MS, Sources
from streams.engine.watermark import Watermark

Decode = Callable[[bytes], Journey]

SWEEP_FROM = 1_024
"""Heap entries below which sweeping is not worth it."""


class Desk:
    """What the line knows of one partition.

    Args:
        partition: its number.
        next_offset: first offset not yet applied.
        watermark: event time so far.
        journeys: encoded journeys by customer key; read lazily, written by ``settle``.
        due: (due ms, key) of every journey that has a timer, each key once.
        erased: (hash, epoch ms) of customers erased lately, see ``admission``.
        sources: those without which no absence is believed.
        incidents: of cohorts (``streams.cohorts.incidents``).
    """

    def __init__(
        self,
        partition: int,
        next_offset: int,
        watermark: Watermark,
        journeys: MutableMapping[bytes, bytes],
        due: list[tuple[int, bytes]],
        erased: Iterable[tuple[int, int]] = (),
        sources: Sources | None = None,
        incidents: dict[str, tuple[str, int]] | None = None,
    ) -> None:
        self.partition = partition
        self.next_offset = next_offset
        self.watermark = watermark
        self.journeys = journeys
        self.live: dict[bytes, Journey] = {}
        self.dirty: dict[bytes, Journey | None] = {}
        self.record_ms = 0
        self._entered = {key: due_ms for due_ms, key in due}
        self._heap = due
        heapify(self._heap)
        self._popped: list[tuple[int, bytes]] = []
        self._settled_watermark = (watermark.ms, list(watermark.steps))
        self.erased = dict(erased)
        self._settled_erased = self.erased
        self.sources = sources or Sources()
        self._settled_sources = self.sources.copy()
        self.incidents = self._settled_incidents = incidents or {}  # never changed in place
        self.crowd: Any = None  # a ``streams.cohorts.collector.Collector``, where there is one

    @property
    def watermark_ms(self) -> int:
        """Event time of this partition, epoch milliseconds."""
        return self.watermark.ms

    @property
    def passed_ms(self) -> int:
        """Event time up to which timers fire: the watermark's, as far as absences are believed."""
        return self.sources.ms if self.sources.heard else self.watermark.ms

    def passed_by_ms(self, at_ms: int, rules: TimeRules) -> int:
        """Until when a customer's timers fire before something of that time is taken in: also what
        is owed, since a late touchpoint must not come before a timer already passed."""
        if not self.sources.heard:
            return max(at_ms, self.watermark.ms)
        return max(min(at_ms, self.held_ms(rules)), self.passed_ms)

    def held_ms(self, rules: TimeRules) -> int:
        """Timers due later are held, whatever the customer's own next touchpoint."""
        sources = self.sources
        return sources.held_ms(self.watermark.ms, rules) if sources.heard else NEVER_MS

    @property
    def next_due_ms(self) -> int | None:
        """The earliest possible due time of any timer, or None."""
        heap, entered = self._heap, self._entered
        while heap and entered.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else None

    def knows(self, key: bytes) -> bool:
        """Whether that customer has a journey here."""
        return key in self.live or key in self.journeys

    def journey(self, key: bytes, decode: Decode) -> Journey | None:
        """The live journey of that customer, decoded on first use, or None."""
        journey = self.live.get(key)
        if journey is None:
            if key in self.dirty:
                return None  # erased, and not yet settled
            encoded = self.journeys.get(key)
            if encoded is None:
                return None
            journey = self.live[key] = decode(encoded)
        return journey

    def put(self, key: bytes, journey: Journey | Alias | None) -> None:
        """From now on this is what is kept of that customer; None for nothing."""
        self.dirty[key] = journey  # type: ignore[assignment]
        if journey is None:
            self.live.pop(key, None)
            due_ms = self._entered.pop(key, None)
            if due_ms is not None:
                self._popped.append((due_ms, key))
        else:
            self.live[key] = journey  # type: ignore[assignment]

    def erase(self, identity: int, at_ms: int) -> None:
        """Remember that the customer of that hash was erased at that event time."""
        # Not in place: what is settled must survive a rollback.
        self.erased = admission.remember_erased(self.erased, identity, at_ms)
        if self.crowd is not None:
            self.crowd.erase(identity)

    def schedule(self, key: bytes, journey: Journey) -> None:
        """Keep the heap's promise after a journey's next due time moved."""
        due_ms = journey.next_due_ms
        if due_ms:
            self._enter(due_ms, key)

    def take_due(self, until_ms: int) -> bytes | None:
        """The customer of the earliest heap entry at or before ``until_ms``, taken off the heap."""
        due_ms = self.next_due_ms
        if due_ms is None or due_ms > until_ms:
            return None
        entry = heappop(self._heap)
        del self._entered[entry[1]]
        self._popped.append(entry)
        return entry[1]

    def _enter(self, due_ms: int, key: bytes) -> None:
        entered_ms = self._entered.get(key)
        if entered_ms is not None and entered_ms <= due_ms:
            return
        self._entered[key] = due_ms
        heappush(self._heap, (due_ms, key))
        if len(self._heap) > SWEEP_FROM and len(self._heap) > 2 * len(self._entered):
            self._heap = [(due_ms, key) for key, due_ms in self._entered.items()]
            heapify(self._heap)

    def rollback(self) -> None:
        """Forget everything done since the last ``settle``."""
        if self.crowd is not None:
            self.crowd.rollback()
        for key in self.dirty:
            self.live.pop(key, None)
        self.dirty = {}
        self.erased = self._settled_erased
        for due_ms, key in self._popped:
            self._enter(due_ms, key)
        self._popped = []
        self.watermark.ms = self._settled_watermark[0]
        self.watermark.steps = list(self._settled_watermark[1])
        self.sources = self._settled_sources.copy()
        self.incidents = self._settled_incidents

    def settle(self, changed: dict[bytes, bytes | None], next_offset: int, live_max: int) -> None:
        """The outcome is durable: it becomes the baseline."""
        if self.crowd is not None:
            self.crowd.settle()
        for key, encoded in changed.items():
            if encoded is None:
                self.journeys.pop(key, None)
                self.live.pop(key, None)
            else:
                self.journeys[key] = encoded
        self.next_offset = next_offset
        self.dirty = {}
        self._popped = []
        self._settled_watermark = (self.watermark.ms, list(self.watermark.steps))
        self._settled_erased = self.erased
        self._settled_sources = self.sources.copy()
        self._settled_incidents = self.incidents
        if len(self.live) > live_max:
            for key in list(self.live)[: len(self.live) - live_max]:
                del self.live[key]
