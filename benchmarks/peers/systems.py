"""How each system of J-bench is started."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PEERS = HERE.parents[1] / ".peers"
PAD_BYTES = 200


class Place(NamedTuple):
    """Where one run reads and writes; the names follow Throughline's, which others do not mind."""

    broker: str
    group: str

    @property
    def source(self) -> str:
        """The input topic."""
        return f"{self.group}.touchpoints.v1"

    @property
    def alerts(self) -> str:
        """The topic of alerts."""
        return f"{self.group}.alerts.effort.v1"

    @property
    def dlq(self) -> str:
        """The topic of what nobody can read."""
        return f"{self.group}.touchpoints.v1.dlq"

    def arguments(self) -> list[str]:
        """What every system is started with."""
        names = [self.broker, self.group, self.source, self.alerts, self.dlq]
        return [*names, str(PAD_BYTES)]


class System(NamedTuple):
    """One system under test.

    Args:
        name: in tables; short, with the settings that matter.
        command: what to run, given the place.
        durability: what of it survives a crash.
        alerts: the topics it says alerts on; one that begins with ``^`` is a pattern.
        only: left out unless asked for.
        brief: reads only the beginning of the input in a short bench, because all of it would
            take minutes a round.
    """

    name: str
    command: Callable[[Place], list[str]]
    durability: str = "changelog, at least once"
    alerts: str = ""
    only: bool = False
    brief: bool = False


def _module(name: str, *more: str) -> Callable[[Place], list[str]]:
    module = f"benchmarks.peers.{name}"
    return lambda place: [sys.executable, "-m", module, *place.arguments(), *more]


def _peer(environment: str, file: str) -> Callable[[Place], list[str]]:
    python = str(PEERS / environment / "bin/python")
    return lambda place: [python, str(HERE / file), *place.arguments()]


def _whole(delivery: str) -> Callable[[Place], list[str]]:
    def command(place: Place) -> list[str]:
        settings = {
            "BROKER": place.broker, "APP_ID": place.group, "PREFIX": place.group,
            "PARTITIONS": "8", "DELIVERY": delivery, "SESSION_TIMEOUT_S": "30",
            "IDLE_AFTER_S": "86400",
        }  # fmt: skip
        named = [f"THROUGHLINE_{name}={value}" for name, value in settings.items()]
        return ["env", *named, sys.executable, "-m", "streams.cli", "worker"]

    return command


def _kstreams(guarantee: str, store: str, cache: str) -> Callable[[Place], list[str]]:
    home = PEERS / "jbench-kstreams"
    java = ["java", "-XX:+UseSerialGC", "-Xms1g", "-Xmx1g"]
    java += ["-Dorg.slf4j.simpleLogger.defaultLogLevel=error"]
    java += ["-cp", f"{home / 'classes'}:{home / 'jars'}/*", "JBench"]
    return lambda place: [*java, *place.arguments(), guarantee, store, cache]


SYSTEMS = (
    System("throughline exactly_once", _module("throughline_app", "exactly_once"),
           "changelog, exactly once"),
    System("throughline effectively_once", _module("throughline_app", "effectively_once"),
           "changelog, once for journeys"),
    System("aiokafka loop", _module("aiokafka_app")),
    System("kafka streams rocksdb cache", _kstreams("at_least_once", "rocksdb", "cache")),
    System("kafka streams rocksdb cache eos", _kstreams("exactly_once_v2", "rocksdb", "cache"),
           "changelog, exactly once"),
    System("kafka streams memory cache", _kstreams("at_least_once", "memory", "cache"), only=True),
    System("kafka streams rocksdb", _kstreams("at_least_once", "rocksdb", "none"), only=True),
    System("kafka streams memory", _kstreams("at_least_once", "memory", "none"), only=True),
    System("quix streams", _peer("jbench-quix", "quix_app.py"), brief=True),
    System("bytewax", _peer("jbench-bytewax", "bytewax_app.py"), "SQLite on the local disk",
           brief=True),
    System("faust", _peer("jbench-faust", "faust_app.py"), brief=True),
)  # fmt: skip
"""The same job: the rules of J-bench."""

_FAMILIES = r"^{group}\.alerts\.(effort|friction|disconnect|moment|relationship)\.v1$"
WHOLE = (
    System("whole product exactly_once", _whole("exactly_once"), "changelog, exactly once",
           _FAMILIES),
    System("whole product effectively_once", _whole("effectively_once"),
           "changelog, once for journeys", _FAMILIES),
)  # fmt: skip
"""The full catalogue, on the simulator's traffic."""


def environment() -> dict[str, str]:
    """What a worker of any system gets: ours without our settings."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith("THROUGHLINE_")}
    return {**keep, "PYTHONPATH": str(HERE.parents[1])}
