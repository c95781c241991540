"""How many bytes a journey takes: of everyday customers, and of one to whom everything happens."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from schemas.instants import instant_ms
from streams.engine.journey import Journey
from streams.engine.record import Record
from streams.policy import Policy
from streams.replay.house import ReplayHouse
from streams.replay.places import Placed
from streams.simulator.lifelong import lifelong

TOUCHPOINTS = 3_000
TARGET_BYTES = 4_096
_START_MS = 1_767_571_200_000
_LOOK_EVERY = 25


class Longest(NamedTuple):
    """The journey of one customer to whom everything happens.

    Args:
        most: bytes when it was largest.
        last: bytes at the end.
        parts: bytes of its parts when it was largest; a detector's memory as ``memory of <kind>``.
    """

    most: int
    last: int
    parts: dict[str, int]


def longest(in_force: Policy, touchpoints: int = TOUCHPOINTS) -> Longest:
    """Follow that customer for so many touchpoints and weigh the journey again and again."""
    house = ReplayHouse(in_force, partitions=1)
    largest = last = b""
    told = list(_records(touchpoints))
    for start in range(0, len(told), _LOOK_EVERY):
        for _ in house.run(told[start : start + _LOOK_EVERY]):
            pass
        last = next(iter(house.desks[0].journeys.values()))
        if len(last) > len(largest):
            largest = last
    return Longest(len(largest), len(last), parts(house.line.codec.decode(largest)))


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


def _records(touchpoints: int) -> Iterator[Placed]:
    for offset, told in enumerate(lifelong(7, "c-000000", _START_MS, touchpoints)):
        at_ms = instant_ms(told["occurred_at"])
        yield 0, Record(offset, at_ms, b"c-000000", msgspec.json.encode(told))
