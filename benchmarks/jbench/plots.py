"""Plots of the raw rows as plain SVG: ``python -m benchmarks.jbench.plots ROWS FOLDER``.

Bars of CPU per touchpoint (worker and broker), and of alert latency. Light and dark pages both: no
background, a grey that reads on either.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from benchmarks.jbench.measures import Row
from benchmarks.jbench.report import Medians, medians

_LEFT, _WIDTH, _BAR, _STEP, _TOP = 330, 940, 15, 30, 62
_INK, _OURS, _THEIRS, _BROKER = "#6e7781", "#1f7a5c", "#8a94a0", "#d0a24c"


class Bar(NamedTuple):
    """One bar: a label, its parts from the left as (colour, length), and what stands behind it."""

    label: str
    parts: Sequence[tuple[str, float]]
    text: str


def bars(title: str, note: str, drawn: Sequence[Bar]) -> str:
    """A chart of horizontal bars, all on one scale that begins at nought."""
    longest = max(sum(length for _, length in bar.parts) for bar in drawn) or 1.0
    scale = (_WIDTH - _LEFT - 190) / longest
    height = _TOP + _STEP * len(drawn) + 14
    frame = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
    look = f'font-family="system-ui, sans-serif" font-size="14" fill="{_INK}"'
    lines = [
        f"<svg {frame} {look}>",
        f"<title>{escape(title)}</title>",
        f'<text x="12" y="24" font-size="17" font-weight="600">{escape(title)}</text>',
        f'<text x="12" y="44" font-size="12">{escape(note)}</text>',
    ]
    for row, bar in enumerate(drawn):
        y, x = _TOP + row * _STEP, float(_LEFT)
        middle = y + _BAR / 2 + 5
        lines.append(
            f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
        )
        for colour, length in bar.parts:
            wide = max(1.0, length * scale)
            lines.append(
                f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_BAR}" fill="{colour}"/>'
            )
            x += wide
        lines.append(f'<text x="{x + 8:.1f}" y="{middle}" font-size="12">{escape(bar.text)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _colour(system: str) -> str:
    return _OURS if system.startswith(("throughline", "whole")) else _THEIRS


def cpu(found: Medians) -> str:
    """Worker and broker CPU per touchpoint, the cheapest first."""
    ordered = sorted(found.items(), key=lambda pair: pair[1]["cpu_us"])
    drawn = [
        Bar(
            system,
            ((_colour(system), one["cpu_us"]), (_BROKER, one["broker_us"])),
            f"{one['cpu_us']:.1f} + {one['broker_us']:.1f} µs",
        )
        for system, one in ordered
    ]
    note = "microseconds of CPU: worker with all threads and children, then broker; medians"
    return bars("CPU per touchpoint", note, drawn)


def latency(rows: Sequence[Row], load: str) -> str:
    """Median and 99 % of alert latency at one rate."""
    some = [r for r in rows if r["what"] == "latency" and r.get("load") == load and "p99_ms" in r]
    drawn = [
        Bar(
            r["system"],
            ((_colour(r["system"]), r["p50_ms"]), (_BROKER, r["p99_ms"] - r["p50_ms"])),
            f"p50 {r['p50_ms']:.0f}, p99 {r['p99_ms']:.0f} ms",
        )
        for r in sorted(some, key=lambda r: r["p99_ms"])
    ]
    note = "from when a touchpoint was due to be sent until its alert is read; median, then 99 %"
    return bars(f"Alert latency at {int(load):,} touchpoints a second", note, drawn)


def main(file: Path, folder: Path) -> None:
    """Write what there are rows for."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    found = medians(rows)
    if found:
        (folder / "benchmarks-cpu.svg").write_text(cpu(found))
    if any(r["what"] == "latency" and r.get("load") == "10000" for r in rows):
        (folder / "benchmarks-latency.svg").write_text(latency(rows, "10000"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
