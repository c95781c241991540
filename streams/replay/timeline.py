"""One customer's way through the records: what was heard, what it added, what was said of it.

The house must have been made to ``explain``: then no contribution to effort is forgotten.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from streams.engine.identity_kept import Alias
from streams.engine.journey import Contribution, Journey
from streams.engine.partitioning import partition_of
from streams.engine.record import Record, Send
from streams.replay.house import ReplayHouse
from streams.replay.places import Placed


class Heard(NamedTuple):
    """One record of the customer, or one stretch of time between two of them.

    Args:
        record: as it lay there; None for time that passed.
        touchpoint: its content, as far as it is a JSON object.
        taken: it was new and became part of the journey.
        contributions: what it (or a timer due before it) added to effort.
        alerts: what was said because of it.
    """

    record: Record | None
    touchpoint: dict[str, Any]
    taken: bool
    contributions: list[Contribution]
    alerts: list[dict[str, Any]]


class Timeline:
    """Follows one customer through a replay.

    Args:
        house: fresh, made with ``explain``; only the customer's partition is run.
        customer_id: whom to follow.
    """

    def __init__(self, house: ReplayHouse, customer_id: str) -> None:
        self._house = house
        self.key = customer_id.encode()
        self.partition = partition_of(self.key, len(house.desks))
        self._desk = house.desks[self.partition]
        self._seen = (0, 0)

    @property
    def journey(self) -> Journey | None:
        """The customer's journey so far; None if nothing was heard, or it joined another's."""
        kept = self._desk.journey(self.key, self._house.line.codec.decode)
        return kept if isinstance(kept, Journey) else None

    @property
    def joined(self) -> str | None:
        """The customer id that this one joined, if it did."""
        kept: object = self._desk.journey(self.key, self._house.line.codec.decode)
        return kept.into if isinstance(kept, Alias) else None

    @property
    def as_of_ms(self) -> int:
        """Event time so far, epoch milliseconds."""
        journey = self.journey
        return max(self._desk.watermark_ms, journey.clock_ms if journey else 0)

    def follow(self, records: Iterable[Placed]) -> Iterator[Heard]:
        """What happened to the customer, in log order.

        Args:
            records: all of them: others move the time that timers wait for.
        """
        others: list[Placed] = []
        for placed in records:
            if placed[0] != self.partition:
                continue
            if placed[1].key != self.key:
                others.append(placed)
                continue
            yield from self._time(others)
            others = []
            yield self._heard(placed[1], self._house.run([placed]))
        yield from self._time(others)

    def pass_time(self, until_ms: int) -> Iterator[Heard]:
        """What happens when time passes to an instant with nothing heard."""
        heard = self._heard(None, self._house.pass_time(until_ms))
        if heard.contributions or heard.alerts:
            yield heard

    def _time(self, others: list[Placed]) -> Iterator[Heard]:
        if others:
            heard = self._heard(None, self._house.run(others))
            if heard.contributions or heard.alerts:
                yield heard

    def _heard(self, record: Record | None, sends: Iterator[Send]) -> Heard:
        alerts = [
            msgspec.json.decode(send.value or b"{}")
            for send in sends
            if send.key == self.key and send.topic.startswith("alerts.")
        ]
        journey = self.journey
        count, told = self._seen
        contributions: list[Contribution] = []
        if journey is not None:
            contributions = journey.effort.top[told:]
            self._seen = (journey.n, len(journey.effort.top))
        taken = record is not None and self._seen[0] > count
        return Heard(record, _content(record), taken, contributions, alerts)


def _content(record: Record | None) -> dict[str, Any]:
    if record is None or record.value is None:
        return {}
    try:
        content = msgspec.json.decode(record.value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
