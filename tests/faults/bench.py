"""The bench: plays a fault script against real workers and a real Kafka, and judges what is left.

    with FaultyKafka() as broker:
        report = Run(broker, folder, Shape(...), delivery="exactly_once").play(script)
        assert report.verdict.wrong == 0

Whatever happens, no process, port or folder is left behind; ``play`` asserts it.
"""

import os
import re
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.faults import script as do
from tests.faults.broker import FaultyKafka
from tests.faults.doing import Doing
from tests.faults.oracles import Judge, Verdict, oldest_ms
from tests.faults.place import Place, Size, size_of
from tests.faults.producing import Teller
from tests.faults.source import Shape, Source
from tests.faults.standing import decided, standing
from tests.faults.timing import Timing
from tests.faults.watch import Watcher

_HEALED = re.compile(r"healed: .* (\d+) records written over")
_NOBODY = (Size(0, 0), Size(0, 0), 0.0)


def _descriptors() -> int:
    """How many this process has open."""
    mine = size_of(os.getpid())
    assert mine is not None
    return mine.fds


def _ends(text: str) -> str:
    """A log's beginning and end."""
    return text if len(text) < 6_000 else f"{text[:2_000]}\n[...]\n{text[-4_000:]}"


class Failure(AssertionError):
    """A run did not go as its script says; the text holds the story so far and the logs."""


class Report(NamedTuple):
    """What one run came to.

    Args:
        name: of the fault.
        delivery: of the deployment.
        seed: of source and script.
        faults: steps of the script that break something.
        kills, terms, pauses, broker_faults: of these.
        starts: worker processes started.
        seconds: from the first step to the last.
        recovery_s: per fault, until every partition had a batch applied again.
        stall_s: longest time in which a partition had work, a worker and a broker, and no batch.
        verdict: of the oracles.
        largest: of any worker at any time.
        first, last: of the worker that lived longest, when it began to work and at its end.
        harness: descriptors of this process before and after.
        notes: anything a fault wants to add.
    """

    name: str
    delivery: str
    seed: int
    faults: int
    kills: int
    terms: int
    pauses: int
    broker_faults: int
    starts: int
    seconds: float
    recovery_s: tuple[float, ...]
    stall_s: float
    verdict: Verdict
    largest: Size
    first: Size
    last: Size
    harness_fds: tuple[int, int]
    notes: dict[str, float]


class Run(Doing):
    """One deployment, one source, one script.

    Args:
        broker: running; started again at the end if the script left it down.
        folder: for workers' folders and logs; it must be empty of them afterwards.
        shape: of the source.
        name: of the fault, for the report.
        login: workers say who they are, so that rights can be taken from them.
        live: event time follows the wall clock between pieces.
        source: what is told, if it is not made from ``shape``.
        settings: of the deployment.
    """

    def __init__(
        self,
        broker: FaultyKafka,
        folder: Path,
        shape: Shape,
        name: str = "",
        login: bool = False,
        live: bool = True,
        source: Source | None = None,
        **settings: Any,
    ):
        super().__init__()
        self.name, self.shape, self.broker = name, shape, broker
        self.login, self.folder = login, folder
        address = broker.login if login else broker.faulty
        self.place = Place(address, broker.bootstrap, folder, **settings)
        self.timing = Timing(shape.partitions)
        self.notes: dict[str, float] = {}
        self._live, self._source = live, source
        self._done: list[do.Step] = []

    def play(self, script: Sequence[do.Step]) -> Report:
        """Play every step, stop the workers, let the oracles judge.

        Raises:
            Failure: a step did not come true, or something was left behind.
        """
        began_s = time.monotonic()
        mine = _descriptors()
        self.place.prepare()
        settings = self.place.settings
        self.watcher = Watcher(
            self.broker.bootstrap, self.place.changelog, self.place.source, settings.app_id,
            settings.partitions,
        )  # fmt: skip
        self.teller = Teller(
            self.broker.bootstrap, self.place.source, self._source or Source(self.shape), self._live
        )
        self.watcher.start()
        try:
            for step in script:
                self._done.append(step)
                self._play(step)
            self._measure()
            verdict = self._judge()
        except BaseException as fault:
            raise Failure(self._story(fault)) from fault
        finally:
            self._close()
        self._nothing_left()
        return self._report(script, verdict, began_s, (mine, _descriptors()))

    # -- the end -----------------------------------------------------------------------------

    def _judge(self) -> Verdict:
        for worker in self._alive():
            worker.signal(signal.SIGCONT)
            worker.signal(signal.SIGTERM)
        for worker in self._alive():
            assert worker.wait(20) is not None, f"worker {worker.number} did not stop"
        bootstrap, prefix = self.broker.bootstrap, self.place.settings.prefix
        self._until(lambda: decided(bootstrap, prefix), 90, "a transaction is open", every_s=0.3)
        self._until(self.watcher.caught_up_with_itself, 30, "changelog not read")
        settings = self.place.settings
        oldest = oldest_ms(self.shape.base_ms) if self.shape.horizon else 0
        judge = Judge(
            settings, self.broker.bootstrap, self.teller.unreadable, oldest, self.teller.either
        )
        return judge.judge(self.watcher)

    def _close(self) -> None:
        self.broker.proxy.heal()
        if self.broker.pid is not None:
            self.broker.resume()
        self.place.close()
        self.teller.close()
        self.watcher.close()

    def _nothing_left(self) -> None:
        for worker in self.place.workers:
            try:
                os.killpg(worker.process.pid, 0)
            except ProcessLookupError:
                continue
            raise Failure(f"process group {worker.process.pid} is still there")
        left = self.place.left_on_disk()
        assert not left, f"workers left files: {left}"

    def _story(self, fault: BaseException) -> str:
        logs = "\n".join(
            f"--- worker {w.number} ({w.code}), {w.log.name}\n{_ends(w.said())}"
            for w in self.place.workers[-6:]
        )
        topics = (self.place.source, self.place.changelog)
        logs += f"\n--- progress {self.watcher.next}; the broker says\n"
        logs += standing(self.broker.bootstrap, topics)
        logs += f"\n--- broker\n{_ends(self.broker.log.read_text(errors='replace'))}"
        return (
            f"{type(fault).__name__}: {fault}\n{self.name}, seed {self.shape.seed}, "
            f"{self.place.settings.delivery}:\n{do.story(self._done)}\n{logs}"
        )

    def _report(
        self, script: Sequence[do.Step], verdict: Verdict, began_s: float, fds: tuple[int, int]
    ) -> Report:
        def count(*kinds: type) -> int:
            return sum(isinstance(step, kinds) for step in script)

        for healed in (_HEALED.findall(w.said()) for w in self.place.workers):
            if healed:
                self.notes["healed"] = self.notes.get("healed", 0) + int(healed[-1])
        oldest = max(self._sizes.values(), key=lambda size: size[2], default=_NOBODY)
        died = sum(isinstance(s, do.Start) and s.die_at.count(":") == 1 for s in script)
        return Report(
            name=self.name,
            delivery=self.place.settings.delivery,
            seed=self.shape.seed,
            faults=count(*do.FAULTS),
            kills=count(do.Kill) + died,
            terms=count(do.Term),
            pauses=count(do.Pause, do.Stopped),
            broker_faults=sum(
                isinstance(s, do.Broker) and s.what in ("freeze", "kill", "stop") for s in script
            ),
            starts=len(self.place.workers),
            seconds=time.monotonic() - began_s,
            recovery_s=tuple(self.timing.recoveries(self.watcher.seen)),
            stall_s=self.timing.longest_stall(self.watcher.seen),
            verdict=verdict,
            largest=self._biggest,
            first=oldest[0],
            last=oldest[1],
            harness_fds=fds,
            notes=self.notes,
        )
