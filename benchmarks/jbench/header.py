"""What a figure is worth nothing without: interpreter, versions, settings, machine."""

import os
import platform
import subprocess
import sysconfig
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers.systems import HERE, PAD_BYTES, PEERS

_OURS = ("faust-streaming", "aiokafka", "msgspec", "pydantic", "uvloop", "confluent-kafka")


def header(asked: dict[str, Any], kafka_settings: dict[str, str]) -> dict[str, Any]:
    """One row that says under what all other rows were found."""
    return {
        "what": "header",
        "commit": _said("git", "rev-parse", "--short", "HEAD"),
        "python": platform.python_version(),
        "python_build": _python_build(),
        "java": _said("java", "-version").partition("\n")[0],
        "machine": f"{os.cpu_count()} × {_cpu()}",
        "load_average": os.getloadavg(),
        "ours": {name: version(name) for name in _OURS},
        "peers": {
            name: (HERE / f"{name}.txt").read_text().split()
            for name in ("faust", "quix", "bytewax")
        },
        "jars": sorted(jar.name for jar in (PEERS / "jbench-kstreams/jars").glob("*.jar")),
        "pad_bytes": PAD_BYTES,
        "kafka_settings": kafka_settings,
        "asked": asked,
    }


def _said(*command: str) -> str:
    try:
        ran = subprocess.run(
            command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False,
        )  # fmt: skip
    except OSError:
        return "unknown"
    return ran.stdout.strip()


def _python_build() -> str:
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    profiled = "with" if "--enable-optimizations" in options else "without"
    return f"{platform.python_compiler()}, {profiled} profile-guided optimisation"


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "?")
