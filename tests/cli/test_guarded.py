"""The doctor says beforehand what a worker's start guards would refuse, under the same names."""

import pytest

from streams.cli.guarded import refused


@pytest.mark.parametrize(
    ("known", "journeys", "start", "end", "name"),
    [
        (None, 3, 0, 10, "progress_missing"),
        (11, 3, 0, 10, "source_truncated"),
        (4, 3, 5, 10, "unread_deleted"),
    ],
)
def test_each_refusal_is_recognised_with_its_partition(known, journeys, start, end, name):
    """And with what mends it; the partitions beside it are well."""
    worked = {0: 10, 1: 10} if known is None else {0: 10, 1: 10, 2: known}
    places = {0: 0, 1: 0, 2: start}, {0: 10, 1: 10, 2: end}
    found = list(refused(worked, {0: 1, 2: journeys}, *places))
    assert len(found) == 1
    text, mend = found[0]
    assert text.startswith(f"{name}: partition 2 ") and mend


@pytest.mark.parametrize("known", [None, 5, 7, 10])
def test_what_a_worker_would_take_is_well(known):
    """Nothing kept yet, at the first record, in the middle, and at the end."""
    worked, journeys = ({}, {}) if known is None else ({0: known}, {0: 2})
    assert not list(refused(worked, journeys, {0: 5}, {0: 10}))
