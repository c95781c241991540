"""J-bench: ``python -m benchmarks.jbench.run`` (``make bench``; ``make bench-full``).

Interleaved rounds of every system on one real Kafka; medians, and the ratio to Kafka Streams and
the others in the same run. A row whose alerts are not the oracle's has no figures. Rows go to
``build/jbench/rows.jsonl``, the table to stdout.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.jbench import oracle, workload
from benchmarks.jbench.trial import Input, Trial
from benchmarks.peers.systems import PAD_BYTES, SYSTEMS, System
from streams.kafka.broker.real import RealKafka

_OURS = "throughline exactly_once"
_RATIOS = (
    ("same job ÷ Kafka Streams (RocksDB, cache, exactly once)", _OURS,
     "kafka streams rocksdb cache eos", 0.6),
    ("same job ÷ Kafka Streams (RocksDB, cache, at least once)", "throughline effectively_once",
     "kafka streams rocksdb cache", 0.6),
    ("same job ÷ naive Faust", _OURS, "faust", 0.06),
    ("same job ÷ Quix Streams", _OURS, "quix streams", 0.35),
    ("same job ÷ Bytewax with recovery", _OURS, "bytewax", 0.35),
    ("same job ÷ plain aiokafka loop", _OURS, "aiokafka loop", 1.35),
    ("exactly_once ÷ effectively_once", _OURS, "throughline effectively_once", 1.3),
)  # fmt: skip


def drawn_input(warm_up: int, count: int, customers: int, seed: int) -> Input:
    """Draw once; every system and round reads the same bytes."""
    total = warm_up + count
    first = list(workload.records(warm_up, customers, seed, 0, total))
    second = list(workload.records(count, customers, seed, warm_up, total))
    answer = oracle.answer(one.value for one in [*first, *second])
    if answer.closest < 1e-6:
        sys.exit(f"seed {seed} puts a score too near a threshold; take another")
    return Input(first, second, answer)


def rounds(told: Input, systems: list[System], count: int, sink: Path) -> list[dict[str, Any]]:
    """Every system once a round, in an order that turns."""
    rows: list[dict[str, Any]] = []
    number = int(time.time()) % 100_000 * 100
    with RealKafka({"log.cleaner.enable": "false"}) as kafka, sink.open("a") as out:
        cores = os.cpu_count() or 1
        if cores > 1:
            os.sched_setaffinity(kafka.pid or 0, range(cores - 1))
            os.sched_setaffinity(0, range(cores - 1))
        for round_number in range(count):
            turn = round_number % len(systems)
            for system in systems[turn:] + systems[:turn]:
                number += 1
                trial = Trial(system, kafka.bootstrap, kafka.pid or 0, number, cores > 1)
                row = {"round": round_number} | trial.run(told)
                rows.append(row)
                out.write(json.dumps(row) + "\n")
                out.flush()
                said = row.get("failed") or f"{row['cpu_us']} µs, {row['drained_per_s']}/s"
                print(f"round {round_number}: {system.name}: {said}", file=sys.stderr, flush=True)
    return rows


def medians(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Per system the median of each figure over the rounds that have one."""
    of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if "failed" not in row:
            of[row["system"]].append(row)
    names = ("cpu_us", "user_us", "system_us", "broker_us", "drained_per_s", "peak_rss_mb")
    return {
        system: {name: statistics.median(row[name] for row in found) for name in names}
        | {"rounds": len(found), "least_us": min(row["cpu_us"] for row in found)}
        for system, found in of.items()
    }


def table(found: dict[str, dict[str, float]], rows: list[dict[str, Any]]) -> str:
    """Markdown: a row a system, then the ratios."""
    lines = [
        "| system | CPU µs (median) | least | user | system | broker µs | drained/s | RSS MB | n |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for system, one in sorted(found.items(), key=lambda pair: pair[1]["cpu_us"]):
        lines.append(
            f"| {system} | {one['cpu_us']:.1f} | {one['least_us']:.1f} | {one['user_us']:.1f} | "
            f"{one['system_us']:.1f} | {one['broker_us']:.1f} | {one['drained_per_s']:,.0f} | "
            f"{one['peak_rss_mb']:.0f} | {one['rounds']} |"
        )
    lines += ["", "| ratio of CPU | found | must |", "|---|---:|---:|"]
    for name, ours, theirs, must in _RATIOS:
        if ours in found and theirs in found:
            ratio = found[ours]["cpu_us"] / found[theirs]["cpu_us"]
            lines.append(f"| {name} | {ratio:.2f} | ≤ {must} |")
    failed = sorted({f"{row['system']}: {row['failed']}" for row in rows if "failed" in row})
    return "\n".join([*lines, "", *(f"No result: {one}" for one in failed)])


def main() -> None:
    """Run and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--touchpoints", type=int, default=300_000)
    asked.add_argument("--warm-up", type=int, default=100_000)
    asked.add_argument("--customers", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--full", action="store_true", help="also the systems left out otherwise")
    asked.add_argument("--only", default="", help="systems whose name has one of these, by comma")
    asked.add_argument("--out", type=Path, default=Path("build/jbench"))
    given = asked.parse_args()
    told = drawn_input(given.warm_up, given.touchpoints, given.customers, given.seed)
    systems = [s for s in SYSTEMS if given.full or not s.slow]
    if given.only:
        systems = [s for s in systems if any(part in s.name for part in given.only.split(","))]
    given.out.mkdir(parents=True, exist_ok=True)
    sink = given.out / "rows.jsonl"
    sink.unlink(missing_ok=True)
    rows = rounds(told, systems, given.rounds, sink)
    print(
        f"Python {platform.python_version()} ({platform.python_compiler()}), {os.cpu_count()} "
        f"cores, {given.touchpoints:,} touchpoints after {given.warm_up:,}, "
        f"{given.customers:,} customers, {PAD_BYTES} bytes of padding, seed {given.seed}"
    )
    print(table(medians(rows), rows))


if __name__ == "__main__":
    main()
