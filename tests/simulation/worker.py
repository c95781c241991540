"""One worker in the simulated world: real lanes, and around them what Faust and aiokafka do.

What it imitates stands in ``streams/kafka/transport.py`` (draining on revocation, handing batches to
the agent), ``streams/kafka/reader.py`` (heartbeats, generations) and ``streams/worker.py`` (winding
down). Its death is not imitated: the process is simply never run again.
"""

import asyncio
from typing import TYPE_CHECKING

from streams.kafka.lanes import Fittings, Lanes
from streams.kafka.ports import Batch, TopicPartition
from streams.kafka.refusal import Refusal
from streams.kafka.rig import Rig
from tests.simulation.consumer import SimConsumer
from tests.simulation.fakes import SimChangelog, SimClock
from tests.simulation.group import RebalanceInProgress, UnknownMember
from tests.simulation.loop import Process
from tests.simulation.net import Reply, Unanswered

if TYPE_CHECKING:
    from tests.simulation.world import World

HEARTBEAT_S = 1.5
TICK_S = 0.5
COMMIT_EVERY_S = 2.0
DRAIN_S = 6.0
SHUTDOWN_S = 8.0


class Worker:
    """A worker process, from its start to its end.

    Args:
        world: it lives in.
        slot: which of the deployment's workers it is; one started in its place has the same.
        life: how many there were in this slot before.
    """

    def __init__(self, world: "World", slot: int, life: int):
        self.world, self.slot = world, slot
        self.name = f"w{slot}" + "'" * life
        self.process = Process(self.name)
        self.clock = SimClock(world.loop, world.plan.skew_ms[slot])
        self.ending = False
        self.refusal: Refusal | None = None
        self._told: dict[TopicPartition, int] = {}
        world.loop.spawn(self.process, self._main(), self.name)

    async def _main(self) -> None:
        world = self.world
        self.consumer = SimConsumer(
            world.loop, world.net, world.broker, world.group, self.clock, world.plan.fetch_records
        )
        rig = Rig(
            self.consumer, self.consumer, self.clock, world.plan.limits,
            lambda name: world.faults.reached(self, name), self._failed,
        )  # fmt: skip
        self.lanes = Lanes(rig, self._fit)
        start = world.loop.create_task
        start(self._membership())
        start(self._handing_over())
        start(self._ticking())
        start(self._committing())

    def _fit(self, tp: TopicPartition) -> Fittings:
        world = self.world
        changelog = world.changelog_of(tp)
        name = f"app-{tp.topic}-{tp.partition}" if world.plan.transactional else None
        return Fittings(
            world.line,
            SimChangelog(world.net, world.broker.log(changelog)),
            world.writer(changelog, name),
        )

    # -- the group --------------------------------------------------------------------------

    async def _membership(self) -> None:
        world, consumer = self.world, self.consumer
        while not self.ending:
            try:
                consumer.member, generation, share = await world.net.call("join", self._join)
            except UnknownMember:
                consumer.member, consumer.joined_generation = None, -1
                continue
            if self.ending:
                return
            consumer.joined_generation, consumer.alive_at_s = generation, world.loop.now
            consumer.assign(share)
            self.say(f"joins generation {generation} with {[tp.partition for tp in share]}")
            self.lanes.assign(share, generation)
            lost = asyncio.Event()
            beating = world.loop.create_task(self._beating(generation, lost))
            await lost.wait()
            await self._revoked()
            beating.cancel()

    def _join(self, reply: Reply) -> None:
        self.world.group.join(self.name, self.consumer.member, reply)

    async def _beating(self, generation: int, lost: asyncio.Event) -> None:
        """Heartbeats; they go on while partitions are being given up."""
        consumer = self.consumer
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            asked_at_s = self.world.loop.now
            try:
                await self.world.net.call("heartbeat", self._beat)
                consumer.alive_at_s = asked_at_s
            except RebalanceInProgress:
                consumer.alive_at_s = asked_at_s
                lost.set()
            except UnknownMember:
                if consumer.joined_generation == generation:
                    self.say("hears that it is no longer a member")
                    consumer.member, consumer.joined_generation = None, -1
                lost.set()
                return

    def _beat(self, reply: Reply) -> None:
        try:
            self.world.group.heartbeat(self.consumer.member, self.consumer.joined_generation)
        except (UnknownMember, RebalanceInProgress) as refused:
            reply(refused)
        else:
            reply(None)

    async def _revoked(self) -> None:
        if not self.ending:
            self.say("gives up its partitions")
            await self.lanes.release([lane.tp for lane in self.lanes], DRAIN_S)
            await self._commit()
        self.consumer.forget()
        self._told.clear()

    # -- records -----------------------------------------------------------------------------

    async def _handing_over(self) -> None:
        while True:
            await self.consumer.news()
            for tp in self.lanes.wanting():
                batch = self.consumer.take(tp)
                if batch is not None:
                    self.lanes.on_its_way(batch)
                    self._deliver(batch)
                elif self.consumer.has_more(tp):
                    self.consumer.poke()

    def _deliver(self, batch: Batch) -> None:
        """Through Faust's queues to the agent: soon, late, twice or never."""
        for delay_s in self.world.faults.delivery_s(self, batch):
            self.world.loop.call_later(delay_s, self._accept, batch)

    def _accept(self, batch: Batch) -> None:
        arrival = self.lanes.accept(batch)
        if self.world.tracing:
            self.say(
                f"[{batch.tp.partition}] {batch.from_offset}..{batch.next_offset} {arrival.value}"
            )

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.lanes.tick()

    # -- offsets -------------------------------------------------------------------------------

    async def _committing(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_EVERY_S)
            await self._commit()

    async def _commit(self) -> None:
        applied = self.lanes.applied()
        news = {tp: at for tp, at in applied.items() if self._told.get(tp) != at}
        if not news:
            return
        try:
            await self.consumer.commit(news)
        except (UnknownMember, Unanswered):
            return  # for lag only: the next one will do
        self._told.update(news)
        self.world.faults.reached(self, "offsets.committed")

    # -- its end ---------------------------------------------------------------------------------

    def _failed(self, refusal: Refusal, fault: BaseException) -> None:
        if self.refusal is None and not self.ending:
            self.refusal = refusal
            self.say(f"cannot go on: {refusal.name}")
            self.world.refused(self, refusal, fault)
            self._begin_to_end()

    def stop(self) -> None:
        """SIGTERM, from outside."""
        if self.process.alive and not self.ending:
            self.say("is asked to stop")
            self.ending = True
            self.world.loop.spawn(self.process, self._wind_down(), f"{self.name} ends")
            self.world.loop.outside(SHUTDOWN_S, self.world.dies, self, "its deadline has passed")

    def _begin_to_end(self) -> None:
        self.ending = True
        self.world.loop.create_task(self._wind_down())
        self.world.loop.outside(SHUTDOWN_S, self.world.dies, self, "its deadline has passed")

    async def _wind_down(self) -> None:
        if hasattr(self, "lanes"):
            await self.lanes.release([lane.tp for lane in self.lanes], DRAIN_S)
            if self.refusal is None:
                await self._commit()
            member = self.consumer.member
            if member is not None:
                await self.world.net.call("leave", lambda reply: self._leave(member, reply))
        self.world.dies(self, "it has ended")

    def _leave(self, member: str, reply: Reply) -> None:
        self.world.group.leave(member)
        reply(None)

    def say(self, text: str) -> None:
        """A line of the story."""
        if self.world.tracing:
            self.world.say(self.name, text)
