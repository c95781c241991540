"""Journeys of any number of customers, made of those of a simulated company, copied.

Copies differ in their customer's id alone; what follows for one of the company's customers may be
told of any of its copies. So size and mix of journeys are those of simulated traffic.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from schemas.instants import instant_ms
from streams import policy
from streams.engine.journey import Journey
from streams.engine.record import Record
from streams.line import Line
from streams.replay.house import ReplayHouse
from streams.simulator.telling import DAY_MS
from streams.simulator.world import World

PARTITIONS = 8
_START_MS = 1_767_571_200_000
_CUSTOMERS, _DAYS, _DAYS_AFTER = 1_500, 60, 12


class Company:
    """Customers to copy, and what happens to them next.

    Attributes:
        line: with the default policy and no crowd.
    """

    def __init__(self, customers: int = _CUSTOMERS, days: int = _DAYS) -> None:
        in_force = policy.load(None)
        self._days = days
        world = World(7, customers, _START_MS, (days + _DAYS_AFTER) * DAY_MS)
        middle_ms = _START_MS + days * DAY_MS
        before, self._after = [], []
        for arrival_ms, touchpoint in world.arrivals():
            (before if arrival_ms < middle_ms else self._after).append((arrival_ms, touchpoint))
        house = ReplayHouse(in_force, partitions=1)
        records = [(0, _record(n, *told)) for n, told in enumerate(before)]
        for start in range(0, len(records), 500):
            for _ in house.run(records[start : start + 500]):
                pass
        desk = house.desks[0]
        codec = house.line.codec
        self.touchpoints = len(before)
        self._models: list[Journey] = []
        for encoded in desk.journeys.values():
            journey = codec.decode(encoded)
            if isinstance(journey, Journey):
                self._models.append(journey)
        self._places = {j.customer_id: n for n, j in enumerate(self._models)}
        self.line = Line(in_force.rules, in_force.questions, PARTITIONS)

    def journeys(self, count: int) -> Iterator[tuple[bytes, bytes]]:
        """(customer key, encoded journey) of so many customers."""
        encode, models = self.line.codec.encode, self._models
        for number in range(count):
            model = models[number % len(models)]
            kept, model.customer_id = model.customer_id, f"customer-{number:09d}"
            yield model.customer_id.encode(), encode(model)
            model.customer_id = kept

    def next(self, count: int, customers: int, draw: random.Random) -> Iterator[tuple[int, Record]]:
        """So many touchpoints of customers drawn evenly, with each one's number.

        A millisecond apart: time must not run on faster than the customers' own touchpoints come,
        or the silences of all who are not heard would be what is measured.
        """
        copies = customers // len(self._models)
        known = [told for told in self._after if told[1]["customer_id"] in self._places]
        for offset in range(count):
            _, touchpoint = known[offset % len(known)]
            at_ms = _START_MS + self._days * DAY_MS + offset
            number = self._places[touchpoint["customer_id"]]
            number += len(self._models) * draw.randrange(max(1, copies))
            told = {**touchpoint, "customer_id": f"customer-{number:09d}",
                    "event_id": f"{touchpoint['event_id']}-{offset}",
                    "occurred_at": datetime.fromtimestamp(at_ms / 1_000, UTC).isoformat(
                        timespec="milliseconds")}  # fmt: skip
            yield number, _record(offset, at_ms, told)


def _record(offset: int, arrival_ms: int, touchpoint: dict) -> Record:
    at_ms = max(arrival_ms, instant_ms(touchpoint["occurred_at"]))
    key = touchpoint["customer_id"].encode()
    return Record(offset, at_ms, key, msgspec.json.encode(touchpoint))


def share(sizes: Sequence[int], percent: int) -> int:
    """The size that so many per cent do not exceed."""
    return sorted(sizes)[(len(sizes) - 1) * percent // 100]
