"""How many bytes a journey takes: of everyday customers, of one who stays until three thousand
touchpoints were heard, and of one to whom everything there is happens in that time."""

from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import NamedTuple

import msgspec

from schemas.instants import instant_ms
from streams.engine.journey import Journey
from streams.engine.record import Record
from streams.policy import Policy
from streams.replay.house import ReplayHouse
from streams.replay.places import Placed
from streams.simulator.lifelong import lifelong
from streams.simulator.telling import DAY_MS, Touchpoint
from streams.simulator.world import World
from streams.wire.journey import unpacked

TOUCHPOINTS = 3_000
TARGET_BYTES = 4_096
_START_MS = 1_767_571_200_000
_LOOK_EVERY = 25


class Longest(NamedTuple):
    """One journey of many touchpoints.

    Args:
        most: bytes when it was largest.
        last: bytes at the end.
        unpacked: bytes before packing when it was largest.
        parts: those by part; a detector's memory as ``memory of <kind>``.
    """

    most: int
    last: int
    unpacked: int
    parts: dict[str, int]


def everyday(in_force: Policy, touchpoints: int = TOUCHPOINTS) -> Longest:
    """A customer without a story who stays until so many touchpoints were heard: for years."""
    for seed in count(7):
        world = World(seed, 1, _START_MS, 20 * 365 * DAY_MS, mix={})
        told = [touchpoint for _, touchpoint in islice(world.arrivals(), touchpoints)]
        if len(told) == touchpoints:
            return _followed(in_force, told)
    raise AssertionError("somebody stays")


def longest(in_force: Policy, touchpoints: int = TOUCHPOINTS) -> Longest:
    """A customer to whom everything happens, one story after the other."""
    return _followed(in_force, lifelong(7, "c-000000", _START_MS, touchpoints))


def _followed(in_force: Policy, told: Iterable[Touchpoint]) -> Longest:
    """Follow that customer, and weigh the journey again and again."""
    house = ReplayHouse(in_force, partitions=1)
    largest = last = b""
    records = list(_records(told))
    for start in range(0, len(records), _LOOK_EVERY):
        for _ in house.run(records[start : start + _LOOK_EVERY]):
            pass
        last = next(iter(house.desks[0].journeys.values()))
        if len(last) > len(largest):
            largest = last
    journey = house.line.codec.decode(largest)
    return Longest(len(largest), len(last), len(unpacked(largest)), parts(journey))


def parts(journey: Journey) -> dict[str, int]:
    """Bytes by field, detectors' memories apart, the largest first."""
    encode = msgspec.msgpack.encode
    sizes = {
        name: len(encode(getattr(journey, name)))
        for name in journey.__struct_fields__
        if name != "memories"
    }
    for kind in journey.memories.__struct_fields__:  # type: ignore[union-attr]
        memory = getattr(journey.memories, kind)
        if memory is not None:
            sizes[f"memory of {kind}"] = len(encode({kind: memory})) - 1
    return dict(sorted(sizes.items(), key=lambda part: (-part[1], part[0])))


def share(sizes: list[int], percent: int) -> int:
    """The size that so many per cent do not exceed; 0 for none."""
    return sorted(sizes)[(len(sizes) - 1) * percent // 100] if sizes else 0


def _records(told: Iterable[Touchpoint]) -> Iterator[Placed]:
    for offset, touchpoint in enumerate(told):
        key = touchpoint["customer_id"].encode()
        at_ms = instant_ms(touchpoint["occurred_at"])
        yield 0, Record(offset, at_ms, key, msgspec.json.encode(touchpoint))
