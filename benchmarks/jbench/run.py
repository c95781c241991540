"""J-bench: ``python -m benchmarks.jbench.run`` (``make bench``; ``make bench-full``).

Interleaved rounds of every system on one real Kafka; medians, and the ratio to the others in the
same run. A row whose alerts are not the oracle's has no figures. Rows go to
``build/jbench/rows.jsonl``, the tables to stdout and beside them.
"""

import argparse
import json
from pathlib import Path

from benchmarks.jbench import bench, cast, report, same_job, whole
from benchmarks.jbench.trial import Input
from benchmarks.peers.systems import SYSTEMS, WHOLE, System

PARTS = ("same", "whole", "latency", "recovery", "lasting", "workers", "pause")
_WATCHED = (
    "throughline exactly_once",
    "throughline effectively_once",
    "kafka streams rocksdb cache eos",
    "kafka streams rocksdb cache",
)
_LOST = ("throughline effectively_once", "kafka streams rocksdb cache")


def main() -> None:
    """Run and print."""
    given = _arguments()
    rows = given.out / "rows.jsonl"
    if not given.add:
        rows.unlink(missing_ok=True)
    before = [json.loads(line) for line in rows.read_text().splitlines()] if rows.exists() else []
    settings = {name: str(value) for name, value in vars(given).items() if name != "out"}
    with bench.on_kafka(given.out, settings) as on:
        on.rows[:0] = before
        _run(on, given)
    said = report.whole_report(on.rows)
    (given.out / "table.md").write_text(said)
    print(said)


def _run(on: bench.Bench, given: argparse.Namespace) -> None:
    parts = given.parts or PARTS
    told = None
    inputs: list[tuple[System, Input]] = []
    if "same" in parts or "workers" in parts:
        told, brief = same_job.drawn(given.warm_up, given.touchpoints, given.customers, given.seed)
        if "same" in parts:
            inputs += [
                (one, brief if one.brief and not given.full else told)
                for one in chosen(SYSTEMS, given)
            ]
    if "whole" in parts and (wholes := chosen(WHOLE, given)):
        simulated = whole.told(given.company, given.days, given.seed)
        inputs += [(one, simulated) for one in wholes]
    if told is not None:
        bench.warmed(on, SYSTEMS[0], told)
    bench.drains(on, inputs, given.rounds)
    if told is not None and "workers" in parts:
        bench.two_workers(on, _named(_WATCHED[:1], given), told, min(2, given.rounds))
    if "pause" in parts:
        bench.pauses(on, given.crowd, ("worker", "python") if given.full else ("worker",))
    if "latency" in parts:
        rates = given.rates.split(",")
        bench.latency(on, _named(_WATCHED, given), rates, given.seconds, given.floor)
    jobs = [(one, cast.SAME, given.lost) for one in _named(_LOST, given) if "recovery" in parts]
    some = given.lost if given.full else given.lost // 4
    jobs += [(one, cast.WHOLE, some) for one in chosen(WHOLE[1:], given) if "lasting" in parts]
    bench.recoveries(on, jobs, given.contacts)


def chosen(systems: tuple[System, ...], given: argparse.Namespace) -> list[System]:
    """The systems asked for."""
    if given.only:
        return [one for one in systems if any(part in one.name for part in given.only.split(","))]
    return [one for one in systems if given.full or not one.only]


def _named(names: tuple[str, ...], given: argparse.Namespace) -> list[System]:
    return [one for one in chosen(SYSTEMS, given) if one.name in names]


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__)
    add = asked.add_argument
    add("parts", nargs="*", help=f"of {', '.join(PARTS)}; all if none is named")
    add("--touchpoints", type=int, default=100_000, help="measured")
    add("--warm-up", type=int, default=200_000, help="touchpoints before those measured")
    add("--customers", type=int, default=100_000)
    add("--company", type=int, default=8_000, help="customers of the whole product")
    add("--days", type=int, default=14, help="of their lives; as many as the same job's")
    add("--rounds", type=int, default=3)
    add("--rates", default="10000", help="of latency: a second, or 50%% of the own drain rate")
    add("--seconds", type=float, default=15, help="of latency at each rate, after eight to warm up")
    add("--floor", action="store_true", help="latency with no processing, too")
    add("--lost", type=int, default=200_000, help="customers a worker must restore")
    add("--contacts", type=int, default=2, help="of each of them")
    add("--crowd", type=int, default=1_000_000, help="customers among whom pauses are timed")
    add("--seed", type=int, default=7)
    add("--full", action="store_true", help="also the systems left out otherwise")
    add("--only", default="", help="systems whose name has one of these, by comma")
    add("--add", action="store_true", help="add to the rows of before, and report on all of them")
    add("--out", type=Path, default=Path("build/jbench"))
    given = asked.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        asked.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return given


if __name__ == "__main__":
    main()
