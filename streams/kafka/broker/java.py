"""The Java side of a real Kafka: the binary, and the two commands we give it."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from streams.kafka.broker.unavailable import BrokerUnavailable

_VERSION_MIN = 17  # what we test with; 3.9's brokers take 11
_COMMAND_TIMEOUT_S = 120
_COMMON = ["-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true"]
# Half a gigabyte is what one node needs to take a million touchpoints in; it then stands at about
# 350 MB resident. Warnings only: the log is read when something went wrong.
_SERVE = [
    "-Xmx512m",
    "-Xms256m",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
]
# A short life: not worth compiling for.
_FORMAT = ["-Xmx128m", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"]


def java_binary() -> str:
    """The ``java`` to run: ``JAVA_HOME``'s, else the PATH's.

    Raises:
        BrokerUnavailable: there is none, or it is too old for Kafka.
    """
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    found = shutil.which(java)
    if found is None:
        raise BrokerUnavailable(
            "Kafka did not start.",
            f"Java is not installed: there is no '{java}'.",
            "Install Java 17 or newer (Debian: apt install openjdk-17-jre-headless).",
        )
    told = subprocess.run(
        [found, "-version"],
        capture_output=True,
        text=True,
        timeout=_COMMAND_TIMEOUT_S,
        check=False,
    ).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None or int(version[1]) < _VERSION_MIN:
        raise BrokerUnavailable(
            "Kafka did not start.",
            f"It needs Java {_VERSION_MIN} or newer; {found} says: {told.strip()[:200]}",
            "Install a newer Java, or set JAVA_HOME to one.",
        )
    return found


def format_command(java: str, jars: Path, properties: Path, cluster_id: str) -> list[str]:
    """Prepare an empty data folder for a KRaft node."""
    tool = ["kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(properties)]
    return [java, *_COMMON, *_FORMAT, "-cp", f"{jars}/*", *tool]


def serve_command(java: str, jars: Path, properties: Path) -> list[str]:
    """Run the node until it is told to end."""
    return [java, *_COMMON, *_SERVE, "-cp", f"{jars}/*", "kafka.Kafka", str(properties)]


def run_to_end(command: Sequence[str], log: Path) -> None:
    """Run one of the short commands, its output going to ``log``.

    Raises:
        BrokerUnavailable: it failed or did not finish.
    """
    with log.open("ab") as sink:
        try:
            code = subprocess.run(
                command,
                stdout=sink,
                stderr=subprocess.STDOUT,
                timeout=_COMMAND_TIMEOUT_S,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            why = f"It did not finish within {_COMMAND_TIMEOUT_S} s."
        else:
            why = f"Its exit code was {code}." if code else ""
    if why:
        raise BrokerUnavailable("Kafka's data folder could not be prepared.", why, f"See {log}.")
