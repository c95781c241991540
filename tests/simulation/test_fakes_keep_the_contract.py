"""The simulated world keeps every promise that a real Kafka is asked for by the same list."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from random import Random

import pytest

from streams.kafka.ports import Batch, TopicPartition, Writer
from tests.kafka.port_contract import ALERTS, BATCH_BYTES, PortContract
from tests.simulation.consumer import SimConsumer
from tests.simulation.fakes import SimChangelog, SimClock, SimWriter
from tests.simulation.group import Coordinator
from tests.simulation.log import Entry, Logs, Transaction
from tests.simulation.loop import Loop
from tests.simulation.net import Net


class SimReading:
    """The simulated consumer with a hand that takes its batches."""

    def __init__(self, place: "SimPlace"):
        self._place = place
        self.source = SimConsumer(
            place.loop, place.net, place.broker, place.group, SimClock(place.loop), fetch_records=7
        )

    async def join(self) -> None:
        """Become the group's only member."""
        member = await self._place.net.call(
            "join", lambda reply: self._place.group.join("w", None, reply)
        )
        self.source.member, self.source.joined_generation, share = member
        self.source.assign(share)

    async def batch(self) -> Batch:
        while (batch := self.source.take(self._place.tp)) is None:
            if not self.source.has_more(self._place.tp):
                await self.source.news()
        return batch

    async def commit(self, offset: int) -> None:
        await self.source.commit({self._place.tp: offset})


class SimPlace:
    """One deployment in a simulated world."""

    def __init__(self, loop: Loop, seed: int):
        self.loop = loop
        self.net = Net(loop, Random(seed))
        self.broker = Logs(self._markers)
        self.tp = TopicPartition("cx.touchpoints.v1", 0)
        self.group = Coordinator(loop, [self.tp], 6.0, 10.0)
        self._log = TopicPartition("app-journeys-changelog", 0)
        self.changelog = SimChangelog(self.net, self.broker.log(self._log))

    def _markers(self, transaction: Transaction) -> None:
        for log in list(transaction.partitions):
            self.loop.outside(self.net.delay_s(), self.broker.marked, transaction, log)

    def writer(self, transactional: bool) -> Writer:
        name = "app-touchpoints-0" if transactional else None
        return SimWriter(
            self.net, self.broker, self._log, name, lambda topic: 1, batch_bytes=BATCH_BYTES
        )

    async def produce(self, values: Sequence[bytes]) -> None:
        self.broker.log(self.tp).append([Entry(b"c1", value) for value in values])

    async def produce_in_transaction(self, values: Sequence[bytes]) -> Callable[[bool], Awaitable]:
        transaction = Transaction()
        self.broker.log(self.tp).append([Entry(b"c1", value) for value in values], transaction)

        async def end(committed: bool) -> None:
            transaction.outcome = "committed" if committed else "aborted"
            self.broker.marked_at_once(transaction)

        return end

    async def alerts(self) -> list[bytes]:
        return [r.value for r in self.broker.log(TopicPartition("cx." + ALERTS, 0)).visible()]

    async def delete_before(self, offset: int) -> None:
        self.broker.log(self.tp).forget_before(offset)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SimReading]:
        reading = SimReading(self)
        await reading.join()
        yield reading


class TestSimulation(PortContract):
    """The list, in the simulated world, under ten schedules."""

    @pytest.fixture(autouse=True, params=range(10))
    def _schedule(self, request):
        self.loop, self.seed = Loop(request.param), request.param

    async def place(self) -> SimPlace:
        return SimPlace(self.loop, self.seed)

    def run(self, story: Coroutine) -> None:
        self.loop.complete(asyncio.wait_for(story, 60.0))
