"""The same faults, other systems: ``python -m benchmarks.peers_faults.run --system Faust``.

Set up once: ``make peers``. One topic of four partitions, the bench's own source without what
cannot be read, O2 on what each system keeps (per key a count and a chain of offsets), and every
tenth record of a key an output. Reads are ``read_committed``. A row is one JSON line.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.peers_faults.systems import SYSTEMS, Chain, System, environment
from tests.faults.broker import FaultyKafka
from tests.faults.producing import Teller
from tests.faults.source import Shape, Source
from tests.faults.watch import consumer, read_topic

_PRIME, _MASK = 1_099_511_628_211, (1 << 64) - 1
_ENDLESS = 10_000_000
_PARTITIONS = 4
_STILL_S = 90.0
_STARTS_MAX = 100


class Trial:
    """One system on one broker, with names of its own.

    Args:
        broker: running.
        system: under test.
        folder: for its workers' state and logs.
        seed: of the source.
    """

    def __init__(self, broker: FaultyKafka, system: System, folder: Path, seed: int):
        self.broker, self.system, self.folder = broker, system, folder
        self.group, self.source, self.alerts = "peer", system.source, system.alerts
        admin = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})
        topics = [NewTopic(name, _PARTITIONS, 1) for name in (self.source, self.alerts)]
        for future in admin.create_topics(topics).values():
            future.result(30)
        shape = Shape(seed, _ENDLESS, 2_000, int(time.time() * 1_000), 1.0, noise=0.0)
        self.teller = Teller(broker.bootstrap, self.source, Source(shape))
        self.workers: dict[int, subprocess.Popen] = {}
        self.starts = 0

    def start(self, number: int) -> None:
        """Start a worker, or start it again in its folder."""
        home = self.folder / str(number)
        home.mkdir(parents=True, exist_ok=True)
        command = self.system.command(self.broker.faulty, self.group, self.source, self.alerts)
        with (self.folder / f"{number}-{self.starts}.log").open("wb") as log:
            self.workers[number] = subprocess.Popen(
                command, cwd=home, env=environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.starts += 1

    def end(self, number: int, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask a worker to end, and insist after 40 s; or kill it."""
        worker = self.workers[number]
        if worker.poll() is None:
            worker.send_signal(how)
        try:
            worker.wait(40)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()

    def supervise(self) -> None:
        """Start again whoever has ended by itself."""
        for number, worker in list(self.workers.items()):
            if worker.poll() is not None:
                if self.starts > _STARTS_MAX:
                    logs = sorted(self.folder.glob("*.log"), key=lambda log: log.stat().st_mtime)
                    raise RuntimeError(f"it does not stay up: {logs[-1].read_text()[-2_000:]}")
                self.start(number)

    def close(self) -> None:
        """No process outlives its trial."""
        self.teller.close()
        for worker in self.workers.values():
            if worker.poll() is None:
                worker.kill()
                worker.wait()

    def lag(self) -> int | None:
        """Records the group has not committed; None while the broker cannot say."""
        try:
            return self._lag()
        except KafkaException:
            return None

    def _lag(self) -> int:
        places = [TopicPartition(self.source, p) for p in range(_PARTITIONS)]
        left = 0
        with consumer(self.broker.bootstrap, **{"group.id": self.group}) as asked:
            for at in asked.committed(places, timeout=20):
                place = TopicPartition(self.source, at.partition)
                _, end = asked.get_watermark_offsets(place, timeout=20, cached=False)
                left += end - max(0, at.offset)
        return left

    def caught_up(self, within_s: float = 240) -> bool:
        """Wait until everything is committed; False if it is not, and nothing has moved for longer
        than any system's commit interval (30 s is the longest)."""
        now_s = time.monotonic()
        deadline_s, moved_s = now_s + within_s, now_s
        before: int | None = -1
        while (left := self.lag()) != 0:
            now_s = time.monotonic()
            if left is None or left != before:
                before, moved_s = left, now_s
            if now_s > deadline_s or now_s - moved_s > _STILL_S:
                return False
            self.supervise()
            time.sleep(0.5)
        return True

    def warm_up(self) -> None:
        """Wait until workers do work: faults before that would hit nobody."""
        self.teller.tell(2_000, 0)
        self.teller.wait(60)
        self.caught_up()


def pending(trial: Trial, size: int) -> bool:
    """2: clean starts with one to five records told while nobody was up."""
    trial.teller.tell(500, 0)
    trial.teller.wait(60)
    done = True
    for number in range(size):
        trial.start(0)
        done = trial.caught_up(180) and done
        trial.end(0)
        trial.teller.tell(1 + number % 5, 0)
        trial.teller.wait(60)
    trial.start(0)
    return trial.caught_up() and done


def scale(trial: Trial, size: int) -> bool:
    """3: 1 -> 2 -> 3 -> 1 workers in good order under 1,000 records a second."""
    trial.start(0)
    trial.warm_up()
    trial.teller.tell(_ENDLESS, 1_000)
    oldest = 0
    for _ in range(size):
        for step in ("start", "start", "end", "end"):
            if step == "start":
                trial.start(max(trial.workers) + 1)
            else:
                trial.end(oldest)
                del trial.workers[oldest]
                oldest += 1
            time.sleep(8)
    trial.teller.hush()
    return trial.caught_up()


def kills(trial: Trial, size: int) -> bool:
    """4: SIGKILL to two of three workers, on the same disk, under 1,000 records a second."""
    for number in range(3):
        trial.start(number)
    trial.warm_up()
    trial.teller.tell(_ENDLESS, 1_000)
    for round_ in range(size):
        time.sleep(6)
        victims = [round_ % 3, (round_ + 1) % 3]
        for number in victims:
            trial.end(number, signal.SIGKILL)
        for number in victims:
            trial.start(number)
    time.sleep(6)
    trial.teller.hush()
    return trial.caught_up()


def broker(trial: Trial, size: int) -> bool:
    """6: the broker frozen for 12 s, then bounced and killed in turn, two workers under load."""
    trial.start(0)
    trial.start(1)
    trial.warm_up()
    trial.teller.tell(_ENDLESS, 1_000)
    for number in range(size):
        time.sleep(5)
        if number == 0:
            trial.broker.suspend()
            time.sleep(12)
            trial.broker.resume()
        else:
            trial.broker.kill() if number % 2 else trial.broker.stop()
            trial.broker.start()
        time.sleep(8)
        trial.supervise()
    trial.teller.hush()
    return trial.caught_up()


FAULTS = {"02": pending, "03": scale, "04": kills, "06": broker}


def settle(trial: Trial, topics: list[str], within_s: float = 120) -> None:
    """Wait until no transaction is open: that of a worker that was killed stays so until it times
    out (a minute for some systems), and hides all that was committed behind it."""
    deadline_s = time.monotonic() + within_s
    ends: list[list[int]] = [[], [0]]
    while ends[0] != ends[1] and time.monotonic() < deadline_s:
        for number, level in enumerate(("read_committed", "read_uncommitted")):
            with consumer(trial.broker.bootstrap, **{"isolation.level": level}) as asked:
                places = [TopicPartition(t, p) for t in topics for p in range(_PARTITIONS)]
                found = (asked.get_watermark_offsets(p, timeout=20, cached=False) for p in places)
                ends[number] = [end for _, end in found]
        time.sleep(1)


def judge(trial: Trial) -> dict[str, Any]:
    """O2 over state, and every tenth record's output: missing, unknown, said twice."""
    settle(trial, [trial.system.changelog(trial.group, trial.source), trial.alerts])
    log = read_topic(trial.broker.bootstrap, trial.source)
    want, said = expected(log)
    changelog = trial.system.changelog(trial.group, trial.source)
    held = trial.system.held(read_topic(trial.broker.bootstrap, changelog))
    counts: Counter[str] = Counter()
    for key, (n, chain) in want.items():
        have, other = held.get(key, (0, 0))
        counts["lost"] += max(0, n - have)
        counts["doubled"] += max(0, have - n)
        counts["keys_wrong"] += (n, chain) != (have, other)
    heard: Counter[tuple[bytes, Chain]] = Counter()
    for message in read_topic(trial.broker.bootstrap, trial.alerts):
        text = message.value().decode()
        n, chain = json.loads(text).values() if text.startswith("{") else text.split()
        heard[message.key(), (int(n), int(chain))] += 1
    counts["outputs_missing"] = len(said - heard.keys())
    counts["outputs_unknown"] = sum(heard[one] for one in heard.keys() - said)
    counts["outputs_twice"] = sum(heard[one] - 1 for one in heard.keys() & said)
    return {"records": len(log), "keys": len(want), "outputs": len(said), **counts}


def expected(log: list) -> tuple[dict[bytes, Chain], set[tuple[bytes, Chain]]]:
    """(n, chain) per key, and every tenth of a key, from the log alone."""
    chains: dict[bytes, Chain] = {}
    said: set[tuple[bytes, Chain]] = set()
    for message in log:
        n, chain = chains.get(message.key(), (0, 0))
        held = (n + 1, (chain * _PRIME + message.offset() + 1) & _MASK)
        chains[message.key()] = held
        if held[0] % 10 == 0:
            said.add((message.key(), held))
    return chains, said


def trial(system: System, fault: str, size: int, seed: int) -> dict[str, Any]:
    """One system through one fault; a row of the table."""
    with tempfile.TemporaryDirectory(prefix="throughline-peers-") as folder, FaultyKafka() as kafka:
        under_test = Trial(kafka, system, Path(folder), seed)
        try:
            done = FAULTS[fault](under_test, size)
            for number in list(under_test.workers):
                under_test.end(number)
            found = judge(under_test)
        finally:
            under_test.close()
    row = {"system": system.name, "fault": fault, "size": size, "seed": seed}
    return {**row, "caught_up": done, "starts": under_test.starts, **found}


def main() -> None:
    """Run what the command line names; every system and fault if it names none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", default="", help="part of a name")
    parser.add_argument("--fault", default="", choices=["", *FAULTS])
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    # Whoever ends us ends what we started: unwound, not torn down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sizes = {"02": 6, "03": 2, "04": 4, "06": 3}
    for system in SYSTEMS:
        if chosen.system.lower() not in system.name.lower():
            continue
        for fault in [chosen.fault] if chosen.fault else FAULTS:
            size = chosen.size or sizes[fault]
            print(json.dumps(trial(system, fault, size, chosen.seed)), flush=True)


if __name__ == "__main__":
    main()
