"""The collector: one source partition's side of the crowd.

What a batch adds is sent with the *next* outcome of the partition: until then it lies, made durable
with the batch's own progress, in the partition's meta record. So a batch that is read again after a
crash, perhaps cut elsewhere, cannot send two different versions of the same touchpoints: what was
made durable is sent as it is, under its number, and the second stage takes each number once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct, field

from streams.cohorts import portion
from streams.cohorts.cell import Cell, Mark, number_of
from streams.cohorts.dimensions import Dims, dims_of, named, place_of
from streams.cohorts.facts import FOLDS
from streams.cohorts.insights import RISK
from streams.cohorts.memory import KIND, CustomerMemory
from streams.cohorts.portion import DAY, HOUR, Page, Portion
from streams.engine.alert import Alert
from streams.engine.heard import Heard
from streams.engine.outcome import Outcome
from streams.engine.record import Send
from streams.engine.units import DAY_MS, HOUR_MS

TOPIC = "metrics-deltas.v1"
CELLS_MAX = 400
"""Places, and things, in one page; what is more goes into further ones."""
PAGES_MAX = 4
"""Pages in one portion."""
_WORTH = 2
"""Alerts below that severity are no pressure on an account."""
_OWNED = 3
"""Alerts from that severity on stand in the roll-up of the team that owns their cause."""


class Collected(Struct, array_like=True, gc=False):
    """What a partition's progress keeps of its collector.

    Args:
        number: of the last portion made.
        told_ms: event time it told.
        outbox: (partition, portion) not known to be sent.
    """

    number: int = 0
    told_ms: int = 0
    outbox: list[tuple[int, bytes]] = field(default_factory=list)


class Crowd:
    """How touchpoints are collected, the same for all partitions.

    Args:
        partitions: of the topic that portions are sent to.
    """

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions

    def collector(self, source: int, kept: bytes) -> "Collector":
        """The collector of one restored partition; ``kept`` as its progress holds it."""
        return Collector(self, source, _decode(kept) if kept else Collected())


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Collected).decode
_Where = tuple[int, int, int]  # heard hour, kind of window, window


class Collector:
    """What one partition has heard and not yet told.

    Args:
        crowd: how.
        source: the partition's number.
        kept: from the partition's progress.
    """

    def __init__(self, crowd: Crowd, source: int, kept: Collected) -> None:
        self._crowd, self._source = crowd, source
        self.kept = self.settled = kept
        self._left = 0  # so many of the outbox are known to have left
        self._leaves = 0
        self._empty()

    def _empty(self) -> None:
        self._places: dict[_Where, dict[Dims, Cell]] = {}
        self._things: dict[_Where, dict[str, Cell]] = {}
        self._heard: dict[tuple[int, int, str], int] = {}  # by hour, hour of the event, and source
        self._erased: list[int] = []
        self._hour = -1
        self._here: Cell | None = None

    # -- what is heard ---------------------------------------------------------------------------

    def hear(self, heard: Heard, alerts: Sequence[Any], watermark_ms: int) -> None:
        """One touchpoint as the engine understood it, and what was said because of it."""
        # Not before its own hour: what it says of an earlier day was not known sooner.
        reached_ms = max(watermark_ms, self.settled.told_ms, heard.at_ms)
        self._hour = hour = reached_ms // HOUR_MS
        if not heard.live:
            return
        where = (hour, heard.at_ms // HOUR_MS, heard.touchpoint.source)
        self._heard[where] = self._heard.get(where, 0) + 1
        self._here = None
        fold = FOLDS.get(heard.type)
        if fold is not None:
            memories = heard.journey.memories
            memory = getattr(memories, KIND)
            if memory is None:
                memory = CustomerMemory()
                setattr(memories, KIND, memory)
            fold(self, heard, memory)
        if heard.points is not None:
            self.hour(heard).add("effort_m", round(sum(heard.points.values()) * 1000))
        if alerts:
            self.say(alerts, reached_ms)

    def beat(self, source: str, at_ms: int, watermark_ms: int) -> None:
        """A source sent a heartbeat: it was heard."""
        self._hour = max(watermark_ms, self.settled.told_ms, at_ms) // HOUR_MS
        where = (self._hour, at_ms // HOUR_MS, source)
        self._heard[where] = self._heard.get(where, 0) + 1

    def say(self, alerts: Iterable[Any], watermark_ms: int) -> None:
        """What was said of customers: their account may be under pressure, and somebody owns it."""
        reached_ms = max(watermark_ms, self.settled.told_ms)
        for alert in alerts:
            if alert.__class__ is not Alert or alert.severity < _WORTH or alert.suppressed:
                continue
            opens = alert.action in ("trigger", "update")
            if not opens and alert.action != "resolve":
                continue
            self._hour = max(reached_ms, alert.at_ms) // HOUR_MS
            if alert.action == "trigger" and alert.severity >= _OWNED:
                owner = self._thing("owner", alert.owner_team, alert.at_ms)
                owner.add("alerts")
                if alert.revenue_at_risk_minor and alert.currency:
                    owner.add(RISK + alert.currency, alert.revenue_at_risk_minor)
            if alert.account_id is None:
                continue
            what = "open" if opens else "shut"
            about = alert.object if alert.object[:2] in ("i:", "k:", "r:") else ""
            mark = Mark(alert.at_ms, what, alert.customer_id, alert.alert_id, alert.severity, about)
            self.mark("account", alert.account_id, mark)

    def erase(self, number: int) -> None:
        """The customer of that hash is to be forgotten: here, and by every cohort that knows of
        them. (What lies in the outbox is replaced with the next batch.)"""
        self._erased.append(number)
        cells = [cell for by_dims in self._places.values() for cell in by_dims.values()]
        cells += [cell for by_name in self._things.values() for cell in by_name.values()]
        for cell in cells:
            forget(cell, number)

    # -- what folds write to (``facts.Sheet``) -----------------------------------------------------

    def hour(self, heard: Heard, like: list[str | None] | None = None) -> Cell:
        """The sums of the hour and place of the touchpoint itself."""
        if like is not None:
            return self._place(HOUR, heard.at_ms // HOUR_MS, dims_of(heard, like), heard)
        cell = self._here
        if cell is None:
            cell = self._here = self._place(HOUR, heard.at_ms // HOUR_MS, dims_of(heard), heard)
        return cell

    def day(self, at_ms: int, dims: list[str | None], heard: Heard) -> Cell:
        """The sums of the day and place of an earlier contact or attempt."""
        return self._place(DAY, at_ms // DAY_MS, tuple(dims), heard)

    def mark(self, dimension: str, value: str, mark: Mark) -> None:
        """Something that an account or an agent must be told by itself."""
        self._thing(dimension, value, mark.at_ms).marks.append(mark)

    def _thing(self, dimension: str, value: str, at_ms: int) -> Cell:
        cells = self._things.setdefault((self._hour, HOUR, at_ms // HOUR_MS), {})
        return cells.setdefault(named(dimension, value), Cell())

    def _place(self, kind: int, window: int, dims: Dims, heard: Heard) -> Cell:
        where = (self._hour, kind, window)
        cells = self._places.get(where)
        if cells is None:
            cells = self._places[where] = {}
        cell = cells.get(dims)
        if cell is None:
            cell = cells[dims] = Cell()
        customer_id = heard.journey.customer_id
        cell.customers[number_of(customer_id)] = customer_id
        return cell

    # -- what leaves -------------------------------------------------------------------------------

    def owes(self, told_ms: int) -> bool:
        """Whether something must be said although nothing was heard: what was collected last, or
        that another hour has passed here."""
        return self._left < len(self.settled.outbox) or self._passed(told_ms)

    def close(self, outcome: Outcome, told_ms: int, wakes: bool = False) -> bytes:
        """Add the sends of what an earlier batch collected; what to keep with the progress.

        Args:
            outcome: of the batch or wake.
            told_ms: event time up to which this partition has now heard everything.
            wakes: no record was read. Without transactions a wake's progress is written down before
                anything of it leaves, so what leaves with it stays in the outbox.
        """
        outbox = self.settled.outbox[self._left :]
        self.kept = self._made(max(told_ms, self.settled.told_ms), outbox if wakes else [])
        self._leaves = len(outbox) if wakes or self.kept is self.settled else 0
        key = str(self._source).encode()
        outcome.sends += [Send(TOPIC, key, value, (), told_ms, place) for place, value in outbox]
        return _encode(self.kept)

    def _passed(self, told_ms: int) -> bool:
        return told_ms // HOUR_MS > self.settled.told_ms // HOUR_MS

    def _made(self, told_ms: int, outbox: list[tuple[int, bytes]]) -> Collected:
        if not (self._heard or self._things or self._erased or self._passed(told_ms)):
            return self.settled
        number, outbox = self.settled.number, list(outbox)
        by_place: list[list[Page]] = [[] for _ in range(self._crowd.partitions)]
        for page in self._pages():
            for place, pages in enumerate(by_place):
                pages.extend(_cut(page, place, len(by_place)))
        for place, pages in enumerate(by_place):
            for begin in range(0, max(1, len(pages)), PAGES_MAX):
                number += 1
                end = begin + PAGES_MAX
                told, erased = (told_ms, self._erased) if end >= len(pages) else (0, [])
                made = Portion(
                    portion.VERSION, self._source, number, told, pages[begin:end], erased
                )
                outbox.append((place, portion.encode(made)))
        return Collected(number, told_ms, outbox)

    def _pages(self) -> Iterable[Page]:
        things = self._things
        for (hour, window, source), count in self._heard.items():
            cells = things.setdefault((hour, HOUR, window), {})
            cells.setdefault(named("source", source), Cell()).add("heard", count)
        for where in sorted({*self._places, *things}):
            places = self._places.get(where, {})
            for cell in places.values():
                cell.trim()
            yield Page(*where, places, things.get(where, {}))

    def settle(self) -> None:
        """The outcome is durable: what was in the outbox has left, what was made is in it now."""
        same = self.kept is self.settled
        self._left = self._left + self._leaves if same else self._leaves
        self.settled = self.kept
        self._empty()

    def rollback(self) -> None:
        """Forget what was heard since the last ``settle``."""
        self.kept = self.settled
        self._empty()


def _cut(page: Page, place: int, width: int) -> Iterable[Page]:
    """What one partition of the second stage is told of a page: every place, as each makes its own
    cohorts of them, and the things it keeps."""
    places, things = list(page.places.items()), list(page.things.items())
    if width > 1:
        things = [(name, cell) for name, cell in things if place_of(name, width) == place]
    for begin in range(0, max(len(places), len(things)), CELLS_MAX):
        end = begin + CELLS_MAX
        yield Page(
            page.heard, page.kind, page.window, dict(places[begin:end]), dict(things[begin:end])
        )


def forget(cell: Cell, number: int) -> None:
    """Forget one customer, by the hash they are sampled by."""
    customer = cell.customers.pop(number, None)
    if customer is not None or cell.marks:
        cell.marks = [mark for mark in cell.marks if number_of(mark.customer) != number]
