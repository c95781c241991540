"""The commands on a real Kafka, as a person would type them one after the other."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.conftest import Broker

PATIENCE_S = 120


class Typing:
    """Somebody at a terminal, with a deployment of their own.

    Args:
        environment: what they have exported.
        folder: where they stand.
    """

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.workers: list[subprocess.Popen[bytes]] = []

    def __call__(self, *arguments: object, expect: int = 0) -> bytes:
        """``throughline`` with these arguments: its stdout."""
        run = subprocess.run(
            [sys.executable, "-m", "streams.cli", *map(str, arguments)],
            capture_output=True,
            env=self.environment,
            cwd=self.folder,
            check=False,
        )
        assert run.returncode == expect, (arguments, run.returncode, run.stderr.decode()[-2000:])
        return run.stdout

    def lines(self, *arguments: object, expect: int = 0) -> list[dict]:
        """The same, its lines as JSON."""
        return [json.loads(line) for line in self(*arguments, expect=expect).splitlines()]

    def start_worker(self) -> None:
        """``throughline worker &``."""
        command = [sys.executable, "-m", "streams.cli", "worker"]
        log = (self.folder / f"worker-{len(self.workers)}.log").open("wb")
        self.workers.append(
            subprocess.Popen(command, env=self.environment, cwd=self.folder, stderr=log)
        )

    def stop_workers(self) -> list[int]:
        """``kill %1 %2``; their exit codes."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        codes = [worker.wait(PATIENCE_S) for worker in self.workers]
        self.workers = []
        return codes

    def wait_for_workers(self) -> None:
        """Until the doctor sees no lag."""
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            found = {line["about"]: line for line in self.lines("doctor", "--json")}
            if found["lag"]["text"].startswith("lag 0 "):
                return
            time.sleep(1)
        logs = {log.name: log.read_text()[-1500:] for log in self.folder.glob("worker-*.log")}
        raise AssertionError((found["lag"], logs))


@pytest.fixture(params=["exactly_once", "effectively_once"])
def throughline(
    request: pytest.FixtureRequest,
    kafka: Broker,
    unique: Callable[[str], str],
    tmp_path: Path,
) -> Iterator[Typing]:
    """A deployment with names of its own on the session's Kafka, in each delivery."""
    name = unique("cli")
    foreign = {k: v for k, v in os.environ.items() if not k.startswith("THROUGHLINE_")}
    typing = Typing(
        {
            **foreign,
            "THROUGHLINE_BROKER": kafka.bootstrap,
            "THROUGHLINE_APP_ID": name,
            "THROUGHLINE_PREFIX": name,
            "THROUGHLINE_PARTITIONS": "4",
            "THROUGHLINE_DELIVERY": request.param,
            "THROUGHLINE_IDLE_AFTER_S": "2",
        },
        tmp_path,
    )
    yield typing
    for worker in typing.workers:
        worker.kill()
        worker.wait()


def test_from_an_empty_cluster_to_alerts_and_back(throughline: Typing, tmp_path: Path) -> None:
    """Topics made, a file published, two workers: the alerts and dead letters are, byte for byte,
    those of a replay of the file and of the topic; none missing, none twice."""
    topics = throughline.lines("doctor", "--json", expect=1)
    assert {line["about"] for line in topics if line["state"] == "wrong"} == {"topics"}
    throughline("topics", "check", expect=3)
    throughline("publish", "-", expect=3)
    throughline("topics", "create")
    throughline("topics", "check")

    simulated = throughline(
        "simulate", "--customers", 200, "--days", 30, "--spoiled", 120, "--truth", "truth"
    )
    (tmp_path / "t").write_bytes(simulated)
    sent = throughline.lines("publish", "t", "--unchecked", "--json")
    assert sent == [{"sent": len(simulated.splitlines()), "refused": 0}]

    throughline.start_worker()
    throughline.start_worker()
    throughline.wait_for_workers()
    time.sleep(4)  # idle: the timers left follow the wall clock

    tail = ("alerts", "tail", "--from-start", "--no-follow", "--json")
    live = sorted(map(json.dumps, throughline.lines(*tail)))
    throughline("replay", "--topic", "--alerts", "of-topic", "--dead-letters", "dead")
    throughline("replay", "t", "--until", "now", "--alerts", "of-file")
    assert len(live) > 100 and len(set(live)) == len(live)
    for file in ("of-topic", "of-file"):
        replayed = (json.loads(line) for line in (tmp_path / file).read_bytes().splitlines())
        assert sorted(map(json.dumps, replayed)) == live

    live_letters = throughline.lines("dlq", "show", "--each", "--json")
    replayed_letters = throughline.lines("dlq", "show", "--each", "--json", "--file", "dead")
    assert len(live_letters) == 120
    assert sorted(map(str, live_letters)) == sorted(map(str, replayed_letters))

    again = ("--code", "unknown_type", "--json")
    (sent_again,) = throughline.lines("dlq", "replay", *again)
    throughline.wait_for_workers()
    causes = throughline.lines("dlq", "show", *again)
    assert sum(cause["count"] for cause in causes) == 2 * sent_again["sent"] > 0

    truth = json.loads((tmp_path / "truth").read_text().splitlines()[0])
    (journey,) = throughline.lines("journey", "show", truth["customer_id"], "--json")
    assert journey["arithmetic"]["jei"] == pytest.approx(journey["jei"]["value"], abs=0.1)
    assert throughline.stop_workers() == [0, 0]


def test_what_is_wrong_is_not_published(throughline: Typing, tmp_path: Path) -> None:
    """Checked on the way: good lines are sent, each bad one is named, and the exit code is 1."""
    throughline("topics", "create")
    (tmp_path / "t").write_bytes(throughline("simulate", "--customers", 20, "--days", 2) + b"{}\n")
    good = len((tmp_path / "t").read_bytes().splitlines()) - 1
    assert throughline.lines("publish", "t", "--json", expect=1) == [{"sent": good, "refused": 1}]
    (told,) = throughline.lines("replay", "--topic", "--json")
    assert (told["touchpoints"], told["accepted"] + told["duplicates"]) == (good, good)


def test_doctor_sees_keys_in_the_wrong_partition(throughline: Typing, tmp_path: Path) -> None:
    """A producer with librdkafka's own partitioner tears journeys apart: said, with the fix."""
    from confluent_kafka import Producer

    throughline("topics", "create")
    producer = Producer({"bootstrap.servers": throughline.environment["THROUGHLINE_BROKER"]})
    topic = f"{throughline.environment['THROUGHLINE_PREFIX']}.touchpoints.v1"
    for line in throughline("simulate", "--customers", 50, "--days", 2).splitlines():
        producer.produce(topic, line, json.loads(line)["customer_id"])
    producer.flush()
    found = {line["about"]: line for line in throughline.lines("doctor", "--json", expect=1)}
    assert found["keys"]["state"] == "wrong"
    assert "murmur2_random" in found["keys"]["mend"]


def test_doctor_sees_topics_that_change_the_time_of_records(throughline: Typing) -> None:
    """With Kafka's own settings nothing is said; with the broker's clock in them, which and how."""
    from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

    throughline("topics", "create")
    assert "timestamps" not in {x["about"] for x in throughline.lines("doctor", "--json")}
    topic = f"{throughline.environment['THROUGHLINE_PREFIX']}.alerts.effort.v1"
    admin = AdminClient({"bootstrap.servers": throughline.environment["THROUGHLINE_BROKER"]})
    stamped = ConfigEntry(
        "message.timestamp.type", "LogAppendTime", incremental_operation=AlterConfigOpType.SET
    )
    wanted = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[stamped])
    admin.incremental_alter_configs([wanted])[wanted].result(20)
    found = {line["about"]: line for line in throughline.lines("doctor", "--json")}
    assert found["timestamps"]["state"] == "odd" and topic in found["timestamps"]["text"]
    assert "message.timestamp.type=CreateTime" in found["timestamps"]["mend"]


def test_doctor_sees_a_team_s_topic_that_is_not_there(throughline: Typing) -> None:
    """A topic we are to read but never make: named with what to ask its owner, until it is there."""
    from confluent_kafka.admin import AdminClient, NewTopic

    topic = f"{throughline.environment['THROUGHLINE_PREFIX']}.billing"
    throughline("topics", "create")
    throughline.environment["THROUGHLINE_SOURCES"] = topic
    found = {line["about"]: line for line in throughline.lines("doctor", "--json", expect=1)}
    assert found["sources"]["state"] == "wrong" and topic in found["sources"]["text"]
    assert "owner" in found["sources"]["mend"]

    admin = AdminClient({"bootstrap.servers": throughline.environment["THROUGHLINE_BROKER"]})
    admin.create_topics([NewTopic(topic, 3, 1)])[topic].result(20)
    missing = throughline.lines("doctor", "--json", expect=1)
    assert {line["about"] for line in missing if line["state"] == "wrong"} == {"topics"}
    throughline("topics", "create")
    found = {line["about"]: line for line in throughline.lines("doctor", "--json")}
    assert found["sources"]["state"] == "well"
