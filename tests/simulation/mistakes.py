"""The mistakes behind the planted bugs: methods and lines a person could well have written.

Each has the signature of what it stands in for.
"""

import asyncio

from streams.kafka import lane, work
from streams.kafka.commit import Commit
from streams.kafka.lanes import Lanes
from streams.kafka.ports import Entry, TopicPartition
from streams.kafka.store import META_KEY, JourneyStore
from streams.line import Line
from streams.wire import progress
from streams.wire.journey import HEADER_BYTES
from tests.simulation.fakes import SimWriter

# -- commit before the state is acknowledged ------------------------------------------------------


async def without_waiting(self: Commit, outcome, entries) -> None:
    """Effectively once: the batch counts as done while its RecordBatch is still on the way."""
    if outcome.sends:
        await self.sure()
        await self.writer.send(outcome.sends)
    self._reached("sends.acked")
    await self.sure()
    self._reached("journeys.begun")
    asyncio.get_running_loop().create_task(self.writer.append(entries, self._store.lease))
    self._reached("journeys.acked")


async def transaction_without_waiting(self: Commit, outcome, entries) -> None:
    """Exactly once: the transaction is committed while journeys are still on the way into it."""
    await self.writer.begin()
    if outcome.sends:
        await self.writer.send(outcome.sends)
    self._reached("sends.acked")
    self._reached("journeys.begun")
    asyncio.get_running_loop().create_task(self.writer.append(entries, self._store.lease))
    self._reached("journeys.acked")
    await self.writer.commit()
    self._reached("transaction.committed")


# -- state before alerts --------------------------------------------------------------------------


async def state_first(self: Commit, outcome, entries) -> None:
    """Journeys and progress first, alerts when they are safe."""
    await self.sure()
    self._reached("journeys.begun")
    base = await self.writer.append(entries, self._store.lease)
    self._reached("journeys.acked")
    if outcome.sends:
        await self.sure()
        await self.writer.send(outcome.sends)
    self._reached("sends.acked")
    self._store.next_offset = max(self._store.next_offset, base + len(entries))


# -- progress that is off by one ------------------------------------------------------------------


class OffByOne(Line):
    """Progress is written ``by`` off from what was applied."""

    by = 0

    def _closed(self, desk, outcome):
        outcome = super()._closed(desk, outcome)
        if outcome.next_offset > desk.next_offset:  # a wake covers no record
            outcome.meta = progress.encode(
                desk.partition, outcome.next_offset + self.by, desk.watermark
            )
        return outcome


class OneTooHigh(OffByOne):
    """One offset too many counts as applied."""

    by = 1


class OneTooLow(OffByOne):
    """One offset too few counts as applied."""

    by = -1


# -- a timer that is not stored -------------------------------------------------------------------


class TimersForgotten(Line):
    """Journeys are written without the due time a restore plans by."""

    def _closed(self, desk, outcome):
        outcome = super()._closed(desk, outcome)
        outcome.changed = {
            key: value[:1] + bytes(8) + value[HEADER_BYTES:]
            for key, value in outcome.changed.items()
        }
        return outcome


class TimersNotRestored(Line):
    """They are stored, and nobody looks."""

    def open(self, partition, meta, journeys):
        desk = super().open(partition, meta, journeys)
        desk._heap.clear()
        desk._entered.clear()
        return desk


# -- a stale overwrite by a zombie ------------------------------------------------------------------


async def no_fence(self: SimWriter) -> None:
    """Every producer gets a transactional id of its own: nobody is ever shut out."""
    if self._id is not None:
        self._id = f"{self._id}-{id(self)}"
        self._epoch = await self._ask(
            "fence", lambda reply: self._broker.init_producer(self._id, reply)
        )


def believe_everybody(self: JourneyStore, records) -> None:
    """A restore that takes the last record of a key, whoever wrote it."""
    for record in records:
        if record.key == b"\x00progress":
            self.meta = record.value
        elif record.key == b"\x00lease" or record.value is None:
            continue
        else:
            self.journeys[record.key] = record.value


async def always_sure(self: Commit) -> None:
    """Nobody asks whether the partition is still ours."""


async def never_mend(self: Commit) -> None:
    """Nobody looks what the other one wrote."""
    self._foreign_from = None


# -- the local copy before the changelog ------------------------------------------------------------


async def settle_first(self: work.Work, outcome, wake: bool = False) -> None:
    """The local copy is quick to write: it comes first."""
    self._line.settle(self.desk, outcome)
    self._store.meta = outcome.meta
    self._reached("line.settled")
    self.applied_next = outcome.next_offset
    await self._commit.durable(outcome)
    self._counts["batches"] += 1
    await self._commit.mend()


# -- an unflushed batch dropped on revocation ---------------------------------------------------------


_release = Lanes.release


async def drop_in_hand(self: Lanes, revoked, budget_s: float) -> bool:
    """Whatever has been fetched counts as done, so that revocation is quick."""
    taken = {
        TopicPartition(*tp): own._inbox.expects
        for tp in revoked
        if (own := self._lanes.get(TopicPartition(*tp))) and own.doing == "running"
    }
    ended = await _release(self, revoked, budget_s)
    self._left.update(taken)
    return ended


_next = lane.Lane._next


async def skip_in_hand(self: lane.Lane, task) -> None:
    """A lane that is being released writes progress for what waits, and drops it."""
    if self._releasing and not self._inbox.empty:
        _, next_offset = self._inbox.take()
        await task._once([], next_offset)
        return
    await _next(self, task)


def keep_inbox(self) -> None:
    """Nothing is let go on release."""


async def live_until_empty(self: lane.Lane) -> None:
    """A lane that goes on until nothing waits."""
    try:
        task = await self._open()
        while not self._releasing or not self._inbox.empty:
            try:
                await self._next(task)
            except lane.Unsure:
                task = await self._open_anew()
    except lane.Abandoned:
        self.doing = "abandoned"
    except Exception as fault:  # noqa: BLE001
        self.doing = "failed"
        self._rig.on_failure(lane.of_lane(self.tp, fault), fault)


# -- a poison record that stops the partition ---------------------------------------------------------


def nothing_set_aside(rollback, run):
    """Whatever crashes the line, crashes it."""
    try:
        return run({})
    except Exception:
        rollback()
        raise


# -- what the simulation itself has found ----------------------------------------------------------


async def do_nothing(self: Commit, *_: object) -> None:
    """A step of the protocol left out."""


async def everything_fits(self: SimWriter, entries, lease: int) -> bool:
    """Nobody asks before alerts leave."""
    return True


def known_to_the_end(self: Commit, base: int, count: int) -> bool:
    """Whatever stands before our batch counts as read: nobody else is noticed."""
    self._store.next_offset = max(self._store.next_offset, base + count)
    return True


async def note_and_go_on(self: Commit, outcome) -> None:
    """Nobody looks who wrote in between before alerts leave."""
    if outcome.sends:
        await self.sure()
        entry = Entry(META_KEY, outcome.meta)
        self._follows(await self.writer.append([entry], self._store.lease), 1)
        self._store.meta = outcome.meta


async def begun_all_the_same(self: SimWriter) -> None:
    """As if every copy of a request that was given up on were gone."""
