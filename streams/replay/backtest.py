"""Two policies over the same records in one pass: what each would have said, and where they part.

Both houses take the same round, one after the other; what they say is paired by customer, detector
and object where it overlaps in time. An episode is kept until neither side can say anything more of
its time, then only counted; so memory holds journeys twice, and episodes that are not over.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from msgspec import Struct

from schemas.instants import instant_ms
from streams.engine.record import Record, Send
from streams.engine.units import DAY_MS
from streams.replay.house import ROUND_RECORDS, ReplayHouse
from streams.replay.pairing import Key, Pairing, Said
from streams.replay.places import Placed
from streams.wire.touchpoint import Limits, Unreadable, read

SETTLED_MS = 2 * DAY_MS
"""So far behind the watermark nothing more is said: lateness is a day at most."""
SIDES = (0, 1)

_ANY_TIME = Limits(value_bytes=1 << 30, future_skew_ms=1 << 50, past_horizon_ms=1 << 50)


class _Reason(Struct):
    text: str


class _Evidence(Struct):
    event_id: str
    type: str
    occurred_at: str


class _Alert(Struct):
    """As much of an alert as a comparison needs."""

    alert_id: str
    customer_id: str
    kind: str
    action: str
    severity: int
    object_id: str | None
    reason: _Reason
    evidence: list[_Evidence]
    occurred_at: str


class _Head(Struct):
    type: str | None = None
    origin: str | None = None


class Differences(NamedTuple):
    """What the two policies would have said of one detector's question.

    Args:
        fired: episodes raised, by side.
        only: of them, those the other side has none for at that time, by side.
        both: episodes of the first side that the second has, too.
    """

    fired: tuple[int, int]
    only: tuple[int, int]
    both: int


class Backtest:
    """Runs records through two fresh houses and keeps what they said apart and together.

    Args:
        houses: one for each policy, with as many partitions as the other.
        sample: episodes kept as examples, for each detector and side.
    """

    def __init__(self, houses: tuple[ReplayHouse, ReplayHouse], sample: int) -> None:
        self.houses = houses
        self.by_day: Counter[tuple[str, int, int]] = Counter()
        self.types: Counter[str] = Counter()
        self.not_live = 0
        self.first_ms = self.last_ms = 0
        self.pairing = Pairing(sample, len(houses[0].desks))
        self._decode = msgspec.json.Decoder(_Alert).decode
        self._head = msgspec.json.Decoder(_Head).decode

    def run(self, records: Iterable[Placed]) -> None:
        """Run them, and count everything that is left at the end: time stands still there.

        Args:
            records: where they lie, and they.
        """
        taken: list[Placed] = []
        for placed in records:
            self._count(placed[1])
            taken.append(placed)
            if len(taken) == ROUND_RECORDS:
                self._round(taken)
                taken = []
        self._round(taken)
        self.pairing.close()

    @property
    def days(self) -> float:
        """How long the records go on, days; one at least."""
        return max(1.0, (self.last_ms - self.first_ms) / DAY_MS)

    @property
    def customers(self) -> int:
        """Customers with a journey."""
        return max(house.customers for house in self.houses)

    def differences(self, kind: str) -> Differences:
        """What was said of one detector's question.

        Args:
            kind: the detector's.
        """
        only, both = self.pairing.only, self.pairing.both
        fired = tuple(only[kind, side] + both[kind, side] for side in SIDES)
        return Differences(
            (fired[0], fired[1]), (only[kind, 0], only[kind, 1]), self.pairing.both[kind, 0]
        )

    def load(self, fired: float) -> float:
        """So many episodes, per 1,000 customers and day."""
        return 1000 * fired / max(1, self.customers) / self.days

    def _count(self, record: Record) -> None:
        """What the file holds, whoever listens."""
        at_ms = record.timestamp_ms
        self.first_ms = min(self.first_ms or at_ms, at_ms)
        self.last_ms = max(self.last_ms, at_ms)
        try:
            head = self._head(record.value or b"")
        except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
            return
        kind, origin = head.type, head.origin
        if kind is None or record.headers:  # it may stand in the headers or inside an envelope
            touchpoint = read(record, _ANY_TIME)
            if isinstance(touchpoint, Unreadable):
                return
            kind, origin = touchpoint.type, touchpoint.origin
        self.types[str(kind)] += 1
        self.not_live += origin in ("backfill", "replay")

    def _round(self, records: list[Placed]) -> None:
        for side, house in enumerate(self.houses):
            for send in house.run(records):
                if send.topic.startswith("alerts."):
                    self._said(side, send)
        desks = zip(*(house.desks for house in self.houses), strict=True)
        self.pairing.settle(
            [min(desk.watermark_ms for desk in both) - SETTLED_MS for both in desks]
        )

    def _said(self, side: int, send: Send) -> None:
        alert = self._decode(send.value or b"{}")
        at_ms = instant_ms(alert.occurred_at)
        key = Key(alert.kind, alert.customer_id, alert.object_id or "")
        if alert.action == "resolve":
            self.pairing.over(side, key, at_ms)
        elif alert.action == "trigger":
            evidence = tuple(
                f"{one.occurred_at} {one.type} {one.event_id}" for one in alert.evidence
            )
            said = Said(alert.alert_id, at_ms, alert.severity, alert.reason.text, evidence)
            if self.pairing.begin(side, key, said):
                self.by_day[alert.kind, at_ms // DAY_MS, side] += 1
