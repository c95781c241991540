"""Pauses are timed where they happen: in collections, each generation by itself."""

import gc

from benchmarks.jbench.measures import pause_judged, pause_table
from benchmarks.jbench.pause import Stopwatch


def test_every_collection_is_timed_by_generation():
    """The longest of each is kept."""
    watch = Stopwatch()
    gc.callbacks.append(watch)
    try:
        kept = [[n] for n in range(100_000)]
        gc.collect(2)
        full_ms = watch.longest_ms[2]
        kept.clear()
        gc.collect(2)
    finally:
        gc.callbacks.remove(watch)

    assert 0 < full_ms <= watch.longest_ms[2]


def test_only_the_workers_own_policy_is_held_against_the_target():
    """Python's stands beside it."""
    row = {"what": "pause", "customers": 1_000_000, "batch_ms": 90.0}
    rows = [row | {"policy": "worker", "collection_ms": 40.0}]
    rows += [row | {"policy": "python", "collection_ms": 900.0}]

    assert [one.value for one in pause_judged(rows)] == [40.0]
    assert len(pause_table(rows)) == 4
