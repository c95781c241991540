"""Plots are well-formed, and as long as the figures say."""

import json
from xml.etree import ElementTree

from benchmarks.jbench import plots, report

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = {
    "user_us": 1, "system_us": 1, "written_bytes": 300, "drained_per_s": 50_000, "peak_rss_mb": 100,
}  # fmt: skip


def drained(system, cpu_us, broker_us):
    """A row of one run."""
    own = {"system": system, "cpu_us": cpu_us, "broker_us": broker_us}
    return {"what": "drain", "workers": 1} | FIGURES | own


def test_bars_are_as_long_as_the_figures_the_cheapest_first():
    """Worker and broker side by side on one scale that begins at nought."""
    rows = [drained("slow & old", 40, 10), drained("throughline exactly_once", 20, 5)]

    drawn = ElementTree.fromstring(plots.cpu(report.medians(rows)))

    widths = [float(rect.get("width")) for rect in drawn.iter(SVG + "rect")]
    ours, ours_broker, theirs, theirs_broker = widths
    assert [round(theirs / one, 1) for one in (ours, ours_broker, theirs_broker)] == [2, 8, 4]
    labels = [text.text for text in drawn.iter(SVG + "text") if text.get("text-anchor")]
    assert labels == ["throughline exactly_once", "slow & old"]


def test_latency_is_drawn_for_the_rate_asked_for():
    """Systems that were not heard at that rate have no bar."""
    row = {"what": "latency", "system": "a", "load": "10000", "p50_ms": 10.0, "p99_ms": 30.0}
    other = row | {"system": "b", "load": "1000"}
    deaf = {"what": "latency", "system": "c", "load": "10000"}

    drawn = ElementTree.fromstring(plots.latency([row, other, deaf], "10000"))

    assert [t.text for t in drawn.iter(SVG + "text") if t.get("text-anchor")] == ["a"]


def test_files_are_written_for_what_there_are_rows_of(tmp_path):
    """Rows without latencies make one plot."""
    (tmp_path / "rows.jsonl").write_text(
        '{"what": "header"}\n' + json.dumps(drained("a", 2, 1)) + "\n"
    )

    plots.main(tmp_path / "rows.jsonl", tmp_path)

    assert [file.name for file in tmp_path.glob("*.svg")] == ["benchmarks-cpu.svg"]
