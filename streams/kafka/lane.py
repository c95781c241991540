"""A lane: one partition's queue and task, from assignment to release.

On assignment, in this order: fence, restore, claim, guard, seek, and only then run. While it runs,
an item is a batch or a wake; each is applied and made durable before the next is looked at, so a
quiet partition answers at once and a busy one forms large batches by itself.
"""

import asyncio
import contextlib
from collections import Counter

from streams.kafka.commit import Commit
from streams.kafka.guards import first_offset, known_offset
from streams.kafka.inbox import Arrival, Inbox
from streams.kafka.ports import (
    Abandoned,
    Batch,
    Changelog,
    Line,
    TopicPartition,
    Unsure,
    Writer,
)
from streams.kafka.reasons import of_lane
from streams.kafka.rig import Rig
from streams.kafka.store import JourneyStore
from streams.kafka.work import Work

#: A fetch answer older than this says nothing about the end of the log.
_FRESH_MS = 3_000

#: After so long without one, nobody knows how long the log is.
_SILENT_MS = 30_000


class Lane:
    """One assigned partition.

    Args:
        tp: source topic and partition.
        line: the pure line this partition's records go through.
        changelog, writer: of this partition.
        store: fresh, or the one held since the partition was ours a moment ago.
        rig: what all lanes share.
        generation: group generation of the assignment.
    """

    def __init__(
        self,
        tp: TopicPartition,
        line: Line,
        changelog: Changelog,
        writer: Writer,
        store: JourneyStore,
        rig: Rig,
        generation: int,
    ):
        self.tp, self.store = tp, store
        self.doing = "fencing"  # restoring, running, then released, abandoned or failed
        self.restored_share = 0.0  # 0..1 while restoring
        self.counts: Counter[str] = Counter()
        self._rig, self._line, self._changelog, self._writer = rig, line, changelog, writer
        self.commit = Commit(
            writer, changelog, store, rig.membership, rig.clock, rig.limits, generation, rig.reached
        )
        self._inbox = Inbox(rig.limits)
        self._work: Work | None = None
        self._something = asyncio.Event()
        self._wake_ms: int | None = None
        self._rewind = False
        self._patrol = False
        self._releasing = False
        self._busy = False
        now_s = rig.clock.monotonic_s()
        self._progress_s = self._quiet_since_s = self._handed_at_s = self._patrolled_s = now_s
        self._task: asyncio.Task[None] | None = None

    # -- what the consumer and the agents call ------------------------------------------------

    def start(self) -> None:
        """Begin with fencing, in a task of its own."""
        self._task = asyncio.get_running_loop().create_task(self._live(), name=f"lane {self.tp}")

    @property
    def wants_records(self) -> bool:
        """Whether the consumer should hand over the next batch of this partition."""
        return (
            self.doing == "running"
            and not self._rewind
            and not self._releasing
            and not self._inbox.in_transit
            and self._inbox.has_room
        )

    def on_its_way(self, batch: Batch) -> None:
        """The consumer hands ``batch`` to the agent now."""
        self._inbox.on_its_way(batch)
        self._handed_at_s = self._rig.clock.monotonic_s()

    def accept(self, batch: Batch) -> Arrival:
        """The agent puts a batch into the lane."""
        if self.doing != "running" or self._releasing:
            return Arrival.LEFTOVER
        arrival = self._inbox.arrive(batch)
        if arrival is Arrival.GAP:
            self._read_again("gaps_read_again")
        elif arrival is not Arrival.LEFTOVER:
            if arrival is Arrival.GAP_IS_REAL:
                self.counts["gaps_real"] += 1
            self._quiet_since_s = self._rig.clock.monotonic_s()
            self._something.set()
        if self.wants_records:
            self._rig.source.poke()
        return arrival

    def tick(self) -> None:
        """The wake clock: notices a swallowed batch, and wakes a lane that is caught up and idle.

        A lane that lags is not woken, nor one whose broker has stopped answering: consumer lag must
        never look like a customer's silence.
        """
        if self.doing != "running" or self._releasing or self._rewind:
            return
        now_s, limits = self._rig.clock.monotonic_s(), self._rig.limits
        if self.lag == 0:
            self._progress_s = now_s  # what comes next has not waited since the last batch
        if self._inbox.in_transit:
            if now_s - self._handed_at_s > limits.swallowed_after_s:
                self._read_again("swallowed_read_again")
            return
        if not self._writer.transactional and now_s - self._patrolled_s > limits.patrol_s:
            self._patrol = True
            self._something.set()
        if now_s - self._quiet_since_s >= limits.idle_after_s and self.caught_up():
            self._wake_ms = self._rig.clock.wall_ms()
            self._something.set()

    def caught_up(self) -> bool:
        """Everything the broker has shown us lately is applied."""
        tail = self._rig.source.tail(self.tp)
        if tail is None or tail.end is None or tail.answered_ms is None:
            return False
        age_ms = self._rig.clock.wall_ms() - tail.answered_ms
        return (
            not self._busy
            and self._inbox.empty
            and tail.seek == self._inbox.seek
            and tail.handed == self._inbox.expects
            and tail.position >= tail.end
            and -_FRESH_MS <= age_ms <= _FRESH_MS
        )

    @property
    def applied_next(self) -> int:
        """Offset after the last applied record; -1 before the first."""
        return -1 if self._work is None else self._work.applied_next

    @property
    def lag(self) -> int | None:
        """Records between what is applied and the end the broker showed; None when unknown: it has
        not shown any, or not for long."""
        tail = self._rig.source.tail(self.tp)
        if tail is None or tail.end is None or tail.answered_ms is None or self._work is None:
            return None
        if self._rig.clock.wall_ms() - tail.answered_ms > _SILENT_MS:
            return None
        if self._inbox.empty and not self._busy and tail.handed == self._inbox.expects:
            return max(0, tail.end - tail.position)  # transaction markers are not lag
        return max(0, tail.end - max(0, self._work.applied_next))

    @property
    def progress_s(self) -> float:
        """Monotonic seconds at which this lane last got anything done, or had nothing to do."""
        return max(self._progress_s, 0.0 if self._work is None else self._work.last_applied_s)

    def retire(self) -> None:
        """Take nothing more: what waits is dropped, what is in hand goes on."""
        self._releasing = True
        self._inbox.clear()
        self._something.set()

    async def release(self, budget_s: float) -> bool:
        """Retire, finish the batch in hand, let go; True if it ended within the budget."""
        self.retire()
        task, in_time = self._task, True
        if task is not None and not task.done():
            if self.doing != "running":
                task.cancel()  # still restoring: there is nothing to finish
            done, _ = await asyncio.wait({task}, timeout=budget_s)
            if not done:
                in_time = False
                self.commit.given_up = True
                task.cancel()
                await asyncio.wait({task}, timeout=1.0)
        if self.doing != "failed":
            self.doing = "released"
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._writer.close(), 2.0)
        return in_time

    # -- the task ----------------------------------------------------------------------------

    async def _live(self) -> None:
        try:
            work = await self._open()
            while not self._releasing:
                try:
                    await self._next(work)
                except Unsure:
                    work = await self._open_anew()
        except Abandoned:
            self.doing = "abandoned"  # the rebalance that is under way will release it
        except asyncio.CancelledError as fault:
            if not self._releasing:  # a client library's own, which would end us unheard
                self._fail(fault)
            raise
        except Exception as fault:  # noqa: BLE001  whatever it is, it ends the worker by name
            self._fail(fault)

    def _fail(self, fault: BaseException) -> None:
        self.doing = "failed"
        self._rig.on_failure(of_lane(self.tp, fault), fault)

    async def _open_anew(self) -> Work:
        """As on assignment: what we believe to be written, and what is, may not be the same."""
        self.counts["opened_anew"] += 1
        self.doing, self._busy = "fencing", False
        self._inbox.clear()
        await self.commit.sure()  # else the one to be cut off is us
        await self._writer.close()
        return await self._open()

    async def _open(self) -> Work:
        rig = self._rig
        await self._writer.fence()
        rig.reached("lane.fenced")
        self.doing = "restoring"
        self.counts["restored"] += await self.store.restore(self._changelog, self._restoring)
        rig.reached("lane.restored")
        await self.commit.claim()
        work = Work(
            self.tp, self._line, self.store, self.commit,
            rig.clock, rig.limits, rig.reached, self.counts,
        )  # fmt: skip
        known = known_offset(self.tp, self.store, work.applied_next)
        await work.owed()
        start, lost = await first_offset(
            rig.source, rig.clock, self.tp, known, rig.limits.accept_loss, self.commit.sure
        )
        if lost:
            self.counts["lost_to_retention"] += lost
        work.applied_next = start
        await self._stand_at(start)
        rig.reached("lane.sought")
        self._work = work
        self._progress_s = self._quiet_since_s = rig.clock.monotonic_s()
        self.doing = "running"
        rig.source.poke()
        return work

    def _restoring(self, start: int, position: int, end: int) -> None:
        self.restored_share = (position - start) / max(1, end - start)
        self._progress_s = self._rig.clock.monotonic_s()

    async def _stand_at(self, offset: int) -> None:
        seek = await self._rig.source.seek(self.tp, offset)
        self._inbox.stand_at(offset, seek)

    def _read_again(self, counted_as: str) -> None:
        self.counts[counted_as] += 1
        self._rewind = True
        self._something.set()

    async def _next(self, work: Work) -> None:
        """Do the next thing there is to do, or wait for one."""
        if self._rewind:
            await self._stand_at(self._inbox.expects)
            self._rewind = False
            self._rig.source.poke()
        elif not self._inbox.empty:
            self._busy, self._wake_ms = True, None
            records, next_offset = self._inbox.take()
            self._rig.source.poke()  # there is room again: fetch while this one is applied
            await work.apply(records, next_offset)
            self._busy = False
            self._quiet_since_s = self._rig.clock.monotonic_s()
        elif self._patrol:
            self._patrol, self._patrolled_s = False, self._rig.clock.monotonic_s()
            await self.commit.patrol()
        elif self._wake_ms is not None:
            wall_ms, self._wake_ms = self._wake_ms, None
            self._busy = True
            await work.wake(wall_ms, lambda: self._releasing)
            self._busy = False
        else:
            self._something.clear()
            await self._something.wait()
