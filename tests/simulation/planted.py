"""Bugs put into the product on purpose: the simulation must catch every one of them.

Each is what a person could well write. They are put in by replacing a method of the product's own
classes for as long as a ``with`` lasts, or by a line that errs; nothing of it is in the product.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from streams.kafka import lane, work
from streams.kafka.commit import Commit
from streams.kafka.lanes import Lanes
from streams.kafka.ports import TopicPartition
from streams.kafka.store import JourneyStore
from streams.line import Line
from streams.wire import progress
from streams.wire.journey import HEADER_BYTES
from tests.simulation import plan as plans
from tests.simulation.fakes import SimWriter
from tests.simulation.plan import Plan
from tests.simulation.small_line import line_over

Lined = Callable[[Plan], Line]


@dataclass(frozen=True)
class Bug:
    """One planted bug.

    Args:
        text: what is wrong, in a sentence.
        delivery: where it does harm.
        oracles: any of these may be the one that catches it.
        replaced: methods of the product: (class, name, replacement).
        line: the line to run, where the bug is in the line.
    """

    text: str
    delivery: str
    oracles: tuple[str, ...]
    replaced: tuple[tuple[Any, str, Any], ...] = ()
    line: type[Line] = Line

    @contextmanager
    def planted(self) -> Iterator[Lined]:
        """The product with the bug in it; gives what makes the line of a plan."""
        with ExitStack() as stack:
            for owner, name, replacement in self.replaced:
                stack.callback(setattr, owner, name, getattr(owner, name))
                setattr(owner, name, replacement)
            yield self._line

    def _line(self, plan: Plan) -> Line:
        return line_over(plan.partitions, self.line)


# -- commit before the state is acknowledged ------------------------------------------------------


async def _without_waiting(self: Commit, outcome, entries) -> None:
    """Effectively once: the batch counts as done while its RecordBatch is still on the way."""
    if outcome.sends:
        await self._sure()
        await self.writer.send(outcome.sends)
    self._reached("sends.acked")
    await self._sure()
    self._reached("journeys.begun")
    lane.asyncio.get_running_loop().create_task(self.writer.append(entries, self._store.lease))
    self._reached("journeys.acked")


async def _transaction_without_waiting(self: Commit, outcome, entries) -> None:
    """Exactly once: the transaction is committed while journeys are still on the way into it."""
    await self.writer.begin()
    if outcome.sends:
        await self.writer.send(outcome.sends)
    self._reached("sends.acked")
    self._reached("journeys.begun")
    lane.asyncio.get_running_loop().create_task(self.writer.append(entries, self._store.lease))
    self._reached("journeys.acked")
    await self.writer.commit()
    self._reached("transaction.committed")


# -- state before alerts --------------------------------------------------------------------------


async def _state_first(self: Commit, outcome, entries) -> None:
    await self._sure()
    self._reached("journeys.begun")
    base = await self.writer.append(entries, self._store.lease)
    self._reached("journeys.acked")
    if outcome.sends:
        await self._sure()
        await self.writer.send(outcome.sends)
    self._reached("sends.acked")
    self._store.next_offset = max(self._store.next_offset, base + len(entries))


# -- progress that is off by one ------------------------------------------------------------------


class _OffByOne(Line):
    by = 0

    def _closed(self, desk, outcome):
        outcome = super()._closed(desk, outcome)
        if outcome.next_offset > desk.next_offset:  # a wake covers no record
            outcome.meta = progress.encode(
                desk.partition, outcome.next_offset + self.by, desk.watermark
            )
        return outcome


class _OneTooHigh(_OffByOne):
    by = 1


class _OneTooLow(_OffByOne):
    by = -1


# -- a timer that is not stored -------------------------------------------------------------------


class _TimersForgotten(Line):
    """Journeys are written without the due time a restore plans by."""

    def _closed(self, desk, outcome):
        outcome = super()._closed(desk, outcome)
        outcome.changed = {
            key: value[:1] + bytes(8) + value[HEADER_BYTES:]
            for key, value in outcome.changed.items()
        }
        return outcome


class _TimersNotRestored(Line):
    """They are stored, and nobody looks."""

    def open(self, partition, meta, journeys):
        desk = super().open(partition, meta, journeys)
        desk._heap.clear()
        desk._entered.clear()
        return desk


# -- a stale overwrite by a zombie ------------------------------------------------------------------


async def _no_fence(self: SimWriter) -> None:
    """Every producer gets a transactional id of its own: nobody is ever shut out."""
    if self._id is not None:
        self._id = f"{self._id}-{id(self)}"
        self._epoch = await self._ask(
            "fence", lambda reply: self._broker.init_producer(self._id, reply)
        )


def _believe_everybody(self: JourneyStore, records) -> None:
    """A restore that takes the last record of a key, whoever wrote it."""
    for record in records:
        if record.key == b"\x00progress":
            self.meta = record.value
        elif record.key == b"\x00lease" or record.value is None:
            continue
        else:
            self.journeys[record.key] = record.value


async def _always_sure(self: Commit) -> None:
    """Nobody asks whether the partition is still ours."""


async def _never_mend(self: Commit) -> None:
    """Nobody looks what the other one wrote."""
    self._foreign_from = None


# -- the local copy before the changelog ------------------------------------------------------------


async def _settle_first(self: work.Work, outcome) -> None:
    self._line.settle(self.desk, outcome)
    self._store.meta = outcome.meta
    self._reached("line.settled")
    self.applied_next = outcome.next_offset
    await self._commit.durable(outcome)
    self._counts["batches"] += 1
    await self._commit.mend()


# -- an unflushed batch dropped on revocation ---------------------------------------------------------


_release = Lanes.release


async def _drop_in_hand(self: Lanes, revoked, budget_s: float) -> bool:
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


async def _skip_in_hand(self: lane.Lane, task) -> None:
    """A lane that is being released writes progress for what waits, and drops it."""
    if self._releasing and not self._inbox.empty:
        _, next_offset = self._inbox.take()
        await task._once([], next_offset)
        return
    await _next(self, task)


def _keep_inbox(self) -> None:
    """Nothing is let go on release."""


async def _live_until_empty(self: lane.Lane) -> None:
    try:
        task = await self._open()
        while not self._releasing or not self._inbox.empty:
            await self._next(task)
    except lane.Abandoned:
        self.doing = "abandoned"
    except Exception as fault:  # noqa: BLE001
        self.doing = "failed"
        self._rig.on_failure(lane._named(self.tp, fault), fault)


# -- a poison record that stops the partition ---------------------------------------------------------


class _NothingSetAside(Line):
    def _guarded(self, desk, run):
        try:
            return run({})
        except Exception:
            desk.rollback()
            raise


BUGS: dict[str, Bug] = {
    "commit_before_state": Bug(
        "progress is committed to the group before journeys are acknowledged",
        plans.EFFECTIVELY, ("O1", "O2", "O3"),
        ((Commit, "_one_by_one", _without_waiting),),
    ),
    "commit_before_state_in_transaction": Bug(
        "the transaction is committed before journeys are acknowledged",
        plans.EXACTLY, ("O1", "O2", "O3", "O4", "O5"),
        ((Commit, "_in_transaction", _transaction_without_waiting),),
    ),
    "state_before_alerts": Bug(
        "journeys and progress are acknowledged before the alerts they caused are sent",
        plans.EFFECTIVELY, ("O1",),
        ((Commit, "_one_by_one", _state_first),),
    ),
    "next_too_high": Bug(
        "progress claims one offset more than was applied",
        plans.EXACTLY, ("O1", "O2"), line=_OneTooHigh,
    ),
    "next_too_low": Bug(
        "progress claims one offset less than was applied",
        plans.EXACTLY, ("O1", "O2", "O3", "O4", "O5"), line=_OneTooLow,
    ),
    "timer_not_stored": Bug(
        "a journey is written without its next due time",
        plans.EXACTLY, ("O1", "O4"), line=_TimersForgotten,
    ),
    "timer_not_restored": Bug(
        "a restore does not plan the timers of the journeys it reads",
        plans.EXACTLY, ("O1", "O4"), line=_TimersNotRestored,
    ),
    "zombie_without_fence": Bug(
        "a paused owner that wakes is not shut out by the transaction coordinator",
        plans.EXACTLY, ("O1", "O2", "O3", "O5"),
        ((SimWriter, "fence", _no_fence), (Commit, "_sure", _always_sure)),
    ),
    "zombie_overwrites": Bug(
        "without transactions, a stale record of a paused owner is believed and not mended",
        plans.EFFECTIVELY, ("O1", "O2", "O3"),
        (
            (JourneyStore, "_take", _believe_everybody),
            (Commit, "_sure", _always_sure),
            (Commit, "mend", _never_mend),
        ),
    ),
    "local_copy_first": Bug(
        "the local copy is written before the changelog has it",
        plans.EFFECTIVELY, ("O1", "O2", "O3"),
        ((work.Work, "_settle", _settle_first),),
    ),
    "dropped_on_revoke": Bug(
        "on revocation, progress is written for batches that were fetched and never run",
        plans.EXACTLY, ("O1", "O2"),
        (
            (lane.Lane, "_next", _skip_in_hand),
            (lane.Lane, "_live", _live_until_empty),
            (lane.Inbox, "clear", _keep_inbox),
        ),
    ),
    "committed_on_revoke": Bug(
        "on revocation, the group is told offsets of batches that were fetched and never run",
        plans.EXACTLY, ("O3",),
        ((Lanes, "release", _drop_in_hand),),
    ),
    "poison_stops_the_partition": Bug(
        "a record that crashes the line is not set aside",
        plans.EXACTLY, ("O4",), line=_NothingSetAside,
    ),
}  # fmt: skip
