"""Merges, aliases, erasure: what a line does with records that say who a customer is."""

import json

import pytest

from streams import policy as policies
from streams.engine import consent
from streams.engine.identity_kept import Alias
from streams.engine.journey import Journey
from streams.wire import internal
from tests.partitions import START_MS, Topic, id_in

A, B, C, FAR = id_in(0), id_in(1), id_in(0, number=1), id_in(1, number=1)
POLICY = policies.load()
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def topic() -> Topic:
    """Two partitions under the default policy."""
    return Topic(POLICY.rules, POLICY.questions)


def contact(logs: Topic, customer: str, at_ms: int, number: int = 1, **fields) -> None:
    """An inbound contact begins."""
    logs.tell(
        customer,
        "contact.started",
        at_ms,
        **{
            "contact_id": f"k-{customer}-{number}",
            "channel": "phone",
            "direction": "inbound",
            "reason": {"l1": "billing", "l2": "bill"},
            **fields,
        },
    )


def merge(logs: Topic, from_id: str, into_id: str, at_ms: int, key: str | None = None) -> None:
    """Two ids are one customer, told under the first unless said otherwise."""
    logs.tell(
        key or from_id, "identity.merged", at_ms, from_customer_id=from_id, into_customer_id=into_id
    )


def erase(logs: Topic, customer: str, at_ms: int, scope: str = "all") -> None:
    """The customer asks to be forgotten."""
    logs.tell(customer, "customer.erasure_requested", at_ms, scope=scope)


def of_journey(logs: Topic, customer: str) -> Journey:
    """The journey under an id."""
    kept = logs.kept(customer)
    assert isinstance(kept, Journey)
    return kept


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


def test_a_record_under_a_new_name_is_otherwise_the_same():
    """Unknown fields, numbers as they were written, CloudEvents in either form."""
    logs = topic()
    merge(logs, A, B, START_MS)
    plain = (
        f'{{"customer_id":"{A}","event_id":"p","source":"urn:x","type":"complaint.filed",'
        f'"occurred_at":{START_MS},"severity":1,"extra":1.50}}'
    )
    logs.put(A.encode(), plain.encode(), [("ce_partitionkey", A.encode())], START_MS)
    structured = (
        f'{{"specversion":"1.0","id":"s","source":"urn:x","type":"complaint.filed",'
        f'"partitionkey":"{A}","time":"2026-01-01T00:00:00Z",'
        f'"data":{{"customer_id":"{A}","severity":2}}}}'
    )
    logs.put(A.encode(), structured.encode(), (), START_MS)
    logs.settle()
    assert not logs.refused
    assert of_journey(logs, B).n == 2
    moved = [send for send in logs.sends if send.topic == "touchpoints.v1"][1]
    assert b'"extra":1.50' in moved.value
    assert ("throughline-via", A.encode()) in moved.headers


def test_timers_move_along():
    """A promise made to the first id breaks for the second, stamped with its own due time."""
    logs = topic()
    due_ms = START_MS + DAY_MS
    logs.tell(A, "promise.made", START_MS, promise_id="p", kind="fix", due_at=due_ms)
    merge(logs, A, B, START_MS + HOUR_MS)
    logs.settle()
    contact(logs, B, START_MS + 5 * DAY_MS)
    logs.settle()
    (promise,) = of_journey(logs, B).promises
    assert promise.broken_ms == due_ms + DAY_MS  # a day of grace
    assert [a["customer_id"] for a in logs.alerts if a["kind"] == "broken_promise"] == [B]


def test_open_episodes_move_and_keep_their_alert():
    """Said again under the id that stays: same alert, next revision, this customer's from now on."""
    logs = topic()
    logs.tell(A, "promise.made", START_MS, promise_id="p", kind="fix", due_at=START_MS + HOUR_MS)
    contact(logs, A, START_MS + 5 * DAY_MS)
    merge(logs, A, B, START_MS + 6 * DAY_MS)
    logs.settle()
    said = [a for a in logs.alerts if a["kind"] == "broken_promise"]
    assert [(a["action"], a["customer_id"]) for a in said] == [("trigger", A), ("update", B)]
    assert said[0]["alert_id"] == said[1]["alert_id"]
    assert (said[0]["revision"], said[1]["revision"]) == (1, 2)


def test_of_two_episodes_about_the_same_thing_the_older_survives():
    """The other is resolved as merged, under the id it was said of, and names the survivor."""
    logs = topic()
    for customer, late_ms in ((A, HOUR_MS), (B, 0)):
        logs.tell(
            customer, "promise.made", START_MS + late_ms, promise_id="p", kind="fix",
            due_at=START_MS + HOUR_MS + late_ms,
        )  # fmt: skip
        contact(logs, customer, START_MS + 5 * DAY_MS)
    merge(logs, A, B, START_MS + 6 * DAY_MS)
    logs.settle()
    said = [a for a in logs.alerts if a["kind"] == "broken_promise"]
    first = {a["customer_id"]: a["alert_id"] for a in said if a["action"] == "trigger"}
    (resolved,) = [a for a in said if a["action"] == "resolve"]
    assert resolved["alert_id"] == first[A]
    assert resolved["resolved_reason"] == "merged"
    assert resolved["dedupe_key"].startswith(f"{A}:")
    assert first[B] in resolved["reason"]["text"]
    open_now = [e for e in of_journey(logs, B).episodes if e.kind == "broken_promise"]
    assert [episode.alert_id for episode in open_now] == [first[B]]


def test_a_merge_of_history_says_nothing():
    """A backfilled merge moves everything and raises nothing."""
    logs = topic()
    logs.tell(A, "promise.made", START_MS, promise_id="p", kind="fix", due_at=START_MS + HOUR_MS)
    contact(logs, A, START_MS + 5 * DAY_MS)
    logs.tell(
        A, "identity.merged", START_MS + 6 * DAY_MS, origin="backfill",
        from_customer_id=A, into_customer_id=B,
    )  # fmt: skip
    logs.settle()
    assert {a["action"] for a in logs.alerts} == {"trigger"}
    assert of_journey(logs, B).n == 2


def test_a_refusal_beats_a_grant_in_a_merge():
    """Consent: the newest word of either id; at a tie, no."""
    logs = topic()
    logs.tell(A, "consent.changed", START_MS, purpose="service", status="revoked")
    logs.tell(B, "consent.changed", START_MS, purpose="service", status="granted")
    logs.tell(A, "consent.changed", START_MS, purpose="news", status="granted")
    merge(logs, A, B, START_MS + 1)
    logs.settle()
    journey = of_journey(logs, B)
    assert consent.standing(journey, "service", START_MS + 2) == "revoked"
    assert consent.allows(journey, "news", START_MS + 2)


def test_an_internal_record_that_we_did_not_make_is_refused():
    """A changed byte, another deployment's topic, a key that is not its customer's."""
    logs = topic()
    made = internal.Forgotten(customer_id=A, event_id="f", occurred_at=START_MS)
    good = internal.send(made, logs.line.topic, START_MS)
    elsewhere = internal.send(made, "other.touchpoints.v1", START_MS)
    logs.put(A.encode(), good.value.replace(b'"f"', b'"g"'), good.headers, START_MS)
    logs.put(A.encode(), elsewhere.value, elsewhere.headers, START_MS)
    logs.put(C.encode(), good.value, good.headers, START_MS)
    logs.put(A.encode(), good.value, good.headers, START_MS)
    logs.settle()
    assert [letter["cx.error.code"] for letter in logs.refused] == ["not_ours"] * 3


def test_an_internal_type_without_our_mark_is_no_touchpoint():
    """Producers cannot send one by accident: the contract does not know it."""
    logs = topic()
    logs.tell(A, "identity.absorbed", START_MS, from_customer_id=B, by=1)
    logs.settle()
    assert [letter["cx.error.code"] for letter in logs.refused] == ["unknown_type"]


# -- erasure ----------------------------------------------------------------------------------


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
