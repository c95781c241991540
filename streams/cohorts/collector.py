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
from streams.cohorts.dimensions import Dims, Naming, dims_of, named
from streams.cohorts.facts import FOLDS
from streams.cohorts.memory import KIND, CustomerMemory
from streams.cohorts.portion import DAY, HOUR, Page, Portion
from streams.cohorts.rules import CohortRules
from streams.engine.alert import Alert
from streams.engine.heard import Heard
from streams.engine.outcome import Outcome
from streams.engine.partitioning import partition_of
from streams.engine.record import Send
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS, HOUR_MS

TOPIC = "metrics-deltas.v1"
CELLS_MAX = 200
"""Cohorts in one page; what is more goes into further ones."""
PAGES_MAX = 4
"""Pages in one portion."""
_WORTH = 2
"""Alerts below that severity are no pressure on an account."""


class Collected(Struct, array_like=True):
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
        chosen: which cohorts there are.
        rules: the policy, for owners.
        partitions: of the topic that portions are sent to.
    """

    def __init__(self, chosen: CohortRules, rules: Rules, partitions: int) -> None:
        self.rules = chosen
        self.partitions = partitions
        self.naming = Naming(
            chosen.dimensions, chosen.pairs, lambda reason: owner_of(reason, chosen, rules)
        )
        self._at: dict[str, int] = {}

    def collector(self, source: int, kept: bytes) -> "Collector":
        """The collector of one restored partition; ``kept`` as its progress holds it."""
        return Collector(self, source, _decode(kept) if kept else Collected())

    def place(self, cohort: str) -> int:
        """The partition that keeps a cohort."""
        if self.partitions == 1:
            return 0
        if cohort not in self._at:
            if len(self._at) > 20_000:
                self._at.clear()
            self._at[cohort] = partition_of(cohort.encode(), self.partitions)
        return self._at[cohort]


def owner_of(reason: str, chosen: CohortRules, rules: Rules) -> str:
    """The team that answers for a reason for contact."""
    return rules.owner("", chosen.cause(reason))


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
        self._erased: list[int] = []
        self._hour = -1

    # -- what is heard ---------------------------------------------------------------------------

    def hear(self, heard: Heard, alerts: Sequence[Any], watermark_ms: int) -> None:
        """One touchpoint as the engine understood it, and what was said because of it."""
        # Not before its own hour: what it says of an earlier day was not known sooner.
        reached_ms = max(watermark_ms, self.settled.told_ms, heard.at_ms)
        self._hour = reached_ms // HOUR_MS
        if not heard.live:
            return
        self._thing(HOUR, heard.at_ms // HOUR_MS, "source", heard.touchpoint.source).add("heard")
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

    def say(self, alerts: Iterable[Any], watermark_ms: int) -> None:
        """What was said of customers of an account: the account may be under pressure."""
        reached_ms = max(watermark_ms, self.settled.told_ms)
        for alert in alerts:
            if alert.__class__ is not Alert:
                continue
            if alert.account_id is None or alert.severity < _WORTH or alert.suppressed:
                continue
            opens = alert.action in ("trigger", "update")
            if not opens and alert.action != "resolve":
                continue
            self._hour = max(reached_ms, alert.at_ms) // HOUR_MS
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
        return self._place(HOUR, heard.at_ms // HOUR_MS, dims_of(heard, like), heard)

    def day(self, at_ms: int, dims: list[str | None], heard: Heard) -> Cell:
        """The sums of the day and place of an earlier contact or attempt."""
        return self._place(DAY, at_ms // DAY_MS, tuple(dims), heard)

    def mark(self, dimension: str, value: str, mark: Mark) -> None:
        """Something that an account or an agent must be told by itself."""
        self._thing(HOUR, mark.at_ms // HOUR_MS, dimension, value).marks.append(mark)

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

    def _thing(self, kind: int, window: int, dimension: str, value: str) -> Cell:
        where = (self._hour, kind, window)
        cells = self._things.get(where)
        if cells is None:
            cells = self._things[where] = {}
        # By its bare name here: this is asked for every touchpoint.
        key = dimension + "=" + value
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = Cell()
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
        if not (self._places or self._things or self._erased or self._passed(told_ms)):
            return self.settled
        number, outbox = self.settled.number, list(outbox)
        by_place: list[list[Page]] = [[] for _ in range(self._crowd.partitions)]
        for page in self._pages():
            for place, pages in enumerate(by_place):
                pages.extend(self._cut(page, place))
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

    def _cut(self, page: Page, place: int) -> Iterable[Page]:
        crowd = self._crowd
        cells = [(name, page.cells[name]) for name in page.cells if crowd.place(name) == place]
        for begin in range(0, len(cells), CELLS_MAX):
            part = dict(cells[begin : begin + CELLS_MAX])
            yield Page(page.heard, page.kind, page.window, part)

    def _pages(self) -> Iterable[Page]:
        names = self._crowd.naming.names
        for where in sorted({*self._places, *self._things}):
            cells: dict[str, Cell] = {}
            for dims, cell in self._places.get(where, {}).items():
                cell.trim()
                for name in names(dims):
                    into = cells.get(name)
                    if into is None:
                        into = cells[name] = Cell()
                    into.merge(cell)
                    if name.startswith("owner="):
                        _tell_owner(into, cell, dims[3] or "")
            for key, cell in self._things.get(where, {}).items():
                dimension, _, value = key.partition("=")
                cells.setdefault(named(dimension, value), Cell()).merge(cell)
            yield Page(*where, cells)

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


def _tell_owner(owner: Cell, cell: Cell, reason: str) -> None:
    """An owner's roll-up says which reasons it is made of."""
    for code in ("contacts", "effort_m", "avoidable"):
        if cell[code]:
            owner.add(f"{code}:{reason}", cell[code])


def forget(cell: Cell, number: int) -> None:
    """Forget one customer, by the hash they are sampled by."""
    customer = cell.customers.pop(number, None)
    if customer is not None or cell.marks:
        cell.marks = [mark for mark in cell.marks if number_of(mark.customer) != number]
