"""The whole product: the simulator's traffic, and what a replay of it says."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.jbench.listener import Listener
from benchmarks.jbench.stage import PARTITIONS
from benchmarks.jbench.trial import Input
from benchmarks.jbench.workload import Drawn
from streams.wire import jsonl

_COMMAND = [sys.executable, "-m", "streams.cli"]


def told(customers: int, days: int, seed: int, warm_share: float = 0.25) -> Input:
    """Simulate once and replay: what workers say must be what the replay says.

    Alerts about cohorts are left out: they come from a second stage, when all partitions are.
    """
    with tempfile.TemporaryDirectory() as name:
        file, part = Path(name) / "touchpoints.jsonl", Path(name) / "first.jsonl"
        asked = ["--customers", customers, "--days", days, "--seed", seed]
        file.write_bytes(_asked("simulate", *asked))
        lines = file.read_bytes().splitlines(keepends=True)
        warm = int(len(lines) * warm_share)
        part.write_bytes(b"".join(lines[:warm]))
        with ThreadPoolExecutor() as side_by_side:
            first, answer = side_by_side.map(_replayed, (part, file))
        with file.open("rb") as opened:
            records = [
                Drawn(one.key or b"", one.value or b"", one.timestamp_ms or 0)
                for one in jsonl.read_all(opened)
            ]
    judge = partial(judged, answer=answer)
    alerts = answer.total()
    return Input(records[:warm], records[warm:], first.total(), alerts, 0, judge)


def _asked(*arguments: object) -> bytes:
    asked = [*_COMMAND, *map(str, arguments)]
    return subprocess.run(
        asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    ).stdout


def _replayed(file: Path) -> Counter[tuple]:
    alerts = file.with_suffix(".alerts")
    _asked("replay", file, "--alerts", alerts, "--partitions", PARTITIONS, "--json")
    found = [json.loads(line) for line in alerts.read_bytes().splitlines()]
    return Counter(_key(alert) for alert in found if alert["family"] != "systemic")


def _key(alert: dict) -> tuple:
    return alert["alert_id"], alert["revision"], alert["action"], alert["occurred_at"]


def judged(listener: Listener, answer: Counter[tuple]) -> str:
    """What the worker said otherwise than the replay."""
    found = Counter(_key(alert) for alert in listener.alerts)
    missing, unknown = (answer - found).total(), (found - answer).total()
    return f"{missing} alerts missing, {unknown} unknown" if missing or unknown else ""
