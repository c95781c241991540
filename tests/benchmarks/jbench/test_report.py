"""What the tables say: medians of runs that have a result, and verdicts that do not flatter."""

import pytest

from benchmarks.jbench import measures, report
from benchmarks.jbench.latency import percentiles
from benchmarks.jbench.load import due_by


def drained(system, cpu_us, **more):
    """A row of one run."""
    figures = {
        "cpu_us": cpu_us, "user_us": 1, "system_us": 1, "broker_us": 5, "written_bytes": 300,
        "drained_per_s": 50_000, "peak_rss_mb": 100,
    }  # fmt: skip
    return {"what": "drain", "system": system, "workers": 1} | figures | more


OURS, THEIRS = "throughline effectively_once", "kafka streams rocksdb cache"


def test_a_systems_figure_is_the_median_of_its_rounds():
    """One slow round does not move it."""
    found = report.medians([drained(OURS, 10), drained(OURS, 11), drained(OURS, 90)])

    assert found[OURS]["cpu_us"] == 11
    assert [found[OURS][f"{name}_cpu_us"] for name in ("least", "most")] == [10, 90]
    assert found[OURS]["rounds"] == 3


def test_a_run_the_oracle_refused_has_no_figures_and_is_named():
    """It is neither averaged in nor hidden."""
    rows = [drained(OURS, 10), {"what": "drain", "system": THEIRS, "workers": 1, "failed": "lost"}]

    assert list(report.medians(rows)) == [OURS]
    assert report.whole_report(rows).endswith(f"No result: {THEIRS}: lost\n")


def test_a_target_needs_both_systems():
    """There is no ratio to a system that was not run."""
    alone = report.targets_table(report.medians([drained(OURS, 10)]))
    both = report.targets_table(report.medians([drained(OURS, 10), drained(THEIRS, 20)]))

    assert alone == []
    assert "| same job ÷ Kafka Streams, at least once | 0.50 | 0.6, 0.35 | met | 0.50 |" in both


@pytest.mark.parametrize(
    ("found", "must", "good", "said"),
    [
        (0.3, 0.6, 0.35, "good"),
        (0.4, 0.6, 0.35, "met"),
        (0.59, 0.6, 0.35, "met (equal: less than 15 % off)"),
        (0.61, 0.6, 0.35, "missed (equal: less than 15 % off)"),
        (0.9, 0.6, 0.35, "missed"),
        (0.96, 0.85, 0.95, "good"),
        (0.5, 0.85, 0.95, "missed"),
    ],
)
def test_a_verdict_says_when_the_difference_is_none(found, must, good, said):
    """Less than 15 % is no result; where more is better the line is crossed upwards."""
    assert report.verdict(found, must, good) == said


def restoring(system, starting_s, restoring_s):
    """Rows of a system with no customers and with two hundred thousand."""
    row = {"what": "recovery", "system": system, "empty_mb": 80, "live_mb": 280, "written_mb": 90}
    none = row | {"customers": 0, "all_s": starting_s, "cold_mb": 80, "restoring_cpu_s": 1.0}
    some = {"customers": 200_000, "all_s": starting_s + restoring_s, "cold_mb": 180}
    return [none, row | some | {"restoring_cpu_s": 3.0}]


def test_restoring_is_what_customers_add_to_starting():
    """Start-up is the same with none, so it is taken off, in seconds and in memory."""
    found = measures.restored(restoring(OURS, 3.0, 2.0))[OURS]

    assert found.per_million_s == pytest.approx(10.0)
    assert found.per_million_cpu_s == pytest.approx(10.0)
    assert found.live_kb == pytest.approx(1.024)
    assert found.cold_kb == pytest.approx(0.512)


def test_what_is_lost_in_starting_is_held_against_nothing():
    """A negative time to restore is noise; its CPU is still a figure."""
    judged = measures.recovery_judged([*restoring(OURS, 3.0, 2.0), *restoring(THEIRS, 9.0, -0.5)])

    names = [one.name for one in judged if "÷" in one.name]
    assert names == ["restore per million customers ÷ Kafka Streams', CPU"]


def test_the_share_of_two_workers_is_of_what_two_cores_can_give():
    """Worker and broker share them: 2 ÷ (w + b), not twice the rate of one."""
    one = drained(OURS, 10) | {"what": "workers"}
    two = one | {"workers": 2, "drained_per_s": 100_000}

    assert measures.workers_judged([one, two])[0].value == pytest.approx(0.75)


def test_percentiles_are_waits_that_happened():
    """No interpolation: the 99 % of a hundred waits is one of them."""
    found = percentiles([float(n) for n in range(101)])

    assert found == {"p50_ms": 50.0, "p99_ms": 99.0, "p999_ms": 100.0, "max_ms": 100.0}
    assert percentiles([]) == {}


@pytest.mark.parametrize(
    ("elapsed_s", "due"), [(-0.5, 0), (0.0, 1), (0.0099, 1), (0.01, 2), (1.0, 101), (99.0, 500)]
)
def test_open_load_leaves_on_a_schedule(elapsed_s, due):
    """Record n is due at n ÷ rate whatever happened before; none before the beginning."""
    assert due_by(elapsed_s, 100, 500) == due
