"""What moves along when two ids become one customer, and what is not believed on its way."""

from streams.engine import consent
from streams.wire import internal
from tests.identity.ids import DAY_MS, HOUR_MS, A, B, C, contact, merge, of_journey, topic
from tests.partitions import START_MS


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
