"""The outside world as lanes see it, for real: consumer, group and clock."""

import asyncio
import time
from collections.abc import Callable

from streams.kafka.ports import Bounds, Tail, TopicPartition
from streams.kafka.reader import Reader


class RealClock:
    """``ports.Clock`` by the machine's own clocks."""

    def monotonic_s(self) -> float:
        return time.monotonic()

    def wall_ms(self) -> int:
        return int(time.time() * 1_000)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class RealConsumer:
    """``ports.Source`` and ``ports.Membership`` over Faust's consumer, which is made late.

    Args:
        reader: gives the consumer's thread once there is one.
    """

    def __init__(self, reader: Callable[[], Reader]):
        self._reader = reader

    async def seek(self, tp: TopicPartition, offset: int) -> int:
        return await self._reader().seek_to(tp, offset)

    async def bounds(self, tp: TopicPartition) -> Bounds:
        return await self._reader().bounds(tp)

    async def committed(self, tp: TopicPartition) -> int | None:
        return await self._reader().committed(tp)

    def tail(self, tp: TopicPartition) -> Tail | None:
        return self._reader().tail(tp)

    def poke(self) -> None:
        self._reader().poke()

    def generation(self) -> int:
        return self._reader().generation()

    def alive_age_s(self) -> float:
        return self._reader().alive_age_s()
