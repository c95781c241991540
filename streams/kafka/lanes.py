"""All lanes of a worker: opened on assignment, drained on revocation, asked for what they need."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from typing import NamedTuple

from streams.kafka.inbox import Arrival
from streams.kafka.lane import Lane
from streams.kafka.ports import Batch, Changelog, Line, Offsets, TopicPartition, Writer
from streams.kafka.rig import Rig
from streams.kafka.standby import Follower, Nobody
from streams.kafka.store import JourneyStore


class Fittings(NamedTuple):
    """What one lane is built with; the store is made only if none is held."""

    line: Line
    changelog: Changelog
    writer: Writer
    store: Callable[[], JourneyStore] = JourneyStore


class Standing(NamedTuple):
    """How the lanes are doing, for the status line and the watchdog.

    Args:
        assigned: partitions we have.
        running: of these, how many are past their restore.
        restored_share: mean over those still restoring, 0..1.
        lag: records not yet applied in running partitions; None while any is unknown.
        idle_s: seconds since the lane that has work to do, or has not heard whether it has, and is
            furthest behind did any; or since the group last knew us.
        counts: summed over all lanes, those released included.
    """

    assigned: int
    running: int
    restored_share: float
    lag: int | None
    idle_s: float
    counts: Counter[str]


class Lanes:
    """The lanes of one worker.

    Args:
        rig: what they share.
        fit: gives a partition its line, changelog and writer.
        follower: keeps the stores of partitions we stand by for.
    """

    def __init__(
        self, rig: Rig, fit: Callable[[TopicPartition], Fittings], follower: Follower | None = None
    ):
        self.rig = rig
        self._fit = fit
        self._follower: Follower = follower or Nobody()
        self._lanes: dict[TopicPartition, Lane] = {}
        self._held: dict[TopicPartition, JourneyStore] = {}
        self._left: dict[TopicPartition, int] = {}  # next offset of lanes just released
        self._spent: Counter[str] = Counter()  # counts of lanes that are gone
        self._joined = False  # the group has given us partitions once, or said that there are none

    def __iter__(self) -> Iterator[Lane]:
        return iter(list(self._lanes.values()))

    def __len__(self) -> int:
        return len(self._lanes)

    def assign(
        self,
        assigned: Iterable[TopicPartition],
        generation: int,
        standing_by: Iterable[TopicPartition] = (),
    ) -> None:
        """Open a lane for each partition; returns at once, each lane restores in its own task.

        Args:
            assigned: partitions that are ours.
            generation: of the group.
            standing_by: partitions of others, to be followed.
        """
        self._joined = True
        for given in assigned:
            tp = TopicPartition(*given)
            if tp in self._lanes:
                continue  # cannot happen in an eager group; never run two of one
            fittings = self._fit(tp)
            store = self._held.pop(tp, None) or self._follower.take(tp) or fittings.store()
            lane = Lane(
                tp, fittings.line, fittings.changelog, fittings.writer, store, self.rig, generation
            )
            self._lanes[tp] = lane
            lane.start()
        self._left.clear()
        self._stand_by({TopicPartition(*tp) for tp in standing_by} - self._lanes.keys())
        self.let_go()  # what did not come back is somebody else's now

    def _stand_by(self, wanted: Set[TopicPartition]) -> None:
        """Follow these; with what we hold of them, if we have just had them ourselves."""
        stores = {}
        for tp in sorted(wanted):
            held = self._held.pop(tp, None) or self._follower.take(tp)
            stores[tp] = held or self._fit(tp).store()
        self._follower.follow(stores)

    def let_go(self) -> None:
        """Close the stores of partitions that are not ours any more."""
        for store in self._held.values():
            store.close()
        self._held.clear()

    async def release(self, revoked: Iterable[TopicPartition], budget_s: float) -> bool:
        """Drain exactly these lanes, side by side; True if all ended within the budget."""
        leaving = [lane for tp in revoked if (lane := self._lanes.get(TopicPartition(*tp)))]
        if not leaving:
            return True
        for lane in leaving:
            lane.retire()
        self.rig.reached("revoke.begun")
        ended = await asyncio.gather(*(lane.release(budget_s) for lane in leaving))
        for lane in leaving:
            if self._lanes.get(lane.tp) is not lane:
                continue  # a revocation and the shutdown released it together
            del self._lanes[lane.tp]
            self._spent.update(_counted(lane))
            if lane.applied_next > 0:
                self._left[lane.tp] = lane.applied_next
            if lane.doing == "released" and not lane.commit.met_another:
                self._held[lane.tp] = lane.store
            else:
                lane.store.close()
        self.rig.reached("revoke.drained")
        return all(ended)

    def wanting(self) -> list[TopicPartition]:
        """Partitions whose next batch should be fetched."""
        return [tp for tp, lane in self._lanes.items() if lane.wants_records]

    def on_its_way(self, batch: Batch) -> None:
        """The consumer hands ``batch`` to the agent now."""
        lane = self._lanes.get(batch.tp)
        if lane is not None:
            lane.on_its_way(batch)

    def accept(self, batch: Batch) -> Arrival:
        """The agent's one duty: put a batch into its lane. A batch without a lane is a leftover."""
        lane = self._lanes.get(batch.tp)
        return Arrival.LEFTOVER if lane is None else lane.accept(batch)

    def tick(self) -> None:
        """The wake clock's beat."""
        for lane in self._lanes.values():
            lane.tick()

    def applied(self) -> Offsets:
        """Next offset per partition: what the group may commit, for lag and a first start."""
        running = {
            tp: lane.applied_next
            for tp, lane in self._lanes.items()
            if lane.doing == "running" and lane.applied_next > 0
        }
        return {**self._left, **running}

    def standing(self) -> Standing:
        """How it is going."""
        lanes = list(self._lanes.values())
        restoring = [lane for lane in lanes if lane.doing in ("fencing", "restoring")]
        lags = [lane.lag for lane in lanes if lane.doing == "running"]
        counts = Counter(self._spent)
        for lane in lanes:
            counts.update(_counted(lane))
        now_s = self.rig.clock.monotonic_s()
        busy = [*restoring, *(lane for lane in lanes if lane.doing == "running" and lane.lag != 0)]
        return Standing(
            assigned=len(lanes),
            running=len(lags),
            restored_share=sum(x.restored_share for x in restoring) / max(1, len(restoring)),
            lag=None if None in lags or restoring else sum(lag or 0 for lag in lags),
            idle_s=max((self._unheard_s(), *(now_s - lane.progress_s for lane in busy))),
            counts=counts,
        )

    def _unheard_s(self) -> float:
        """How long the group has not confirmed us, beyond what a rebalance may take: a member that
        nobody knows waits for partitions for ever."""
        if not self._joined:
            return 0.0
        return max(0.0, self.rig.membership.alive_age_s() - self.rig.limits.rebalance_s)


def _counted(lane: Lane) -> Counter[str]:
    """All a lane has counted, with what it met and mended of another writer's."""
    commit = lane.commit
    met = {"double_writers": commit.double_writers, "mended_keys": commit.mended_keys}
    return lane.counts + Counter(met)
