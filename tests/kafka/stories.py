"""A worker over a world in memory, and what its stories are told and judged with."""

import asyncio
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from streams.kafka.lanes import Fittings, Lanes
from streams.kafka.ports import Batch, Limits, Line, TopicPartition
from streams.kafka.refusal import Refusal
from streams.kafka.rig import Rig
from streams.kafka.standby import Follower
from streams.kafka.steps import nobody
from streams.kafka.store import JourneyStore
from tests.kafka.counting_line import Chain, CountingLine, expected
from tests.kafka.memory import (
    SOURCE,
    Crash,
    MemoryChangelog,
    MemoryClock,
    MemoryGroup,
    MemorySource,
    MemoryWriter,
    World,
)

ALERTS = TopicPartition("alerts.effort.v1", 0)
BOTH = pytest.mark.parametrize("delivery", ["exactly_once", "effectively_once"])


class Worker:
    """One worker over a world: its lanes, its consumer, and what it died of."""

    def __init__(
        self,
        world: World,
        line: Line,
        *,
        delivery: str = "exactly_once",
        limits: Limits | None = None,
        reached: Callable[[str], None] = nobody,
        most_entries: int = 10_000,
        refuse: Callable[[str], bool] = lambda topic: False,
        fetch_records: int = 5,
        answer: Callable[[], str] = lambda: "at once",
        store: Callable[[TopicPartition], JourneyStore] = lambda tp: JourneyStore(),
        follower: Follower | None = None,
    ):
        self.world = world
        self.clock = MemoryClock()
        self.group = MemoryGroup()
        self.source = MemorySource(world, self.clock, fetch_records)
        self.refusals: list[Refusal] = []
        self.faults: list[BaseException] = []
        rig = Rig(self.source, self.group, self.clock, limits or Limits(), reached, self._failed)

        def fit(tp: TopicPartition) -> Fittings:
            changelog = TopicPartition("throughline-journeys-changelog", tp.partition)
            return Fittings(
                line,
                MemoryChangelog(world, changelog),
                MemoryWriter(
                    world, changelog, delivery == "exactly_once", most_entries, refuse, answer
                ),
                lambda: store(changelog),
            )

        self.lanes = Lanes(rig, fit, follower)

    def join(self, generation: int) -> None:
        """The group gives this worker the source partition in a generation."""
        self.group.now = generation
        self.lanes.assign([SOURCE], generation)

    def _failed(self, refusal: Refusal, fault: BaseException) -> None:
        self.refusals.append(refusal)
        self.faults.append(fault)

    def crashed(self) -> bool:
        """A lane's task ended in a simulated death."""
        return any(
            lane._task is not None and lane._task.done() and not lane._task.cancelled()
            and isinstance(lane._task.exception(), Crash)
            for lane in self.lanes
        )  # fmt: skip

    async def running(self, turns: int = 2_000) -> None:
        """Let every lane get past its restore."""
        for _ in range(turns):
            if self.refusals or self.crashed():
                return
            if all(lane.doing == "running" for lane in self.lanes):
                return
            await asyncio.sleep(0)
        raise AssertionError("the lanes did not get to run")

    async def poll(self, swallow: Callable[[Batch], bool] = lambda batch: False) -> int:
        """One round of the consumer's loop: hand over what is wanted."""
        batches = [b for tp in self.lanes.wanting() if (b := self.source.fetch(tp)) is not None]
        for batch in batches:
            self.lanes.on_its_way(batch)
            if not swallow(batch):
                self.lanes.accept(batch)
        await asyncio.sleep(0)
        return len(batches)

    async def drain(self, turns: int = 3_000) -> None:
        """Poll until everything is applied, the worker refuses, or it dies."""
        for _ in range(turns):
            await self.poll()
            if self.refusals or self.crashed():
                return
            if len(self.lanes) and all(lane.caught_up() for lane in self.lanes):
                return
            self.lanes.tick()
            self.clock.now_s += 0.01
        raise AssertionError("the lanes did not catch up")


def journeys(world: World, partition: int = 0) -> dict[bytes, bytes]:
    """What a new owner would restore, by the plain rule of a compacted log (leases left aside)."""
    tp = TopicPartition("throughline-journeys-changelog", partition)
    held: dict[bytes, bytes] = {}
    for record in world.read(tp, 0, world.end(tp)):
        if record.key is None or record.key.startswith(b"\x00"):
            continue
        if record.value is None:
            held.pop(record.key, None)
        else:
            held[record.key] = record.value
    return held


def filled(customers: list[int]) -> World:
    """A source log with one touchpoint per number."""
    world = World()
    for number in customers:
        world.write(SOURCE, b"c%d" % number, b"{}")
    return world


def chains(world: World) -> dict[bytes, tuple[int, int]]:
    """(n, chain) per customer, as restored from the changelog."""
    decoded = {k: msgspec.msgpack.decode(v, type=Chain) for k, v in journeys(world).items()}
    return {key: (chain.n, chain.chain) for key, chain in decoded.items()}


def alerts(world: World) -> Counter[tuple[bytes, bytes]]:
    """Every alert record, with how often it is in the log."""
    return Counter((r.key, r.value) for r in world.read(ALERTS, 0, world.end(ALERTS)))


def agrees(world: World, most_repeats: int = 0) -> None:
    """The changelog and the alerts are what the log alone demands."""
    want, said = expected((r.key, r.offset) for r in world.read(SOURCE, 0, world.end(SOURCE)))
    assert chains(world) == want
    heard = alerts(world)
    assert len(heard) == len(said)
    assert sum(heard.values()) - len(heard) <= most_repeats


async def work_through(world: World, **options) -> Worker:
    """One worker from assignment to the end of the log, then released."""
    worker = Worker(world, CountingLine(), **options)
    worker.join(1)
    await worker.running()
    await worker.drain()
    await worker.lanes.release([SOURCE], 5.0)
    return worker
