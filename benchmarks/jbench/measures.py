"""What is measured beside drains: latency, restoring and memory, a second worker."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Row = dict[str, Any]

_PAIRS = (
    ("throughline exactly_once", "kafka streams rocksdb cache eos", "exactly once"),
    ("throughline effectively_once", "kafka streams rocksdb cache", "at least once"),
)


class Judged(NamedTuple):
    """A value and its target; where ``good`` is above ``must``, more is better."""

    name: str
    value: float
    must: float
    good: float


class Measure(NamedTuple):
    """Raw rows to a table, and to what is held against a target."""

    table: Callable[[Sequence[Row]], list[str]]
    judged: Callable[[Sequence[Row]], list[Judged]]


def _of(rows: Sequence[Row], what: str) -> list[Row]:
    return [row for row in rows if row["what"] == what and "failed" not in row]


def latency_table(rows: Sequence[Row]) -> list[str]:
    """A row a system and rate."""
    lines = [
        "| alert latency | load | 1/s | p50, ms | p99 | p99.9 | max | probes | unheard |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for r in sorted(_of(rows, "latency"), key=lambda r: (r["rate_per_s"], r["system"])):
        waits = " | ".join(f"{r.get(n, 0):,.0f}" for n in ("p50_ms", "p99_ms", "p999_ms", "max_ms"))
        lines.append(
            f"| {r['system']} | {r['load']} | {r['rate_per_s']:,.0f} | {waits} | "
            f"{r['probes']} | {r['unheard']} |"
        )
    return lines if len(lines) > 2 else []


def latency_judged(rows: Sequence[Row]) -> list[Judged]:
    """At ten thousand a second, against Kafka Streams in the same delivery."""
    p99 = {r["system"]: r["p99_ms"] for r in _of(rows, "latency") if r["load"] == "10000"}
    return [
        Judged(f"alert p99 at 10 k/s ÷ Kafka Streams', {delivery}", p99[ours] / p99[theirs], 1, 0.5)
        for ours, theirs, delivery in _PAIRS
        if ours in p99 and theirs in p99
    ]


class Restored(NamedTuple):
    """Of one system: what a million customers take to restore, and kB of memory per customer."""

    per_million_s: float
    per_million_cpu_s: float
    live_kb: float
    cold_kb: float
    row: Row
    none: Row


def restored(rows: Sequence[Row]) -> dict[str, Restored]:
    """What customers add to starting with none."""
    found = {(r["system"], r["customers"]): r for r in _of(rows, "recovery")}
    some = {}
    for (system, customers), row in found.items():
        none = found.get((system, 0))
        if customers and none is not None:
            some[system] = Restored(
                (row["all_s"] - none["all_s"]) / customers * 1e6,
                (row["restoring_cpu_s"] - none["restoring_cpu_s"]) / customers * 1e6,
                (row["live_mb"] - row["empty_mb"]) * 1024 / customers,
                (row["cold_mb"] - none["cold_mb"]) * 1024 / customers,
                row,
                none,
            )
    return some


def recovery_table(rows: Sequence[Row]) -> list[str]:
    """A row a system."""
    names = (
        "killed with nothing left", "customers", "start to all partitions, s", "with none, s",
        "per million, s", "CPU per million, s", "kB a customer, live", "restored", "log, MB",
    )  # fmt: skip
    lines = [f"| {' | '.join(names)} |", "|---" + "|---:" * 8 + "|"]
    for system, one in restored(rows).items():
        lines.append(
            f"| {system} | {one.row['customers']:,} | {one.row['all_s']:.1f} | "
            f"{one.none['all_s']:.1f} | {one.per_million_s:.1f} | {one.per_million_cpu_s:.1f} | "
            f"{one.live_kb:.2f} | {one.cold_kb:.2f} | {one.row['written_mb']} |"
        )
    return lines if len(lines) > 2 else []


def recovery_judged(rows: Sequence[Row]) -> list[Judged]:
    """Restoring against Kafka Streams; memory against what was set.

    A time to restore that is lost in that of starting is no figure, so none is held against it.
    """
    found, (_, (ours, theirs, _)) = restored(rows), _PAIRS
    said = []
    if ours in found and theirs in found:
        mine, its = found[ours], found[theirs]
        name = "restore per million customers ÷ Kafka Streams', "
        if min(mine.per_million_s, its.per_million_s) > 0:
            said.append(Judged(name + "time", mine.per_million_s / its.per_million_s, 1, 0.5))
        if min(mine.per_million_cpu_s, its.per_million_cpu_s) > 0:
            ratio = mine.per_million_cpu_s / its.per_million_cpu_s
            said.append(Judged(name + "CPU", ratio, 1, 0.5))
    for system in (ours, "whole product effectively_once"):
        if system in found:
            one = found[system]
            at = f"at {one.row['customers']:,} customers, {system}"
            said += [
                Judged(f"memory per customer, cold, kB, {at}", one.cold_kb, 1, 0.5),
                Judged(f"memory per customer, live, kB, {at}", one.live_kb, 3, 2),
            ]
    return said


def _drained(rows: Sequence[Row]) -> dict[tuple[str, int], dict[str, float]]:
    of: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in _of(rows, "workers"):
        of[row["system"], row["workers"]].append(row)
    names = ("drained_per_s", "cpu_us", "broker_us")
    return {
        key: {name: statistics.median(row[name] for row in some) for name in names}
        for key, some in of.items()
    }


def _shares(rows: Sequence[Row]) -> dict[str, tuple[float, float, float, float]]:
    """One worker's rate, two workers', the bound of two cores, and the share of it reached."""
    found, some = _drained(rows), {}
    for (system, workers), one in found.items():
        if workers == 1 and (two := found.get((system, 2))):
            bound = 2e6 / (one["cpu_us"] + one["broker_us"])
            rate = two["drained_per_s"]
            some[system] = (one["drained_per_s"], rate, bound, rate / bound)
    return some


def workers_table(rows: Sequence[Row]) -> list[str]:
    """A row a system."""
    lines = [
        "| nobody pinned | 1 worker, 1/s | 2 workers | times | bound of two cores | share |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for system, (one, two, bound, share) in _shares(rows).items():
        lines.append(
            f"| {system} | {one:,.0f} | {two:,.0f} | {two / one:.2f} | {bound:,.0f} | {share:.2f} |"
        )
    return lines if len(lines) > 2 else []


def workers_judged(rows: Sequence[Row]) -> list[Judged]:
    """The share of the bound: worker and broker share the cores."""
    return [
        Judged(f"1 → 2 workers, share of the bound ({system})", share, 0.85, 0.95)
        for system, (_, _, _, share) in _shares(rows).items()
    ]


def pause_table(rows: Sequence[Row]) -> list[str]:
    """A row a policy."""
    names = ("garbage", "customers", "longest collection, ms of CPU", "longest batch of 1,000")
    lines = [f"| {' | '.join(names)} |", "|---|---:|---:|---:|"]
    lines += [
        f"| {r['policy']}'s policy | {r['customers']:,} | {r['collection_ms']:.0f} | "
        f"{r['batch_ms']:.0f} |"
        for r in _of(rows, "pause")
    ]
    return lines if len(lines) > 2 else []


def pause_judged(rows: Sequence[Row]) -> list[Judged]:
    """What stops everybody: a collection of garbage."""
    return [
        Judged(f"longest pause for garbage at {r['customers']:,} customers, ms CPU",
               r["collection_ms"], 200, 50)
        for r in _of(rows, "pause")
        if r["policy"] == "worker"
    ]  # fmt: skip


MEASURES = (
    Measure(pause_table, pause_judged),
    Measure(latency_table, latency_judged),
    Measure(recovery_table, recovery_judged),
    Measure(workers_table, workers_judged),
)
