"""A worker's consumer in memory: ``ports.Source`` and ``ports.Membership``.

It stands and fetches as ``streams/kafka/reader.py`` does: prefetching per partition, handing over
one portion at a time, numbering its seeks, and telling where it stands past transaction markers.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from streams.kafka.ports import Abandoned, Batch, Bounds, Tail, TopicPartition
from tests.simulation.fakes import SimClock
from tests.simulation.group import Coordinator, UnknownMember
from tests.simulation.log import Logs, OffsetOutOfRange
from tests.simulation.loop import Loop
from tests.simulation.net import Net, Reply

_LONG_POLL_S = 2.0


class SimConsumer:
    """What a worker reads with.

    Args:
        loop, net, broker, group: the world.
        clock: of the worker's machine.
        fetch_records: most records of one fetch answer.
    """

    def __init__(
        self,
        loop: Loop,
        net: Net,
        broker: Logs,
        group: Coordinator,
        clock: SimClock,
        fetch_records: int,
    ):
        self._loop, self._net, self._broker, self._group = loop, net, broker, group
        self._clock, self._fetch_records = clock, fetch_records
        self._tails: dict[TopicPartition, Tail] = {}
        self._fetched: dict[TopicPartition, deque] = {}
        self._assigned: list[TopicPartition] = []
        self._seeks = 0
        self._news = asyncio.Event()
        self.member: str | None = None
        self.joined_generation = -1
        self.alive_at_s = loop.now

    # -- ports.Source ---------------------------------------------------------------------------

    async def seek(self, tp: TopicPartition, offset: int) -> int:
        if tp not in self._assigned:
            raise Abandoned
        self._seeks += 1
        self._tails[tp] = Tail(self._seeks, offset, offset, None, None)
        self._fetched[tp] = deque()
        self._loop.create_task(self._fetching(tp, self._seeks, offset))
        return self._seeks

    async def bounds(self, tp: TopicPartition) -> Bounds:
        log = self._broker.log(tp)
        return await self._net.call("bounds", lambda reply: reply(log.bounds()))

    async def committed(self, tp: TopicPartition) -> int | None:
        if tp not in self._assigned:
            raise Abandoned
        return await self._net.call("offset", lambda reply: reply(self._group.offsets.get(tp)))

    def tail(self, tp: TopicPartition) -> Tail | None:
        return self._tails.get(tp)

    def poke(self) -> None:
        self._news.set()

    # -- ports.Membership -----------------------------------------------------------------------

    def generation(self) -> int:
        return self.joined_generation

    def alive_age_s(self) -> float:
        return self._loop.now - self.alive_at_s

    # -- for the worker -------------------------------------------------------------------------

    def assign(self, assigned: Sequence[TopicPartition]) -> None:
        """These partitions are ours until ``forget``."""
        self._assigned = list(assigned)

    def forget(self) -> None:
        """Nothing is ours any more."""
        self._assigned = []
        self._tails.clear()
        self._fetched.clear()

    async def news(self) -> None:
        """Wait until something was fetched or somebody poked."""
        await self._news.wait()
        self._news.clear()

    def take(self, tp: TopicPartition) -> Batch | None:
        """The next portion fetched of one partition, if it holds records."""
        tail, fetched = self._tails.get(tp), self._fetched.get(tp)
        if tail is None or not fetched:
            return None
        records, after = fetched.popleft()
        if not records:
            self._tails[tp] = tail._replace(position=after)
            return None
        self._tails[tp] = tail._replace(handed=after, position=after)
        size = sum(len(r.key or b"") + len(r.value or b"") for r in records)
        return Batch(tp, tail.seek, tail.handed, after, records, size)

    def has_more(self, tp: TopicPartition) -> bool:
        """Another fetched portion of that partition waits."""
        return bool(self._fetched.get(tp))

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        """Commit the group's offsets. Raises: UnknownMember."""
        mine = {tp: offset for tp, offset in offsets.items() if tp in self._assigned}
        member, generation = self.member, self.joined_generation

        def store(reply: Reply) -> None:
            try:
                self._group.commit(member, generation, mine)
            except UnknownMember as refused:
                reply(refused)
            else:
                reply(None)

        if mine and member is not None:
            await self._net.call("offsets", store)

    async def _fetching(self, tp: TopicPartition, seek: int, position: int) -> None:
        """Fetch ahead of the lane, two answers at most, as long as this seek is in force."""
        log, waiting = self._broker.log(tp), 0.05
        while True:
            tail, fetched = self._tails.get(tp), self._fetched.get(tp)
            if tail is None or tail.seek != seek:
                return
            if len(fetched) >= 2:
                await asyncio.sleep(waiting)
                continue
            answer = await self._net.call(
                "fetch", lambda reply, at=position: self._poll(log, at, reply)
            )
            tail, fetched = self._tails.get(tp), self._fetched.get(tp)
            if tail is None or tail.seek != seek:
                return
            records, after, end = answer
            self._tails[tp] = tail._replace(end=end, answered_ms=self._clock.wall_ms())
            if after > position:
                fetched.append((records, after))
                position = after
                self._news.set()

    def _poll(self, log, position: int, reply: Reply) -> None:
        """A long poll, at the broker: answered when there is something, or after a second."""
        answered = False

        def answer() -> None:
            nonlocal answered
            if answered:
                return
            try:
                records, after = log.read(position, self._fetch_records)
            except OffsetOutOfRange as gone:
                answered = True
                reply(gone)
                return
            if after > position or self._loop.now >= deadline_s:
                answered = True
                reply((records, after, log.end))
            else:
                log.waiters.append(answer)

        deadline_s = self._loop.now + _LONG_POLL_S
        answer()
        if not answered:
            self._loop.outside(_LONG_POLL_S, answer)
