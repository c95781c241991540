"""Reports as rows: one a chapter, one a fault, and the totals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

_COLUMNS = (
    ("fault", 28), ("touchpoints", 11), ("alerts", 8), ("faults", 6), ("kills", 5), ("starts", 6),
    ("lost", 4), ("doubled", 7), ("states", 6), ("missing", 7), ("unknown", 7), ("twice", 6),
    ("rec p50", 7), ("rec max", 7), ("stall", 6), ("MB", 11), ("fds", 9), ("s", 5),
)  # fmt: skip
HEAD = " ".join(
    name.rjust(width) if i else name.ljust(width) for i, (name, width) in enumerate(_COLUMNS)
)


def cells(name: str, reports: Sequence[dict[str, Any]]) -> list[str]:
    """What one or several reports come to."""

    def added(*path: str) -> int:
        total = 0
        for report in reports:
            value: Any = report
            for part in path:
                value = value[part]
            total += value
        return total

    recoveries = [s for report in reports for s in report["recovery_s"]]
    return [
        name,
        f"{added('verdict', 'touchpoints'):,}",
        f"{added('verdict', 'alerts'):,}",
        str(added("faults")),
        str(added("kills")),
        str(added("starts")),
        str(added("verdict", "lost")),
        str(added("verdict", "doubled") + added("verdict", "reordered")),
        str(added("verdict", "states") + added("verdict", "invariants")),
        str(added("verdict", "missing") + added("verdict", "letters")),
        str(added("verdict", "unknown")),
        str(added("verdict", "repeated")),
        f"{median(recoveries):.1f}" if recoveries else "-",
        f"{max(recoveries):.1f}" if recoveries else "-",
        f"{max(report['stall_s'] for report in reports):.1f}",
        _grown(reports, "rss_mb"),
        _grown(reports, "fds"),
        f"{added('seconds'):.0f}",
    ]


def _grown(reports: Sequence[dict[str, Any]], what: str) -> str:
    """Of the longest-lived worker of each report, at its first and last measurement: the middle
    one of all reports; in brackets the largest of any worker."""
    first, last = (median(report[when][what] for report in reports) for when in ("first", "last"))
    largest = max(report["largest"][what] for report in reports)
    return f"{first:.0f}>{last:.0f} ({largest:.0f})"


def _line(texts: Sequence[str]) -> str:
    return " ".join(
        text.rjust(width) if i else text.ljust(width)
        for i, (text, (_, width)) in enumerate(zip(texts, _COLUMNS, strict=True))
    )


def row(report: dict[str, Any]) -> str:
    """One chapter."""
    return _line(cells(report["name"], [report]))


def totals(reports: Iterable[dict[str, Any]]) -> str:
    """One row a fault and delivery, and what it all comes to."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for report in reports:
        grouped[report["name"].partition(".")[0], report["delivery"]].append(report)
    every = [report for group in grouped.values() for report in group]
    if not every:
        return "nothing has passed yet"
    lines = [HEAD]
    for (fault, delivery), group in sorted(grouped.items()):
        lines.append(_line(cells(f"{fault} {delivery}", group)))
    lines.append(_line(cells("all", every)))
    names = ("kills", "terms", "pauses", "broker_faults", "starts")
    told = ", ".join(f"{name} {sum(r[name] for r in every)}" for name in names)
    return "\n".join([*lines, told])


def markdown(reports: Iterable[dict[str, Any]]) -> str:
    """The same for ``docs/reliability.md``."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for report in reports:
        grouped[report["name"].partition(".")[0], report["delivery"]].append(report)
    lines = ["| " + " | ".join(name for name, _ in _COLUMNS) + " |"]
    lines.append("|---" + "|---:" * (len(_COLUMNS) - 1) + "|")
    for (fault, delivery), group in sorted(grouped.items()):
        lines.append("| " + " | ".join(cells(f"{fault}, {delivery}", group)) + " |")
    every = [report for group in grouped.values() for report in group]
    lines.append("| " + " | ".join(cells("**all**", every)) + " |")
    return "\n".join(lines)
