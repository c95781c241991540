"""A lane whose partition is quiet: when it fires timers, and how many at a time."""

import asyncio
from collections import Counter

from streams.kafka.ports import Limits, TopicPartition
from tests.kafka.counting_line import CountingLine
from tests.kafka.memory import SOURCE, Crash, World
from tests.kafka.stories import Worker


def test_a_wake_fires_timers_only_when_caught_up_and_idle():
    """No wake while it lags, while the broker does not answer, or before the idle time is over."""

    async def story() -> None:
        world = World()
        world.write(SOURCE, b"c1", b"due=5")
        worker = Worker(world, CountingLine(), limits=Limits(idle_after_s=2.0))
        worker.join(1)
        await worker.running()
        await worker.drain()
        quiet = TopicPartition("alerts.friction.v1", 0)

        async def beat(seconds: float) -> int:
            worker.clock.now_s += seconds
            worker.lanes.tick()
            for _ in range(20):
                await asyncio.sleep(0)
            return len(world.read(quiet, 0, world.end(quiet)))

        assert await beat(1.0) == 0
        world.write(SOURCE, b"c2", b"{}")
        assert await beat(10.0) == 0, "it lags"
        await worker.drain()
        worker.source.answering = False
        assert await beat(10.0) == 0, "nobody knows where the end is"
        worker.source.answering = True
        assert await beat(0.0) == 1
        assert await beat(10.0) == 1, "a timer fires once"

    asyncio.run(story())


def test_a_wide_wake_comes_in_portions_and_survives_a_restart():
    """Timers are stored with the journeys; the rest of an interrupted wake is fired later."""

    async def story() -> None:
        world = World()
        for n in range(250):
            world.write(SOURCE, b"c%d" % n, b"due=5")
        quiet = TopicPartition("alerts.friction.v1", 0)
        left = [2]

        def reached(name: str) -> None:
            if name == "transaction.committed" and world.end(quiet):
                left[0] -= 1
                if left[0] == 0:
                    raise Crash

        for handler in (reached, lambda name: None):
            worker = Worker(world, CountingLine(widest=100), reached=handler, fetch_records=100)
            worker.join(1)
            await worker.running()
            await worker.drain()
            worker.clock.now_s += 60
            for _ in range(200):
                worker.lanes.tick()
                await asyncio.sleep(0)
        fired = Counter(r.key for r in world.read(quiet, 0, world.end(quiet)))
        assert len(fired) == 250 and set(fired.values()) == {1}

    asyncio.run(story())
