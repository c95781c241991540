"""Lanes whose journeys lie on disk, killed at every step: the copy is never ahead of the log.

After each step all of RocksDB's memory goes to disk, and a death leaves behind what lies there at
that moment: the worst there is for a copy that must not be ahead of what was acknowledged.
"""

import asyncio
import shutil
from pathlib import Path

import pytest

from streams.kafka.disk_store import DiskStore
from streams.kafka.ports import TopicPartition
from streams.kafka.shelf import Shelf
from streams.kafka.steps import STEPS, Reached
from streams.kafka.store import JourneyStore
from tests.kafka import stories
from tests.kafka.counting_line import CountingLine
from tests.kafka.disk import Named
from tests.kafka.memory import SOURCE, Crash
from tests.kafka.stories import BOTH, Worker, agrees, filled, journeys


@pytest.fixture(autouse=True)
def _with_ids(monkeypatch):
    monkeypatch.setattr(stories, "MemoryChangelog", Named)


class Machine:
    """A disk, and the stores of the worker that runs there."""

    def __init__(self, folder: Path):
        self._folder, self._restarts = folder, 0
        self.shelf = Shelf(folder / "0", 384)
        self.stores: list[DiskStore] = []

    def store(self, tp: TopicPartition) -> JourneyStore:
        self.stores.append(DiskStore(self.shelf, tp.topic, tp.partition))
        return self.stores[-1]

    def flush(self) -> None:
        for store in self.stores:
            if store._open:
                store.journeys._db.flush()

    def killed(self) -> "Machine":
        """The same disk under the next process: what lay there when the worker died."""
        self._restarts += 1
        after = Machine.__new__(Machine)
        after._folder, after._restarts, after.stores = self._folder, self._restarts, []
        target = self._folder / str(self._restarts)
        shutil.copytree(self._folder / str(self._restarts - 1), target)
        after.shelf = Shelf(target, 384)
        return after


def dying(machine: Machine, step: str, nth: int) -> Reached:
    """Death the nth time a step is reached, if it ever is."""
    left = [nth]

    def reached(name: str) -> None:
        machine.flush()
        if name == step:
            left[0] -= 1
            if left[0] == 0:
                raise Crash

    return reached


async def through(worker: Worker, generation: int) -> None:
    """From assignment to the end of the log, or to whatever ends it."""
    worker.join(generation)
    await worker.running()
    await worker.drain()


@BOTH
@pytest.mark.parametrize("step", STEPS[3:11])
@pytest.mark.parametrize("nth", [1, 3])
def test_death_at_a_step_leaves_a_copy_to_go_on_from(tmp_path, delivery, step, nth):
    """The next worker on that disk makes it whole, having read only the end of the changelog; and
    the copy is then what the whole changelog says."""

    async def story() -> None:
        world, machine = filled([n % 5 for n in range(120)]), Machine(tmp_path)
        reached = dying(machine, step, nth)
        first = Worker(
            world, CountingLine(), delivery=delivery, reached=reached, fetch_records=25,
            store=machine.store,
        )  # fmt: skip
        await through(first, 1)
        machine = machine.killed()
        second = Worker(world, CountingLine(), delivery=delivery, store=machine.store)
        await through(second, 2)
        torn = delivery == "effectively_once" and step in ("sends.acked", "journeys.begun")
        agrees(world, most_repeats=25 if torn else 0)
        assert dict(machine.stores[0].journeys) == journeys(world)

    asyncio.run(story())


@BOTH
def test_what_another_made_of_it_meanwhile_is_read_from_the_changelog(tmp_path, delivery):
    """A worker is gone, another one on another disk goes on, the first comes back: its copy is
    brought up to date by the tail alone."""

    async def story() -> None:
        world, here = filled([n % 5 for n in range(60)]), Machine(tmp_path / "here")
        first = Worker(world, CountingLine(), delivery=delivery, store=here.store)
        await through(first, 1)
        await first.lanes.release([SOURCE], 5.0)
        first.lanes.let_go()
        there = Machine(tmp_path / "there")
        for n in range(40):
            world.write(SOURCE, b"c%d" % (n % 7), b"{}")
        second = Worker(world, CountingLine(), delivery=delivery, store=there.store)
        await through(second, 2)
        await second.lanes.release([SOURCE], 5.0)
        third = Worker(world, CountingLine(), delivery=delivery, store=here.store)
        await through(third, 3)
        agrees(world)
        assert dict(here.stores[-1].journeys) == journeys(world)

    asyncio.run(story())


def test_a_zombies_copy_is_not_believed_when_it_comes_back(tmp_path):
    """effectively_once: a paused worker wakes, writes once more and is refused; what it wrote is in
    no copy, and the copy it left is brought up to date from what others wrote."""

    async def story() -> None:
        world, here = filled([n % 5 for n in range(10)]), Machine(tmp_path / "here")
        zombie = Worker(world, CountingLine(), delivery="effectively_once", store=here.store)
        zombie.join(1)
        await zombie.running()
        await zombie.poll()
        there = Machine(tmp_path / "there")
        owner = Worker(world, CountingLine(), delivery="effectively_once", store=there.store)
        await through(owner, 2)
        await zombie.drain()
        assert [refusal.name for refusal in zombie.refusals] == ["superseded"]
        here.flush()
        back = here.killed()
        for n in range(10):
            world.write(SOURCE, b"c%d" % n, b"{}")
        third = Worker(world, CountingLine(), delivery="effectively_once", store=back.store)
        await through(third, 3)
        agrees(world, most_repeats=5)
        assert dict(back.stores[-1].journeys) == journeys(world)

    asyncio.run(story())
