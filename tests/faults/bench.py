"""The bench: plays a fault script against real workers and a real Kafka, and judges what is left.

    with FaultyKafka() as broker:
        report = Run(broker, folder, Shape(...), delivery="exactly_once").play(script)
        assert report.verdict.wrong == 0

Whatever happens, no process, port or folder is left behind; ``play`` asserts it.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from tests.faults import script as do
from tests.faults.broker import USER, FaultyKafka
from tests.faults.oracles import Judge, Verdict, oldest_ms
from tests.faults.place import Place, Size, Worker, size_of
from tests.faults.producing import Teller
from tests.faults.source import Shape, Source
from tests.faults.timing import Timing
from tests.faults.watch import Watcher, consumer

_LATENESS_S = 2.0
_POLL_S = 0.05

#: Everything may take so many times longer: for machines that are busy with other things.
_PATIENCE = float(os.environ.get("FAULTS_PATIENCE", "1"))


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
        worker: largest worker, and the last one's size.
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
    last: Size
    harness_fds: tuple[int, int]
    notes: dict[str, float]


class Run:
    """One deployment, one source, one script.

    Args:
        broker: running; started again at the end if the script left it down.
        folder: for workers' folders and logs; it must be empty of them afterwards.
        shape: of the source.
        name: of the fault, for the report.
        login: workers say who they are, so that rights can be taken from them.
        live: event time follows the wall clock between pieces.
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
        **settings: object,
    ):
        self.name, self.shape, self.broker = name, shape, broker
        self.login, self.folder = login, folder
        address = broker.login if login else broker.faulty
        self.place = Place(address, broker.bootstrap, folder, **settings)
        self.timing = Timing(shape.partitions)
        self.notes: dict[str, float] = {}
        self._live = live
        self._by_number: dict[int, Worker] = {}
        self._done: list[do.Step] = []
        self._biggest, self._last = Size(0, 0), Size(0, 0)
        self._supervised: do.Supervise | None = None
        self._retired: set[int] = set()  # asked to end
        self._options: dict[int, dict[str, Any]] = {}
        self._marks: dict[str, float] = {}

    def play(self, script: Sequence[do.Step]) -> Report:
        """Play every step, stop the workers, let the oracles judge.

        Raises:
            Failure: a step did not come true, or something was left behind.
        """
        began_s = time.monotonic()
        mine = size_of(os.getpid())
        self.place.prepare()
        settings = self.place.settings
        self.watcher = Watcher(
            self.broker.bootstrap, self.place.changelog, self.place.source, settings.app_id,
            settings.partitions,
        )  # fmt: skip
        self.teller = Teller(
            self.broker.bootstrap, self.place.source, Source(self.shape), self._live
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
        after = size_of(os.getpid())
        return self._report(script, verdict, began_s, (mine.fds, after.fds))

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
        self.teller.tell(step.count, step.rate)
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
                self.notes["restarted"] = self.notes.get("restarted", 0) + 1
                self._by_number[number] = self.place.start(number, **self._options[number])

    def _mark(self, step: do.Mark) -> None:
        now_s = time.monotonic()
        if step.count:
            self.notes[f"{step.name}_per_s"] = step.count / (now_s - self._marks[step.name])
        self._marks[step.name] = now_s

    def _told(self, step: do.Told) -> None:
        self._until(lambda: not self.teller.busy, step.within_s, "not told")
        self.teller.wait(step.within_s)

    def _applied(self, step: do.Applied) -> None:
        wanted = self.watcher.applied + step.more
        self._until(lambda: self.watcher.applied >= wanted, step.within_s, "not applied")

    def _caughtup(self, step: do.CaughtUp) -> None:
        self._until(self._is_caught_up, step.within_s, "lag does not go", every_s=0.3)
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

    def _config(self, step: do.Config) -> None:
        """Set one, or (with an empty value) drop all that were set live."""
        topic = self._topic(step.topic)

        async def alter() -> None:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.broker.bootstrap)
            await admin.start()
            try:
                wanted = {step.name: step.value} if step.value else self._configs[topic]
                if step.value:
                    self._configs.setdefault(topic, await _configured(admin, topic))
                    wanted = {**self._configs[topic], **wanted}
                await admin.alter_configs(
                    [ConfigResource(ConfigResourceType.TOPIC, topic, configs=wanted)]
                )
            finally:
                await admin.close()

        asyncio.run(alter())

    def _deny(self, step: do.Deny) -> None:
        admin = AdminClient({"bootstrap.servers": self.broker.bootstrap, "log_level": 0})
        what = (
            ResourceType.TOPIC, self._topic(step.topic), ResourcePatternType.LITERAL,
            f"User:{USER}", "*", AclOperation.WRITE, AclPermissionType.DENY,
        )  # fmt: skip
        if step.back:
            futures = admin.delete_acls([AclBindingFilter(*what)])
        else:
            allow = (*what[:3], "User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW)
            futures = admin.create_acls([AclBinding(*allow), AclBinding(*what)])
        for future in futures.values():
            future.result(20)

    @property
    def _configs(self) -> dict[str, dict[str, str]]:
        return self.__dict__.setdefault("_configs_were", {})

    def _topic(self, logical: str) -> str:
        return self.place.changelog if logical == "changelog" else self.place.settings.topic(logical)

    # -- looking -----------------------------------------------------------------------------

    def _alive(self) -> list[Worker]:
        return [w for w in self._by_number.values() if w.alive]

    def _until(
        self, true: Callable[[], bool], within_s: float, otherwise: str, every_s: float = _POLL_S
    ) -> None:
        deadline_s = time.monotonic() + within_s * _PATIENCE
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

    def _measure(self) -> None:
        for worker in self._alive():
            size = worker.size()
            if size is not None:
                self._last = size
                self._biggest = Size(
                    max(size.rss_mb, self._biggest.rss_mb), max(size.fds, self._biggest.fds)
                )

    # -- the end -----------------------------------------------------------------------------

    def _judge(self) -> Verdict:
        for worker in self._alive():
            worker.signal(signal.SIGCONT)
            worker.signal(signal.SIGTERM)
        for worker in self._alive():
            assert worker.wait(20) is not None, f"worker {worker.number} did not stop"
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
            f"--- worker {w.number} ({w.code}), {w.log.name}\n{w.said()[-3000:]}"
            for w in self.place.workers[-6:]
        )
        return (
            f"{type(fault).__name__}: {fault}\n{self.name}, seed {self.shape.seed}, "
            f"{self.place.settings.delivery}:\n{do.story(self._done)}\n{logs}"
        )

    def _report(
        self, script: Sequence[do.Step], verdict: Verdict, began_s: float, fds: tuple[int, int]
    ) -> Report:
        def count(*kinds: type) -> int:
            return sum(isinstance(step, kinds) for step in script)

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
            last=self._last,
            harness_fds=fds,
            notes=self.notes,
        )


async def _configured(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    """What was set on this very topic."""
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    dynamic = 1
    return {e[0]: e[1] for e in answers[0].resources[0][4] if e[3] == dynamic}


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
