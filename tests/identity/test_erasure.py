"""Erasure: a customer who asked to be forgotten is kept nowhere, under none of their ids."""

import json

import pytest

from streams.engine.identity_kept import Alias
from tests.identity.ids import DAY_MS, HOUR_MS, A, B, contact, merge, of_journey, topic
from tests.partitions import START_MS, Topic


def erase(logs: Topic, customer: str, at_ms: int, scope: str = "all") -> None:
    """The customer asks to be forgotten."""
    logs.tell(customer, "customer.erasure_requested", at_ms, scope=scope)


def receipts(logs: Topic) -> list[dict]:
    """What went to the audit topic."""
    return [json.loads(send.value) for send in logs.sends if send.topic == "audit.v1"]


@pytest.mark.parametrize("scope", ["all", "anonymise"])
def test_an_erased_customer_is_kept_nowhere(scope):
    """No journey, no timer, no public snapshot; a receipt that does not say whose it was."""
    logs = topic()
    logs.tell(A, "promise.made", START_MS, promise_id="p", kind="fix", due_at=START_MS + DAY_MS)
    logs.settle()
    erase(logs, A, START_MS + HOUR_MS, scope)
    logs.settle()
    assert logs.kept(A) is None
    assert logs.desks[0].next_due_ms is None
    assert [s.value for s in logs.sends if (s.topic, s.key) == ("journeys.v1", A.encode())][
        -1:
    ] == [None]
    (receipt,) = receipts(logs)
    assert (receipt["scope"], receipt["found"], receipt["touchpoints"]) == (scope, True, 1)
    assert A not in json.dumps(receipt)
    assert not any(A.encode() in value for value in (logs.metas[0],))


def test_open_episodes_of_an_erased_customer_end_and_tell_nothing():
    """Alert, detector and customer remain; no object, number, evidence or account."""
    logs = topic()
    logs.tell(
        A, "promise.made", START_MS, promise_id="secret", kind="fix", due_at=START_MS + HOUR_MS,
        account_id="acme",
    )  # fmt: skip
    contact(logs, A, START_MS + 5 * DAY_MS)
    erase(logs, A, START_MS + 6 * DAY_MS)
    logs.settle()
    said = [a for a in logs.alerts if a["kind"] == "broken_promise"]
    assert [a["action"] for a in said] == ["trigger", "resolve"]
    last = said[-1]
    assert last["resolved_reason"] == last["reason"]["code"] == "erased"
    assert last["alert_id"] == said[0]["alert_id"]
    assert "acme" not in json.dumps(last)
    assert not last["evidence"]
    assert last["object_id"] is None


def test_who_comes_back_begins_anew():
    """A touchpoint after the erasure starts a fresh journey; one from before it does not."""
    logs = topic()
    contact(logs, A, START_MS)
    erase(logs, A, START_MS + HOUR_MS)
    contact(logs, A, START_MS + HOUR_MS - 1, number=2)
    logs.settle()
    assert logs.kept(A) is None
    contact(logs, A, START_MS + HOUR_MS + 1, number=3)
    logs.settle()
    assert of_journey(logs, A).n == 1
    assert logs.counts["after_erasure"] == 1


def test_an_erasure_survives_a_restart_and_is_done_once():
    """The request told again does not take the fresh journey, also not after a restart."""
    logs = topic()
    contact(logs, A, START_MS)
    erase(logs, A, START_MS + HOUR_MS)
    logs.settle()
    logs.restart(0)
    contact(logs, A, START_MS + DAY_MS, number=2)
    erase(logs, A, START_MS + HOUR_MS)
    logs.settle()
    assert of_journey(logs, A).n == 1
    assert len(receipts(logs)) == 1


@pytest.mark.parametrize("asked", [A, B])
def test_erasure_reaches_every_id_of_the_customer(asked):
    """Asked of the alias or of the id it joined: journey and alias are gone."""
    logs = topic()
    contact(logs, A, START_MS)
    merge(logs, A, B, START_MS + 1)
    logs.settle()
    erase(logs, asked, START_MS + HOUR_MS)
    logs.settle()
    assert logs.kept(A) is None
    assert logs.kept(B) is None
    assert not any(logs.desks[n].journeys for n in (0, 1))
    assert sum(receipt["found"] for receipt in receipts(logs)) == 1


def test_a_journey_on_its_way_to_an_erased_customer_is_erased():
    """Merged before the erasure, arrived after it."""
    logs = topic()
    contact(logs, A, START_MS)
    contact(logs, B, START_MS)
    merge(logs, A, B, START_MS + 1)
    erase(logs, B, START_MS + HOUR_MS)
    logs.read(1)
    logs.read(0)
    assert logs.kept(B) is None
    assert isinstance(logs.kept(A), Alias)
    logs.settle()
    assert logs.kept(A) is None
    assert logs.kept(B) is None


def test_a_merge_heard_after_the_erasure_that_followed_it_is_followed_by_it():
    """Told under the other id, the merge came later to the erased one's partition: the person is
    erased under both ids all the same."""
    logs = topic()
    contact(logs, A, START_MS)
    contact(logs, B, START_MS)
    merge(logs, A, B, START_MS + 1, key=B)
    erase(logs, A, START_MS + HOUR_MS)
    logs.read(0)
    logs.settle()
    assert logs.kept(A) is None
    assert logs.kept(B) is None
    assert sum(receipt["found"] for receipt in receipts(logs)) == 2


def test_an_unknown_customer_can_be_erased():
    """Nothing was kept, and the receipt says so."""
    logs = topic()
    erase(logs, A, START_MS)
    logs.settle()
    assert [receipt["found"] for receipt in receipts(logs)] == [False]
