"""Faults: which there are, and how each is brought about."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from streams.kafka.ports import Batch
from tests.simulation.log import Log
from tests.simulation.loop import Killed, Process

if TYPE_CHECKING:
    from tests.simulation.worker import Worker
    from tests.simulation.world import World

#: Above the patrol by a margin, as the topics are set up.
COMPACTION_LAG_S = 6.0

#: Faults by instant.
KILL, STOP, CUT, RESTART, SHRINK, GROW = "kill", "stop", "cut", "restart", "shrink", "grow"
STALL, COMPACT = "stall", "compact"
#: Faults at the nth time something happens.
LOST, UNANSWERED, DOUBLED, ECHOED = "lost", "unanswered", "doubled", "echoed"
SWALLOW, DOUBLE, LATE = "swallow", "double", "late"

#: Requests of a worker that each of these may meet. ``doubled`` is a retry of a producer that does
#: not number its batches (the embedded broker's): without transactions only. ``echoed`` is a retry
#: whose first copy arrives when the next transaction is open (KIP-890): with transactions only.
REQUESTS = {
    KILL: ("bounds", "read", "fence", "send", "append", "commit", "offsets", "join"),
    LOST: ("fence", "send", "append", "commit", "offsets"),
    UNANSWERED: ("fence", "send", "append", "commit", "offsets"),
    DOUBLED: ("send", "append"),
    ECHOED: ("commit",),
}


class At(NamedTuple):
    """A fault at an instant.

    Args:
        at_s: virtual time.
        kind: see above.
        slot: of the worker it meets, where it meets one.
        seconds: how long it lasts, where it lasts.
    """

    at_s: float
    kind: str
    slot: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        during = f" for {self.seconds:.1f} s" if self.seconds else ""
        whom = "" if self.kind in (STALL, COMPACT) else f" w{self.slot}"
        return f"{self.kind}{whom} at {self.at_s * 1_000:.0f} ms{during}"


class Upon(NamedTuple):
    """A fault when something happens for the nth time.

    Args:
        what: a step of the protocol, a kind of request, or ``batch`` (one handed to an agent).
        nth: counted over all workers, from 1.
        kind: see above; ``kill`` and ``stop`` for steps.
        seconds: how long it lasts, where it lasts.
    """

    what: str
    nth: int
    kind: str
    seconds: float = 0.0

    def __str__(self) -> str:
        during = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} at {self.what} no. {self.nth}{during}"


class Faults:
    """Brings the faults of a plan about.

    Attributes:
        counts: how often each step was reached and each request made.
        met: how often each kind of fault came about, by what it met.
    """

    def __init__(self, world: "World"):
        self._world, self._loop = world, world.loop
        self._upon = {(fault.what, fault.nth): fault for fault in world.plan.upon}
        self.counts: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.stopping = False  # somebody is stopped in the middle of a turn

    def _planned(self, what: str) -> Upon | None:
        self.counts[what] += 1
        fault = self._upon.get((what, self.counts[what]))
        if fault is not None:
            self.met[f"{fault.kind} at {what}"] += 1
        return fault

    def reached(self, worker: "Worker", step: str) -> None:
        """A worker is at a named step: does it die here, or stop?"""
        world, fault = self._world, self._planned(step)
        if world.tracing:
            world.say(worker.name, f"· {step} (no. {self.counts[step]})")
        if fault is None or not worker.process.alive:
            return
        if fault.kind == KILL:
            world.dies(worker, f"killed at {step}")
            raise Killed
        if not self.stopping:
            world.say(worker.name, f"stopped at {step} for {fault.seconds:.1f} s")
            self.stopping = True
            try:
                self._loop.stop_here(worker.process, fault.seconds)
            finally:
                self.stopping = False
            world.say(worker.name, "goes on")

    def fate(self, what: str, process: Process | None) -> str | None:
        """What becomes of a request; see ``Net.call``."""
        world, fault = self._world, self._planned(what)
        if fault is None or process is None:
            return None
        world.say(process.name, f"{fault.kind} with its request no. {self.counts[what]} to {what}")
        if fault.kind == KILL:
            worker = next(w for w in world.workers if w is not None and w.process is process)
            self._loop.outside(0.0, world.dies, worker, f"killed while it asks to {what}")
            return None
        return fault.kind

    def delivery_s(self, worker: "Worker", batch: Batch) -> list[float]:
        """When a handed-over batch arrives at its lane; more than once, or not at all."""
        world, fault = self._world, self._planned("batch")
        delay_s = world.net.delay_s()
        if fault is None:
            return [delay_s]
        world.say(worker.name, f"batch {batch.from_offset}..{batch.next_offset}: {fault.kind}")
        if fault.kind == SWALLOW:
            return []
        later_s = delay_s + fault.seconds * world.rng.random()
        return [delay_s, later_s] if fault.kind == DOUBLE else [later_s]

    def happen(self, fault: At) -> None:
        """A fault by instant comes about, if whom it should meet is there."""
        world = self._world
        world.say("fault", str(fault))
        worker = world.workers[fault.slot]
        if fault.kind == STALL:
            world.net.stalled_until = self._loop.now + fault.seconds
        elif fault.kind == COMPACT:
            self._compact()
        elif fault.kind == GROW:
            world.want(fault.slot, True)
        elif worker is None:
            return
        elif fault.kind == KILL:
            world.dies(worker, "killed")
        elif fault.kind in (RESTART, SHRINK):
            world.want(fault.slot, fault.kind == RESTART)
            worker.stop()
        elif fault.kind == CUT:
            worker.process.cut_until = self._loop.now + fault.seconds
        elif not worker.process.paused:
            worker.process.paused = True
            self._loop.outside(fault.seconds, self._resume, worker)
        self.met[fault.kind] += 1

    def _resume(self, worker: "Worker") -> None:
        if worker.process.alive:
            self._world.say(worker.name, "goes on")
            self._loop.resume(worker.process)

    def _compact(self) -> None:
        """The cleaner runs over the changelogs; it leaves alone what is younger than
        min.compaction.lag.ms, as ours are set."""
        for tp in self._world.sources:
            log = self._world.broker.log(self._world.changelog_of(tp))
            self._loop.outside(COMPACTION_LAG_S, self._clean, log, log.end)

    def _clean(self, log: Log, before: int) -> None:
        gone = log.compact(before)
        self._world.say("broker", f"compacts [{log.tp.partition}]: {gone} records gone")
