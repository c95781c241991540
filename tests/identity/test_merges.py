"""Merges and aliases: one customer under two ids, told in any order, in circles, or wrongly."""

import pytest

from streams.engine.identity_kept import Alias
from tests.identity.ids import DAY_MS, FAR, HOUR_MS, A, B, C, contact, merge, of_journey, topic
from tests.partitions import START_MS


@pytest.mark.parametrize("key", [A, B])
def test_a_journey_joins_another_whichever_id_the_merge_is_told_under(key):
    """The first id is an alias from then on, the second has the touchpoints of both."""
    logs = topic()
    contact(logs, A, START_MS)
    contact(logs, B, START_MS + HOUR_MS)
    merge(logs, A, B, START_MS + 2 * HOUR_MS, key)
    logs.settle()

    assert isinstance(logs.kept(A), Alias)
    journey = of_journey(logs, B)
    assert journey.n == 2
    assert [mark.event_id for mark in journey.recent] == ["e-0", "e-1"]
    assert [mark.n for mark in journey.recent] == [2, 1]
    assert logs.counts["merge.applied"] == logs.counts["absorbed"] == 1
    assert not logs.refused


def test_the_first_ids_snapshot_is_withdrawn():
    """Whoever reads public journeys finds one customer, not two."""
    logs = topic()
    contact(logs, A, START_MS)
    merge(logs, A, B, START_MS + HOUR_MS)
    logs.settle()
    said = [(send.key, send.value) for send in logs.sends if send.topic == "journeys.v1"]
    assert said[-1] == (A.encode(), None)


def test_what_comes_under_the_first_id_later_counts_for_the_second():
    """Same event and source, another customer: the alias sends it on."""
    logs = topic()
    merge(logs, A, B, START_MS)
    contact(logs, A, START_MS + HOUR_MS)
    logs.settle()
    assert of_journey(logs, B).n == 1
    assert of_journey(logs, B).recent[0].event_id == "e-1"
    assert logs.counts["alias.sent_on"] == 1


def test_what_the_first_id_had_heard_is_a_duplicate_under_the_second():
    """The producer sends again what was taken in before the merge."""
    logs = topic()
    contact(logs, A, START_MS, event_id="same")
    merge(logs, A, B, START_MS + HOUR_MS)
    contact(logs, A, START_MS, event_id="same")
    logs.settle()
    assert of_journey(logs, B).n == 1
    assert logs.counts["duplicate"] == 1


def test_a_merge_told_twice_is_applied_once():
    """By the same producer again, or by another."""
    logs = topic()
    contact(logs, A, START_MS)
    for _ in range(2):
        merge(logs, A, B, START_MS + HOUR_MS)
    logs.settle()
    assert of_journey(logs, B).n == 1
    assert logs.counts["merge.known"] == 1


def test_a_journey_that_arrives_twice_is_taken_in_once():
    """A worker that dies between its sends and its journeys sends the journey again."""
    logs = topic()
    contact(logs, A, START_MS)
    merge(logs, A, B, START_MS + HOUR_MS)
    logs.read(0, dies=True)
    logs.settle()
    assert of_journey(logs, B).n == 1
    assert logs.counts["absorbed"] == logs.counts["absorbed.known"] == 1


def test_an_unknown_customer_leaves_an_alias():
    """So a merge told in advance is kept: what comes later finds its way."""
    logs = topic()
    merge(logs, A, B, START_MS)
    logs.settle()
    assert isinstance(logs.kept(A), Alias)
    assert [one.customer_id for one in of_journey(logs, B).absorbed] == [A]


@pytest.mark.parametrize("first", ["near", "far"])
def test_merges_follow_each_other(first):
    """A joins B and B joins C, in whichever order it is heard: all of it is C's."""
    logs = topic()
    for number, customer in enumerate((A, B, C)):
        contact(logs, customer, START_MS + number)
    pairs = [(A, B), (B, C)] if first == "near" else [(B, C), (A, B)]
    for number, (from_id, into_id) in enumerate(pairs):
        merge(logs, from_id, into_id, START_MS + HOUR_MS + number)
        logs.settle()
    contact(logs, A, START_MS + 2 * HOUR_MS, number=2)
    logs.settle()
    journey = of_journey(logs, C)
    assert journey.n == 4
    assert {one.customer_id for one in journey.absorbed} == {A, B}


def test_nobody_joins_themselves():
    """The contract refuses it, with the field at fault."""
    logs = topic()
    merge(logs, A, A, START_MS)
    logs.settle()
    (letter,) = logs.refused
    assert letter["cx.error.code"] == "schema_violation"
    assert letter["cx.error.field"] == "into_customer_id"


def test_a_merge_is_told_of_one_of_the_two():
    """A merge filed under a third customer is refused."""
    logs = topic()
    merge(logs, A, B, START_MS, key=C)
    logs.settle()
    assert [letter["cx.error.field"] for letter in logs.refused] == ["customer_id"]


def test_who_was_joined_does_not_join_back():
    """B into A after A into B would be a circle: refused, and nothing changes."""
    logs = topic()
    contact(logs, A, START_MS)
    merge(logs, A, B, START_MS + 1)
    logs.settle()
    merge(logs, B, A, START_MS + 2)
    logs.settle()
    assert [letter["cx.error.code"] for letter in logs.refused] == ["identity_conflict"]
    assert of_journey(logs, B).n == 1


def test_who_has_joined_one_does_not_join_another():
    """What holds is for people to say; the hint tells them how."""
    logs = topic()
    merge(logs, A, B, START_MS)
    merge(logs, A, FAR, START_MS + 1)
    logs.settle()
    assert [letter["cx.error.code"] for letter in logs.refused] == ["identity_conflict"]


@pytest.mark.parametrize("ids", [(A, B), (A, B, C), (B, C, A), (C, FAR, A, B)])
def test_a_circle_told_at_the_same_time_ends_with_the_smallest_id(ids):
    """Each partition believes its own merge before it hears of the other: one journey stays, whole,
    and what comes under any of the ids afterwards finds it."""
    logs = topic()
    for customer in ids:
        contact(logs, customer, START_MS)
    for from_id, into_id in zip(ids, (*ids[1:], ids[0]), strict=True):
        merge(logs, from_id, into_id, START_MS + HOUR_MS)
    logs.settle()
    stays = min(ids)
    assert of_journey(logs, stays).n == len(ids)
    assert all(isinstance(logs.kept(one), Alias) for one in ids if one != stays)
    for customer in ids:
        contact(logs, customer, START_MS + DAY_MS, number=2)
    logs.settle()
    assert of_journey(logs, stays).n == 2 * len(ids)
    assert not logs.refused
