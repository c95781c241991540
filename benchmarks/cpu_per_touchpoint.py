"""What does a touchpoint cost? CPU of a replay, and of one worker on a real Kafka.

    .venv/bin/python -m benchmarks.cpu_per_touchpoint [CUSTOMERS] [DAYS]

The same simulated file goes through ``throughline replay`` and, published beforehand, through one
worker in each delivery. A worker's figure is its whole process (``wait4``) less that of one which
found nothing to do. CPU is given and not only time, because broker and worker share the machine.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from streams.kafka.broker.real import RealKafka

COMMAND = [sys.executable, "-m", "streams.cli"]
DELIVERIES = ("exactly_once", "effectively_once")
PARTITIONS = 8


def throughline(environment: dict[str, str], *arguments: object) -> bytes:
    """One command's stdout."""
    asked = [*COMMAND, *map(str, arguments)]
    return subprocess.run(asked, env=environment, stdout=subprocess.PIPE, check=True).stdout


def lag(environment: dict[str, str]) -> str:
    """What the doctor says of the lag."""
    run = subprocess.run(
        [*COMMAND, "doctor", "--json"], env=environment, stdout=subprocess.PIPE, check=False
    )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    return next((one["text"] for one in found if one["about"] == "lag"), "")


def worker_cpu_s(environment: dict[str, str], records: int) -> tuple[float, int]:
    """CPU seconds and peak resident MB of a worker that works everything off."""
    worker = subprocess.Popen([*COMMAND, "worker"], env=environment, stderr=subprocess.DEVNULL)
    try:
        time.sleep(6)
        while records and not lag(environment).startswith("lag 0 "):
            time.sleep(1)
        worker.send_signal(signal.SIGTERM)
        _, _, used = os.wait4(worker.pid, 0)
    except BaseException:
        worker.kill()
        raise
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def main(customers: int, days: int) -> None:
    """Print one JSON object per figure."""
    clean = {name: value for name, value in os.environ.items() if "THROUGHLINE_" not in name}
    clean["THROUGHLINE_PARTITIONS"] = str(PARTITIONS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "touchpoints.jsonl"
        file.write_bytes(throughline(clean, "simulate", "--customers", customers, "--days", days))
        told = json.loads(throughline(clean, "replay", file, "--json", "--alerts", "/dev/null"))
        records = told["touchpoints"]
        names = ("touchpoints", "customers", "touchpoints_per_s", "cpu_us_per_touchpoint")
        print(json.dumps({"what": "replay", **{name: told[name] for name in names}}), flush=True)
        for delivery in DELIVERIES:
            with RealKafka() as kafka:
                environment = {**clean, "THROUGHLINE_BROKER": kafka.bootstrap,
                               "THROUGHLINE_DELIVERY": delivery}  # fmt: skip
                throughline(environment, "topics", "create")
                idle_s, _ = worker_cpu_s(environment, 0)
                throughline(environment, "publish", "--unchecked", file)
                busy_s, rss_mb = worker_cpu_s(environment, records)
                cost_us = (busy_s - idle_s) / records * 1e6
                said = {"what": f"worker, {delivery}", "touchpoints": records,
                        "cpu_us_per_touchpoint": round(cost_us, 1),
                        "idle_cpu_s": round(idle_s, 2), "peak_rss_mb": rss_mb}  # fmt: skip
                print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in (sys.argv[1:] or ["4000", "60"])))
