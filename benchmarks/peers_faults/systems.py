"""The systems of the comparison: how a worker of each is started and how its state is read."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PEERS = HERE.parents[1] / ".peers"

Chain = tuple[int, int]


class System(NamedTuple):
    """One system under test.

    Args:
        name: as in the table.
        command: given broker, group, source and alerts topic, what to run.
        changelog: given group and source, the topic that holds its state.
        entry: (key, chain) out of a changelog record; None if it is something else.
    """

    name: str
    command: Callable[[str, str, str, str], list[str]]
    changelog: Callable[[str, str], str]
    entry: Callable[[bytes, bytes], tuple[bytes, Chain] | None]


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


def _pair(key: bytes, held: list) -> tuple[bytes, Chain]:
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
        lambda key, value: _pair(key, json.loads(value)),
    ),
    System(
        "Quix Streams 3.28.1, at-least-once",
        _quix("at-least-once"),
        lambda group, source: f"changelog__{group}--{source}--default",
        _quix_entry,
    ),
    System(
        "Quix Streams 3.28.1, exactly-once",
        _quix("exactly-once"),
        lambda group, source: f"changelog__{group}--{source}--default",
        _quix_entry,
    ),
    System(
        "Kafka Streams 4.3.1, at_least_once",
        _kstreams("at_least_once"),
        lambda group, source: f"{group}-chains-changelog",
        lambda key, value: _pair(key, value.decode().split()),
    ),
    System(
        "Kafka Streams 4.3.1, exactly_once_v2",
        _kstreams("exactly_once_v2"),
        lambda group, source: f"{group}-chains-changelog",
        lambda key, value: _pair(key, value.decode().split()),
    ),
)


def environment() -> dict[str, str]:
    """What a worker of any system gets: ours without our settings."""
    return {k: v for k, v in os.environ.items() if not k.startswith("THROUGHLINE_")}
