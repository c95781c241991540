"""Who is there when memory and restoring are measured: readable touchpoints, and probes that alert."""

from collections import Counter

import pytest

from benchmarks.jbench import cast, oracle, workload
from streams.engine.record import Record
from tests.story import House

LATER_S = workload.BEGIN_S + workload.SPAN_S


def lived_through(drawn):
    """Alerts of a house that hears records as they are, and how many it could not read."""
    house = House()
    records = [Record(n, one.timestamp_ms, one.key, one.value) for n, one in enumerate(drawn)]
    house._done(house.line.run(house.desk, records, len(records)))
    dead = [send for send in house.sends if send.topic.endswith(".dlq")]
    return house.alerts, len(dead)


@pytest.mark.parametrize("made", [cast.SAME, cast.WHOLE])
def test_everybody_has_the_same_number_of_contacts(made):
    """Memory per customer is an average only if customers are alike."""
    keys = Counter(one.key for one in made.load(40, 3))

    assert len(keys) == 40
    assert set(keys.values()) == {3}
    assert list(made.load(0, 3)) == []


def test_the_whole_product_reads_its_load_and_raises_an_alert_for_each_probe():
    """A probe that nobody answers would be waited for in vain."""
    probes = [cast.WHOLE.probe(n, LATER_S) for n in range(10)]

    alerts, dead = lived_through([*cast.WHOLE.load(40, 2), *probes])

    assert dead == 0
    assert {p.key.decode() for p in probes} <= {alert["customer_id"] for alert in alerts}


def test_the_same_job_reads_its_load_and_raises_an_alert_for_each_probe():
    """As the oracle has it."""
    probes = [cast.SAME.probe(n, LATER_S) for n in range(10)]

    answer = oracle.answer(one.value for one in [*cast.SAME.load(40, 2), *probes])

    assert answer.unreadable == 0
    assert {p.key.decode() for p in probes} <= {customer for customer, _ in answer.alerts}
