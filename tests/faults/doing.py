"""How each step of a script is done."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException, TopicPartition

from tests.faults import script as do
from tests.faults.broker import USER
from tests.faults.place import Size, Worker
from tests.faults.producing import Teller
from tests.faults.source import Shape
from tests.faults.timing import Timing
from tests.faults.topics import Topics
from tests.faults.watch import Watcher, consumer

_LATENESS_S = 2.0
_POLL_S = 0.05


def _patience() -> float:
    """Everything may take so many times longer: for machines that are busy with other things."""
    return float(os.environ.get("FAULTS_PATIENCE", "1"))


class Doing(Topics):
    """The steps of a run; ``bench.Run`` is what has them done."""

    shape: Shape
    teller: Teller
    timing: Timing
    watcher: Watcher
    notes: dict[str, float]
    login: bool

    def __init__(self) -> None:
        super().__init__()
        self._by_number: dict[int, Worker] = {}
        self._biggest = Size(0, 0)
        self._sizes: dict[int, tuple[Size, Size, float]] = {}  # first, last, seconds between
        self._supervised: do.Supervise | None = None
        self._retired: set[int] = set()  # asked to end
        self._options: dict[int, dict[str, Any]] = {}
        self._marks: dict[str, float] = {}

    # -- steps -------------------------------------------------------------------------------

    def _play(self, step: do.Step) -> None:
        if isinstance(step, do.FAULTS):
            self._measure()
            self.timing.fault(step)
        getattr(self, "_" + type(step).__name__.lower())(step)
        self.timing.up(self._is_up())

    def _is_up(self) -> bool:
        """Somebody could be working."""
        alive = any(w.alive and not w.paused for w in self._by_number.values())
        return alive and self.broker.pid is not None and not self.timing.frozen

    def _start(self, step: do.Start) -> None:
        if any(w.alive and w.number != step.number for w in self._by_number.values()):
            self._count("joins")
        before = self._by_number.get(step.number)
        assert before is None or not before.alive, f"worker {step.number} is already up"
        extra = dict(step.extra)
        if step.die_at:
            extra["THROUGHLINE_DIE_AT"] = step.die_at
        if self.login:
            extra |= {
                "THROUGHLINE_SECURITY__SASL_MECHANISM": "PLAIN",
                "THROUGHLINE_SECURITY__SASL_USERNAME": USER,
                "THROUGHLINE_SECURITY__SASL_PASSWORD": "loopback",
                "THROUGHLINE_SECURITY__ALLOW_PLAINTEXT": "true",
            }
        options: dict[str, Any] = {**extra}
        if step.module:
            options["command"] = (step.module,)
        self._options[step.number] = options
        self._retired.discard(step.number)
        self._by_number[step.number] = self.place.start(step.number, **options)

    def _running(self, step: do.Running) -> None:
        def runs() -> bool:
            said = [w.said().splitlines() for w in self._alive()]
            doing = [[x for x in lines if " records applied (" in x] for lines in said]
            return all(x and "running" in x[-1] and "restoring" not in x[-1] for x in doing)

        self._until(runs, step.within_s, "not running")

    def _kill(self, step: do.Kill) -> None:
        worker = self._by_number[step.number]
        worker.signal(signal.SIGKILL)
        worker.wait(10)
        if step.wipe:
            self.place.wipe(step.number)

    def _term(self, step: do.Term) -> None:
        self._retired.add(step.number)
        worker = self._by_number[step.number]
        if any(w.alive and w is not worker for w in self._by_number.values()):
            self._count("leaves")
        asked_s = time.monotonic()
        worker.signal(signal.SIGINT if step.interrupt else signal.SIGTERM)
        if step.twice:
            time.sleep(0.05)
            worker.signal(signal.SIGTERM)
        if not step.wait:
            return
        code = worker.wait(step.within_s)
        took_s = time.monotonic() - asked_s
        self.notes["slowest_exit_s"] = max(self.notes.get("slowest_exit_s", 0.0), took_s)
        assert code in step.codes, f"worker {step.number} ended with {code}, not {step.codes}"

    def _ended(self, step: do.Ended) -> None:
        worker = self._by_number[step.number]
        began_s = time.monotonic()
        self._until(lambda: not worker.alive, step.within_s, f"worker {step.number} still lives")
        self.timing.died()
        self.notes["slowest_end_s"] = max(
            self.notes.get("slowest_end_s", 0.0), time.monotonic() - began_s
        )
        said = worker.said()
        assert worker.code in step.codes, f"worker {step.number} ended with {worker.code}"
        assert not step.saying or any(f"{name}: " in said for name in step.saying), (
            f"worker {step.number} did not say {step.saying}"
        )

    def _stopped(self, step: do.Stopped) -> None:
        worker = self._by_number[step.number]
        stat = Path(f"/proc/{worker.process.pid}/stat")
        self._until(
            lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", step.within_s, "no pause"
        )
        worker.paused = True
        self.timing.died()

    def _pause(self, step: do.Pause) -> None:
        self._by_number[step.number].signal(signal.SIGSTOP)
        self._by_number[step.number].paused = True

    def _resume(self, step: do.Resume) -> None:
        self._by_number[step.number].signal(signal.SIGCONT)
        self._by_number[step.number].paused = False

    def _wait(self, step: do.Wait) -> None:
        time.sleep(step.seconds)
        self._measure()

    def _tell(self, step: do.Tell) -> None:
        self.timing.told()
        self.teller.tell(step.records, step.rate)
        if step.wait:
            self.teller.wait(300)

    def _hush(self, step: do.Hush) -> None:
        self.teller.hush()

    def _supervise(self, step: do.Supervise) -> None:
        self._supervised = step

    def _look_after(self) -> None:
        """Start again who has ended, if somebody looks after workers just now."""
        if self._supervised is None:
            return
        for number, worker in list(self._by_number.items()):
            if not worker.alive and number not in self._retired:
                assert worker.code in self._supervised.codes, f"{number} ended with {worker.code}"
                self._count("restarted")
                self._by_number[number] = self.place.start(number, **self._options[number])

    def _mark(self, step: do.Mark) -> None:
        now_s = time.monotonic()
        if step.records:
            self.notes[f"{step.name}_per_s"] = step.records / (now_s - self._marks[step.name])
        self._marks[step.name] = now_s

    def _told(self, step: do.Told) -> None:
        self._until(lambda: not self.teller.busy, step.within_s, "not told")
        self.teller.wait(step.within_s)

    def _applied(self, step: do.Applied) -> None:
        wanted = self.watcher.applied + step.more
        self._until(lambda: self.watcher.applied >= wanted, step.within_s, "not applied")

    def _caughtup(self, step: do.CaughtUp) -> None:
        self._until(self._is_caught_up, step.within_s, "lag does not go", every_s=0.7)
        self.timing.caught_up()
        self._measure()

    def _fired(self, step: do.Fired) -> None:
        until_s = time.time() + step.ahead_s
        armed = self._armed(until_s)
        self.notes["timers"] = self.notes.get("timers", 0) + armed
        time.sleep(step.ahead_s)
        self._until(
            lambda: not self._armed(max(until_s, time.time() - _LATENESS_S)), step.within_s,
            "timers are overdue", every_s=0.3,
        )  # fmt: skip

    def _broker(self, step: do.Broker) -> None:
        broker = self.broker
        if step.what in ("freeze", "resume"):
            getattr(broker, {"freeze": "suspend"}.get(step.what, step.what))()
            self.timing.frozen = step.what == "freeze"
        elif step.what == "kill":
            broker.kill()
        elif step.what == "stop":
            broker.stop()
        else:
            broker.start()

    def _net(self, step: do.Net) -> None:
        proxy = self.broker.proxy
        doing: dict[str, Callable[[], None]] = {
            "cut": proxy.cut,
            "refuse": proxy.refuse,
            "hole": proxy.hole,
            "hole_in": lambda: proxy.hole(to_broker=False),
            "hole_out": lambda: proxy.hole(from_broker=False),
            "delay": lambda: proxy.delay(step.delay_s),
            "heal": proxy.heal,
        }
        doing[step.what]()

    # -- looking -----------------------------------------------------------------------------

    def _alive(self) -> list[Worker]:
        return [w for w in self._by_number.values() if w.alive]

    def _until(
        self, true: Callable[[], bool], within_s: float, otherwise: str, every_s: float = _POLL_S
    ) -> None:
        deadline_s = time.monotonic() + within_s * _patience()
        while not true():
            assert time.monotonic() < deadline_s, f"{otherwise} within {within_s} s"
            self.teller.check()
            self.watcher.check()
            self._look_after()
            time.sleep(every_s)

    def _is_caught_up(self) -> bool:
        """Nothing readable in the log lies beyond the progress."""
        if self.teller.sent > self.teller.told:
            return False
        try:
            with consumer(self.broker.bootstrap, **{"enable.partition.eof": True}) as reader:
                places = []
                for partition in range(self.shape.partitions):
                    place = TopicPartition(self.place.source, partition)
                    _, end = reader.get_watermark_offsets(place, timeout=5, cached=False)
                    if end - self.watcher.next[partition] > 50:
                        return False
                    if end > self.watcher.next[partition]:
                        place.offset = self.watcher.next[partition]
                        places.append(place)
                return not places or _empty(reader, places)
        except KafkaException:
            return False

    def _armed(self, until_s: float) -> int:
        """Customers with a timer due by then."""
        due_ms = int(until_s * 1_000)
        return sum(
            0 < int.from_bytes(journey[1:9], "big") <= due_ms
            for journeys in self.watcher.journeys
            for journey in list(journeys.values())
        )

    def _count(self, name: str) -> None:
        self.notes[name] = self.notes.get(name, 0) + 1

    def _measure(self) -> None:
        for worker in self._alive():
            size = worker.size()
            if size is None or "; " not in worker.said():
                continue  # it has not yet said what it does: still growing up
            age_s = time.monotonic() - worker.began_s
            first, _, _ = self._sizes.get(worker.process.pid, (size, size, age_s))
            self._sizes[worker.process.pid] = first, size, age_s
            self._biggest = Size(
                max(size.rss_mb, self._biggest.rss_mb), max(size.fds, self._biggest.fds)
            )


def _empty(reader, places: list[TopicPartition]) -> bool:
    """Only markers lie from there to the end."""
    reader.assign(places)
    left, deadline_s = len(places), time.monotonic() + 5
    while left and time.monotonic() < deadline_s:
        for message in reader.consume(100, 0.2):
            if message.error() is None:
                return False
            left -= 1
    return not left
