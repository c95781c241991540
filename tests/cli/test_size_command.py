"""``throughline size``: more of anything never takes less, and every figure has its run."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cli import sizing
from streams.cli.sizing import Asked
from tests.cli.conftest import Throughline

RATES = st.floats(0.1, 1e6)
CUSTOMERS = st.integers(1, 10_000_000)


@given(
    rate=RATES,
    more=st.floats(1, 10),
    customers=CUSTOMERS,
    store=st.sampled_from(["memory", "disk"]),
)
def test_more_touchpoints_never_take_less(rate, more, customers, store):
    """Of workers, partitions and brokers; and there is always one worker to spare."""
    small = sizing.size(Asked(rate, customers, store=store))
    large = sizing.size(Asked(rate * more, customers, store=store))
    assert large.workers >= small.workers >= 2
    assert large.partitions >= small.partitions >= 8
    assert large.broker_mb_per_s >= small.broker_mb_per_s
    assert large.brokers >= small.brokers


@given(rate=RATES, customers=CUSTOMERS, more=st.integers(1, 10))
def test_more_customers_take_more_memory_unless_they_are_on_disk(rate, customers, more):
    """In memory a worker grows with its share of them; on disk the setting is what it takes, and
    the disk grows."""
    small, large = Asked(rate, customers), Asked(rate, customers * more)
    assert sizing.size(large).memory_mb >= sizing.size(small).memory_mb
    assert sizing.size(large).restore_s >= sizing.size(small).restore_s
    small, large = (asked._replace(store="disk") for asked in (small, large))
    assert sizing.size(large).disk_mb >= sizing.size(small).disk_mb


def test_a_worker_is_not_asked_for_more_than_its_share_of_a_core():
    """What the workers together need fits them when one is gone."""
    asked = Asked(10_000, 1_000_000)
    found = sizing.size(asked)
    needed_cores = 10_000 * sizing.coefficients()["worker_us"]["exactly_once"] / 1e6
    assert (found.workers - 1) * asked.busy >= needed_cores
    assert found.partitions >= found.workers


def test_what_gives_way_first_is_named():
    """CPU on a small scale, memory with many customers, the brokers' disks at a million a second."""
    assert "CPU" in sizing.size(Asked(100, 10_000)).first
    assert "memory" in sizing.size(Asked(100, 10_000_000)).first
    assert "CPU" in sizing.size(Asked(100, 10_000_000, store="disk")).first
    assert "partitions" in sizing.size(Asked(50_000, 10_000, partitions=2)).first
    assert "partitions" in sizing.size(Asked(1_000_000, 10_000_000, growth=8)).first


def test_every_coefficient_says_which_run_it_is_from():
    """A figure nobody can trace is an opinion."""
    for name, group in sizing.coefficients().items():
        assert group["run"], name
        assert all(isinstance(v, int | float) for k, v in group.items() if k != "run")


def test_it_is_printed_for_people_and_for_programs(throughline: Throughline):
    """The same figures; programs are told what was asked and from which runs it is."""
    asked = ("size", "--touchpoints-per-s", "1000", "--customers", "1000000")
    for_people, for_programs = throughline(*asked), throughline(*asked, "--json")
    told = json.loads(for_programs.out)
    assert (for_people.code, for_programs.code) == (0, 0)
    assert f"{told['partitions']}" in for_people.out.decode()
    assert told["asked"]["customers"] == 1_000_000
    assert told["runs"]["restore"]


@pytest.mark.parametrize("wrong", [("--store", "cloud"), ("--delivery", "maybe")])
def test_what_there_is_not_is_said(throughline: Throughline, wrong: tuple[str, str]):
    """Asked wrongly: exit code 2."""
    run = throughline("size", "--touchpoints-per-s", "1", "--customers", "1", *wrong)
    assert run.code == 2 and wrong[1] in run.err
