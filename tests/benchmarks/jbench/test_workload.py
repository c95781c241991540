"""The input of the bench: the same for everybody, and as it was promised to be."""

import json
from collections import Counter
from itertools import islice

from benchmarks.jbench import oracle, workload


def test_the_same_seed_draws_the_same_bytes():
    """Every system reads identical records; another seed draws others."""
    drawn = list(workload.records(2_000, 500, 7))

    assert drawn == list(workload.records(2_000, 500, 7))
    assert drawn != list(workload.records(2_000, 500, 8))


def test_a_second_part_goes_on_where_the_first_ended():
    """Event time and numbers run on over the parts, so that the parts are one story."""
    first = list(workload.records(1_000, 500, 7, 0, 2_000))
    second = list(workload.records(1_000, 500, 7, 1_000, 2_000))

    times = [json.loads(one.value)["ts"] for one in _readable([*first, *second])]
    assert times == sorted(times)
    assert max(times) - min(times) > workload.SPAN_S * 0.99
    assert len({json.loads(one.value)["event_id"] for one in _readable([*first, *second])}) > 1_990


def test_one_record_in_a_hundred_is_a_probe_and_each_is_one_alert():
    """Probes are what a run's end and its latency are told by."""
    drawn = list(workload.records(10_000, 5_000, 7))
    probes = {one.key.decode() for one in drawn if one.key.startswith(b"probe-")}

    alerts = Counter(customer for customer, _ in oracle.answer(d.value for d in drawn).alerts)

    assert len(probes) == 100
    assert all(alerts[probe] == 1 for probe in probes)


def test_one_record_in_a_thousand_cannot_be_read_each_in_another_way():
    """Not JSON, a field missing, an unknown kind, a wrong type, an unknown field."""
    drawn = list(workload.records(10_000, 5_000, 7))

    spoiled = [one for one in drawn if oracle.answer([one.value]).unreadable]

    assert len(spoiled) == 10
    assert all(one in spoiled for one in drawn[1::1_000])


def test_records_are_as_large_as_agreed():
    """About a quarter of a kilobyte: smaller ones would flatter everybody."""
    sizes = [len(one.value) for one in workload.records(5_000, 1_000, 7)]

    assert 210 <= sum(sizes) / len(sizes) <= 270
    assert max(sizes) <= 290


def test_few_customers_have_many_records_and_not_always_the_first_ones():
    """A zipf law whose ranks are scrambled: the hottest key is not the first number."""
    keys = Counter(one.key for one in workload.records(20_000, 5_000, 7))
    hottest = [key.decode() for key, _ in islice(keys.most_common(), 5)]

    assert keys.most_common(1)[0][1] > 1_000
    assert sorted(hottest) != [f"customer-{n:09d}" for n in range(5)]


def test_the_load_for_memory_gives_everybody_the_same_number_of_contacts():
    """So many customers, so many contacts each, no probes."""
    keys = Counter(one.key for one in workload.contacts(50, 4, 13))

    assert len(keys) == 50
    assert set(keys.values()) == {4}


def _readable(drawn):
    return [one for one in drawn if not oracle.answer([one.value]).unreadable]
