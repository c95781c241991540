"""The systems of the comparison: how a worker of each is started and how its state is read."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PEERS = HERE.parents[1] / ".peers"

Chain = tuple[int, int]
Entry = Callable[[bytes, bytes], tuple[bytes, Chain] | None]


class System(NamedTuple):
    """One system under test.

    Args:
        name: as in the table.
        command: given broker, group, source and alerts topic, what to run.
        changelog: given group and source, the topic that holds its state.
        held: the chain of each key, out of every record of the changelog in order.
        source, alerts: names of its topics.
    """

    name: str
    command: Callable[[str, str, str, str], list[str]]
    changelog: Callable[[str, str], str]
    held: Callable[[Iterable[Any]], dict[bytes, Chain]]
    source: str = "peer-source"
    alerts: str = "peer-alerts"


def _last(entry: Entry) -> Callable[[Iterable[Any]], dict[bytes, Chain]]:
    """The last record of a key counts; ``entry`` reads one, or says that it is something else."""

    def held(messages: Iterable[Any]) -> dict[bytes, Chain]:
        found: dict[bytes, Chain] = {}
        for message in messages:
            if message.key() is not None and message.value() is not None:
                one = entry(message.key(), message.value())
                if one is not None:
                    found[one[0]] = one[1]
        return found

    return held


def _throughline(delivery: str) -> Callable[[str, str, str, str], list[str]]:
    def command(broker: str, group: str, source: str, alerts: str) -> list[str]:
        module = "benchmarks.peers_faults.throughline_app"
        return [sys.executable, "-m", module, broker, group, source, alerts, delivery]

    return command


def _believed(messages: Iterable[Any]) -> dict[bytes, Chain]:
    """The last record of a key counts, unless it was written under an outlived lease: the rule by
    which Throughline's own workers read."""
    found: dict[bytes, Chain] = {}
    leases: dict[int, int] = {}
    for message in messages:
        lease = int.from_bytes(dict(message.headers() or ()).get("l", b""), "big")
        if lease < leases.get(message.partition(), 0):
            continue
        leases[message.partition()] = lease
        key, value = message.key(), message.value()
        if value is not None and not key.startswith(b"\x00"):
            found[key] = _pair(key, value.split())[1]
    return found


def _faust(broker: str, group: str, source: str, alerts: str) -> list[str]:
    return [
        str(PEERS / "faust/bin/python"),
        str(HERE / "faust_app.py"),
        broker,
        group,
        source,
        alerts,
    ]


def _quix(guarantee: str) -> Callable[[str, str, str, str], list[str]]:
    def command(broker: str, group: str, source: str, alerts: str) -> list[str]:
        python = str(PEERS / "quix/bin/python")
        return [python, str(HERE / "quix_app.py"), broker, group, source, alerts, guarantee]

    return command


def _kstreams(guarantee: str) -> Callable[[str, str, str, str], list[str]]:
    def command(broker: str, group: str, source: str, alerts: str) -> list[str]:
        classes = f"{PEERS / 'kstreams/classes'}:{PEERS / 'kstreams/jars'}/*"
        java = ["java", "-XX:+UseSerialGC", "-Xmx256m", "-cp", classes, "Chained"]
        return [*java, broker, group, source, alerts, guarantee]

    return command


def _pair(key: bytes, held: Sequence[Any]) -> tuple[bytes, Chain]:
    return key, (int(held[0]), int(held[1]))


def _quix_entry(key: bytes, value: bytes) -> tuple[bytes, Chain] | None:
    """Quix puts ``message key | state key`` in front; both are JSON-free bytes."""
    prefix, bar, name = key.rpartition(b"|")
    return _pair(prefix, json.loads(value)) if bar and b"chain" in name else None


SYSTEMS = (
    System(
        "Faust 0.15.3",
        _faust,
        lambda group, source: f"{group}-chains-changelog",
        _last(lambda key, value: _pair(key, json.loads(value))),
    ),
    System(
        "Quix Streams 3.28.1, at-least-once",
        _quix("at-least-once"),
        lambda group, source: f"changelog__{group}--{source}--default",
        _last(_quix_entry),
    ),
    System(
        "Quix Streams 3.28.1, exactly-once",
        _quix("exactly-once"),
        lambda group, source: f"changelog__{group}--{source}--default",
        _last(_quix_entry),
    ),
    System(
        "Kafka Streams 4.3.1, at_least_once",
        _kstreams("at_least_once"),
        lambda group, source: f"{group}-chains-changelog",
        _last(lambda key, value: _pair(key, value.split())),
    ),
    System(
        "Kafka Streams 4.3.1, exactly_once_v2",
        _kstreams("exactly_once_v2"),
        lambda group, source: f"{group}-chains-changelog",
        _last(lambda key, value: _pair(key, value.split())),
    ),
    *(
        System(
            f"Throughline, {delivery}",
            _throughline(delivery),
            lambda group, source: f"{group}-journeys-changelog",
            _believed,
            "peer.touchpoints.v1",
            "peer.alerts.effort.v1",
        )
        for delivery in ("exactly_once", "effectively_once")
    ),
)


def environment() -> dict[str, str]:
    """What a worker of any system gets: ours without our settings."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith("THROUGHLINE_")}
    return {**keep, "PYTHONPATH": str(HERE.parents[1])}
