"""A file has not what partitions send each other: the replay puts it where a topic would have it."""

import json

import pytest

from streams import policy as policies
from streams.engine.journey import Journey
from streams.engine.record import Record
from streams.replay.house import ReplayHouse
from streams.replay.places import placed
from tests.partitions import START_MS, id_in

POLICY = policies.load()
A, B, C = id_in(0), id_in(1), id_in(0, number=1)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def line_of(number: int, customer: str, type_: str, at_ms: int, **fields):
    """One line of a file, as it is read."""
    told = {
        "event_id": f"e-{number}",
        "source": "urn:test",
        "type": type_,
        "customer_id": customer,
        "occurred_at": at_ms,
        **fields,
    }
    return customer.encode(), json.dumps(told).encode(), (), at_ms


def a_story():
    """A and B have contacts, A joins B in the midst, a promise to A is broken, C is erased."""
    told = []
    for day in range(12):
        at_ms = START_MS + day * DAY_MS
        told += [
            (
                customer, "contact.started", at_ms,
                {"contact_id": f"k-{customer}-{day}", "channel": "phone", "direction": "inbound"},
            )
            for customer in (A, B, C)
        ]  # fmt: skip
        if day == 2:
            told.append(
                (
                    A,
                    "promise.made",
                    at_ms,
                    {"promise_id": "p", "kind": "fix", "due_at": at_ms + HOUR_MS},
                )
            )
        if day == 3:
            both = {"from_customer_id": A, "into_customer_id": B}
            told.append((B, "identity.merged", at_ms, both))
        if day == 7:
            told.append((C, "customer.erasure_requested", at_ms, {"scope": "all"}))
    return [line_of(n, *said[:3], **said[3]) for n, said in enumerate(told)]


def run(round_records: int):
    """The house after the story, and what it said."""
    house = ReplayHouse(POLICY, 2)
    sends = list(house.run(placed(a_story(), 2), round_records))
    return house, sends


def test_what_a_partition_sends_another_is_heard_in_a_file_too():
    """All of A's contacts count for B; C begins anew after the erasure."""
    house, _ = run(1_000)
    journeys = {journey.customer_id: journey for _, journey in house.journeys()}
    assert set(journeys) == {B, C}
    assert journeys[B].n == 25
    assert journeys[C].n == 4
    assert house.customers == 2
    assert house.counts["absorbed"] == 1
    assert house.counts["touchpoints"] == 12 * 3 + 1


@pytest.mark.parametrize("round_records", [1, 3, 7, 40])
def test_the_size_of_rounds_changes_nothing(round_records):
    """What is put in lies at the same place, however many records are taken at once."""
    (one, sends), (other, again) = run(1_000), run(round_records)
    assert [desk.journeys for desk in one.desks] == [desk.journeys for desk in other.desks]
    assert sorted(sends, key=repr) == sorted(again, key=repr)


def test_it_is_where_a_topic_would_have_it():
    """The same records, with those sent between, as a topic: the same journeys, the same alerts."""
    house, sends = run(1_000)
    logs: list[list[Record]] = [[], []]
    fresh = ReplayHouse(POLICY, 2)
    for partition, record in placed(a_story(), 2):
        before = len(logs[partition])
        logs[partition].append(record._replace(offset=before))
        for send in fresh.run([(partition, record)]):
            if send.topic == "touchpoints.v1":
                other = logs[0 if send.key in (A.encode(), C.encode()) else 1]
                other.append(
                    Record(len(other), send.timestamp_ms, send.key, send.value, send.headers)
                )
    topic = ReplayHouse(POLICY, 2, steps={0: [], 1: []})
    said = list(topic.run((p, record) for p, log in enumerate(logs) for record in log))
    assert [desk.journeys for desk in topic.desks] == [desk.journeys for desk in house.desks]
    alerts = [[s.value for s in told if s.topic.startswith("alerts.")] for told in (said, sends)]
    assert sorted(alerts[0]) == sorted(alerts[1])
    assert alerts[0]


def test_no_alias_is_taken_for_a_journey():
    """Whoever asks for journeys gets journeys."""
    house, _ = run(1_000)
    assert all(isinstance(journey, Journey) for _, journey in house.journeys())
