"""One run of one plan: the broker, the workers, their supervisor, and the faults."""

import asyncio
from random import Random
from typing import NamedTuple

from streams.kafka.ports import TopicPartition
from streams.kafka.refusal import Refusal
from streams.kafka.store import META_KEY
from streams.line import TOUCHPOINTS, Line
from streams.wire import progress
from tests.simulation import plan as plans
from tests.simulation.fakes import SimWriter
from tests.simulation.faults import Faults
from tests.simulation.group import Coordinator
from tests.simulation.load import EPOCH_MS
from tests.simulation.log import Logs, Transaction
from tests.simulation.loop import Loop
from tests.simulation.net import Net
from tests.simulation.oracles import Violation, judged, overdue, restored
from tests.simulation.plan import Plan
from tests.simulation.small_line import line_over
from tests.simulation.worker import Worker

PREFIX = "cx."
SOURCE = PREFIX + TOUCHPOINTS
CHANGELOG = "app-journeys-changelog"

#: Lag 0 and timers fired within so many seconds after the last fault, or it is not alive (O4).
PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.5
#: Caught up for so long, nothing more is to be expected.
_QUIET_S = 3.0


class Told(NamedTuple):
    """One line of the story."""

    at_ms: float
    who: str
    text: str


class World:
    """Everything there is, for one plan.

    Args:
        plan: what happens.
        line: the pure line the workers run.
        tracing: keep the story.
    """

    def __init__(self, plan: Plan, line: Line | None = None, tracing: bool = False):
        self.plan, self.tracing = plan, tracing
        self.story: list[Told] = []
        self.refusals: list[tuple[str, Refusal, BaseException]] = []
        self.violations: list[Violation] = []
        self.deaths = 0
        self.repeats = 0  # alerts said again, byte for byte
        self.ahead: dict[TopicPartition, list[tuple[float, int, int]]] = {}
        self.line = line if line is not None else line_over(plan.partitions)
        self.loop = Loop(plan.seed)
        self.rng = Random(plan.seed + 1)
        self.faults = Faults(self)
        self.net = Net(self.loop, self.rng, self.faults.fate)
        self.broker = Logs(self._markers)
        self.sources = [TopicPartition(SOURCE, number) for number in range(plan.partitions)]
        self.group = Coordinator(
            self.loop, self.sources, plans.SESSION_S, plans.REBALANCE_S,
            lambda text: self.say("group", text),
        )  # fmt: skip
        self.group.watch = self._committed
        self.workers: list[Worker | None] = [None] * plan.workers
        self._lives = [0] * plan.workers
        self._wanted = [True] * plan.workers
        self._caught_up_s: float | None = None
        self._upstream: dict[int, Transaction] = {}

    # -- the run ----------------------------------------------------------------------------

    def run(self) -> list[Violation]:
        """Let it happen; what the oracles have to say about it."""
        loop, plan = self.loop, self.plan
        for slot in range(plan.workers):
            loop.outside(0.1 * self.rng.random(), self._start, slot)
        for number in range(len(plan.sent)):
            loop.outside(plan.sent[number].at_s, self._produce, number)
        for fault in plan.at:
            loop.outside(fault.at_s, self.faults.happen, fault)
        self._deadline_s = plan.settled_after_s + PATIENCE_S
        loop.outside(plan.settled_after_s, self._look)
        loop.run()
        self.violations += judged(self)
        return self.violations

    def _look(self) -> None:
        """Is it done? By what is in the logs, not by what workers say."""
        now_s = self.loop.now
        lag = self.lag()
        if lag:
            self._caught_up_s = None
        elif self._caught_up_s is None:
            self._caught_up_s = now_s
        quiet = self._caught_up_s is not None and now_s - self._caught_up_s >= _QUIET_S
        if quiet and not self.faults.stopping and not overdue(self):
            self._close()
        elif now_s > self._deadline_s:
            what = f"lag {lag}" if lag else f"timers overdue: {overdue(self)}"
            self.violations.append(Violation("O4", f"{what} after {PATIENCE_S:.0f} s of peace"))
            self._close()
        else:
            self.loop.outside(_LOOK_EVERY_S, self._look)

    def _close(self) -> None:
        """Everybody ends in good order; then all markers are written, and it can be judged."""
        self._wanted = [False] * self.plan.workers
        for worker in self.workers:
            if worker is not None:
                worker.stop()
        if any(self.workers):
            self.loop.outside(_LOOK_EVERY_S, self._close)
        else:
            self.loop.outside(_LOOK_EVERY_S, self.loop.end)

    def lag(self) -> int:
        """Committed records not covered by progress."""
        lag = 0
        for tp in self.sources:
            log = self.broker.log(tp)
            records, _ = log.read(min(log.end, max(log.start, self.applied(tp))), log.end)
            lag += len(records)
        return lag

    def applied(self, tp: TopicPartition) -> int:
        """What the progress in the changelog covers."""
        log = self.broker.log(self.changelog_of(tp))
        if self.plan.transactional:
            record = log.latest(META_KEY)
            meta = record.value if record is not None else None
        else:  # the last one may be a stale one
            meta = restored(log).meta
        return 0 if meta is None else progress.decode(meta).next_offset

    def say(self, who: str, text: str) -> None:
        """A line of the story."""
        if self.tracing:
            self.story.append(Told(self.loop.now * 1_000, who, text))

    # -- the broker ----------------------------------------------------------------------------

    def changelog_of(self, tp: TopicPartition) -> TopicPartition:
        """The changelog partition of a source partition."""
        return TopicPartition(CHANGELOG, tp.partition)

    def partitions(self, topic: str) -> int:
        """How many partitions a logical topic has."""
        return 1 if topic.startswith("alerts.") else self.plan.partitions

    def writer(self, changelog: TopicPartition, transactional_id: str | None) -> SimWriter:
        """A lane's producer."""
        return SimWriter(
            self.net, self.broker, changelog, transactional_id, self.partitions, PREFIX,
            self.plan.batch_bytes,
        )  # fmt: skip

    def _committed(self, offsets: dict[TopicPartition, int]) -> None:
        """The group is told offsets: progress must already cover them (O3)."""
        for tp, offset in offsets.items():
            covered = self.applied(tp)
            if offset > covered:
                self.ahead.setdefault(tp, []).append((self.loop.now * 1_000, offset, covered))

    def _markers(self, transaction: Transaction) -> None:
        """A decided transaction shows in each partition some time later."""
        for log in list(transaction.partitions):
            self.loop.outside(self.net.delay_s(), self.broker.marked, transaction, log)

    def _produce(self, number: int) -> None:
        sent = self.plan.sent[number]
        log = self.broker.log(self.sources[sent.partition])
        if self.tracing:
            self.say("source", f"[{sent.partition}] {log.end}: {sent.entry.value.decode()}")
        if not sent.group:
            log.append([sent.entry])
            return
        transaction = self._upstream[sent.group] = Transaction()
        log.append([sent.entry], transaction)
        self.loop.outside(0.5 * self.rng.random(), self._finish, transaction, sent.committed)

    def _finish(self, transaction: Transaction, committed: bool) -> None:
        transaction.outcome = "committed" if committed else "aborted"
        for log in list(transaction.partitions):
            transaction.partitions.remove(log)
            log.mark(transaction)

    # -- workers and their supervisor -------------------------------------------------------------

    def _start(self, slot: int) -> None:
        if self.workers[slot] is None and self._wanted[slot]:
            self.workers[slot] = worker = Worker(self, slot, self._lives[slot])
            self._lives[slot] += 1
            self.say(worker.name, "starts")

    def want(self, slot: int, up: bool) -> None:
        """The deployment should have a worker in that slot, or none."""
        self._wanted[slot] = up
        self._start(slot)

    def dies(self, worker: Worker, why: str) -> None:
        """A process is gone; its supervisor starts another in its place."""
        if not worker.process.alive:
            return
        self.say(worker.name, f"is gone: {why}")
        worker.process.kill()
        self.deaths += 1
        self.workers[worker.slot] = None
        self.loop.outside(0.1 + 1.5 * self.rng.random(), self._start, worker.slot)

    def refused(self, worker: Worker, refusal: Refusal, fault: BaseException) -> None:
        """A worker has named the reason why it cannot go on."""
        self.refusals.append((worker.name, refusal, fault))

    def wall_ms(self) -> int:
        """The right time."""
        return EPOCH_MS + int(self.loop.now * 1_000)


def simulate(plan: Plan, tracing: bool = False, line: Line | None = None) -> World:
    """Run a plan to its end."""
    world = World(plan, line, tracing)
    asyncio.set_event_loop(None)
    world.run()
    return world
