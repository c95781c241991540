"""From raw rows to the tables: medians over rounds, and each target with its verdict."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.jbench import measures
from benchmarks.jbench.measures import Judged, Row

Medians = dict[str, dict[str, float]]

_OURS, _LOOSE = "throughline exactly_once", "throughline effectively_once"
_STREAMS, _STREAMS_EOS = "kafka streams rocksdb cache", "kafka streams rocksdb cache eos"
_EQUAL = 0.15  # differences below this are no results


class Target(NamedTuple):
    """One line of the table of targets: a ratio of two systems, or of one to itself.

    Args:
        name: as the table has it.
        ours, theirs: systems.
        must, good: the ratio is to be at most this.
        figure: which figure of a drain.
    """

    name: str
    ours: str
    theirs: str
    must: float
    good: float
    figure: str = "cpu_us"


TARGETS = (
    Target("same job ÷ Kafka Streams, exactly once", _OURS, _STREAMS_EOS, 0.6, 0.35),
    Target("same job ÷ Kafka Streams, at least once", _LOOSE, _STREAMS, 0.6, 0.35),
    Target("same job ÷ naive Faust", _LOOSE, "faust", 0.06, 0.03),
    Target("same job ÷ Quix Streams", _LOOSE, "quix streams", 0.35, 0.2),
    Target("same job ÷ Bytewax with recovery", _LOOSE, "bytewax", 0.35, 0.2),
    Target("same job ÷ plain aiokafka loop", _LOOSE, "aiokafka loop", 1.35, 1.15),
    Target("same job, exactly once ÷ plain aiokafka loop", _OURS, "aiokafka loop", 1.35, 1.15),
    Target("whole product ÷ Kafka Streams' small job, exactly once",
           "whole product exactly_once", _STREAMS_EOS, 1.2, 0.8),
    Target("whole product ÷ Kafka Streams' small job, at least once",
           "whole product effectively_once", _STREAMS, 1.2, 0.8),
    Target("same job, exactly_once ÷ effectively_once", _OURS, _LOOSE, 1.3, 1.15),
    Target("whole product, exactly_once ÷ effectively_once", "whole product exactly_once",
           "whole product effectively_once", 1.3, 1.15),
    Target("broker ÷ Kafka Streams', exactly once", _OURS, _STREAMS_EOS, 1.0, 0.6, "broker_us"),
    Target("broker ÷ Kafka Streams', at least once", _LOOSE, _STREAMS, 1.0, 0.6, "broker_us"),
)  # fmt: skip

_FIGURES = (
    "cpu_us", "user_us", "system_us", "broker_us", "written_bytes", "drained_per_s", "peak_rss_mb",
)  # fmt: skip


def medians(rows: Sequence[Row]) -> Medians:
    """Per system the median of each figure over the drains that have one."""
    of: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["what"] == "drain" and row["workers"] == 1 and "failed" not in row:
            of[row["system"]].append(row)
    return {
        system: {name: statistics.median(row[name] for row in found) for name in _FIGURES}
        | {
            "rounds": len(found),
            "least_cpu_us": min(row["cpu_us"] for row in found),
            "most_cpu_us": max(row["cpu_us"] for row in found),
            "least_broker_us": min(row["broker_us"] for row in found),
        }
        for system, found in of.items()
    }


def systems_table(found: Medians) -> list[str]:
    """A row a system, the cheapest first."""
    names = (
        "system", "worker CPU, µs", "least to most", "user", "kernel", "broker CPU, µs",
        "bytes to the broker", "drained, 1/s", "RSS, MB", "rounds",
    )  # fmt: skip
    lines = [f"| {' | '.join(names)} |", "|---" + "|---:" * 9 + "|"]
    for system, one in sorted(found.items(), key=lambda pair: pair[1]["cpu_us"]):
        lines.append(
            f"| {system} | **{one['cpu_us']:.1f}** | {one['least_cpu_us']:.1f} to "
            f"{one['most_cpu_us']:.1f} | {one['user_us']:.1f} | {one['system_us']:.1f} | "
            f"{one['broker_us']:.1f} | {one['written_bytes']:.0f} | "
            f"{one['drained_per_s']:,.0f} | {one['peak_rss_mb']:.0f} | {one['rounds']} |"
        )
    return lines


def verdict(found: float, must: float, good: float) -> str:
    """Met or missed; said to be as good as equal when nearer to the line than we can measure.

    Where ``good`` is above ``must``, more is better.
    """
    if good > must:
        return verdict(-found, -must, -good)
    if found <= good:
        return "good"
    near = " (equal: less than 15 % off)" if abs(found / must - 1) < _EQUAL else ""
    return ("met" if found <= must else "missed") + near


def targets_table(found: Medians, more: Sequence[Judged] = ()) -> list[str]:
    """Each target whose systems both have a result; then those of other measures."""
    lines = [
        "| measure | found | must, good | verdict | of the least |",
        "|---|---:|---:|---|---:|",
    ]
    for name, ours, theirs, must, good, figure in TARGETS:
        if ours in found and theirs in found:
            ratio = found[ours][figure] / found[theirs][figure]
            least = found[ours][f"least_{figure}"] / found[theirs][f"least_{figure}"]
            said = verdict(ratio, must, good)
            lines.append(f"| {name} | {ratio:.2f} | {must}, {good} | {said} | {least:.2f} |")
    for name, value, must, good in more:
        said = verdict(value, must, good)
        lines.append(f"| {name} | {value:.2f} | {must}, {good} | {said} | |")
    return lines if len(lines) > 2 else []


def failures(rows: Sequence[Row]) -> list[str]:
    """Runs without a result."""
    return sorted({f"No result: {r['system']}: {r['failed']}" for r in rows if "failed" in r})


def whole_report(rows: Sequence[Row]) -> str:
    """Everything there is rows for, as Markdown."""
    found = medians(rows)
    more = [one for measure in measures.MEASURES for one in measure.judged(rows)]
    parts = [systems_table(found) if found else [], targets_table(found, more)]
    parts += [measure.table(rows) for measure in measures.MEASURES]
    return "\n\n".join("\n".join(part) for part in [*parts, failures(rows)] if part) + "\n"
