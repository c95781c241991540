"""The rules of the bench as a table of small stories, and the systems' shared step held to them."""

import json

import pytest

from benchmarks.jbench import oracle, rules, workload

DAY_S = 86_400
CONTACT = {"case_id": "c", "reason": "login", "handle_s": 1, "wait_s": 1, "resolved": True}


def told(n, day, kind="support_contact", **own):
    """One valid record of one customer."""
    common = {
        "kind": kind, "event_id": f"e{n}", "customer_id": "anna", "ts": int(day * DAY_S),
        "channel": "phone", "schema_version": 1,
    }  # fmt: skip
    return json.dumps(common | (own or CONTACT)).encode()


def escalated(n, day):
    """Nine at once: over the threshold from nothing."""
    return told(n, day, "escalation", level=3)


def test_a_score_that_crosses_eight_is_an_alert_with_that_score():
    """An escalation weighs nine."""
    found = oracle.answer([escalated(1, 0)])

    assert found.alerts == {("anna", "e1"): (9.0, False)}


def test_it_is_said_once_until_the_score_has_been_below_six():
    """Half-life three days: after one day still armed off, after six days armed again."""
    found = oracle.answer([escalated(1, 0), escalated(2, 1)])
    assert [event for _, event in found.alerts] == ["e1"]

    calm = told(2, 6, "onboarding", step="s", status="started", duration_s=1)
    found = oracle.answer([escalated(1, 0), calm, escalated(3, 6)])
    assert [event for _, event in found.alerts] == ["e1", "e3"]


def test_the_same_reason_within_seven_days_counts_one_more():
    """Contacts weigh two, repeated ones three; another reason is no repetition."""
    same = oracle.answer([told(n, 0) for n in range(3)])
    assert list(same.alerts.values()) == [(8.0, True)]

    mixed = [told(n, 0, **{**CONTACT, "reason": reason}) for n, reason in enumerate(
        ["login", "outage", "billing"]
    )]  # fmt: skip
    assert oracle.answer(mixed).alerts == {}


@pytest.mark.parametrize(("day", "repeated"), [(7, True), (7.01, False)])
def test_a_reason_is_forgotten_after_seven_days(day, repeated):
    """Exactly seven days still count."""
    found = oracle.answer([told(1, 0), escalated(2, day), told(3, day), told(4, day)])
    again = oracle.answer([told(1, 0), escalated(2, day), told(3, day)])

    assert list(found.alerts) == list(again.alerts) == [("anna", "e2")]
    last = rules.Kept()
    for record in [told(1, 0), escalated(2, day)]:
        rules.step(last, rules.read(record))
    before = last.effort
    rules.step(last, rules.read(told(3, day)))
    assert (last.effort - before == pytest.approx(3.0)) is repeated


@pytest.mark.parametrize(
    "value",
    [
        b"{not json",
        told(1, 0).replace(b'"ts": 0, ', b""),
        told(1, 0).replace(b"support_contact", b"smoke_signal"),
        told(1, 0).replace(b'"ts": 0', b'"ts": "yesterday"'),
        told(1, 0).replace(b"{", b'{"surprise": true, ', 1),
    ],
)
def test_what_nobody_can_read_is_counted_and_changes_nothing(value):
    """The oracle and the step that the Python systems share refuse the same."""
    assert oracle.answer([value]).unreadable == 1
    with pytest.raises(rules.Unreadable):
        rules.read(value)


def test_the_shared_step_gives_the_oracles_alerts():
    """On a drawn input: the same alerts, scores and refusals, though no line is shared."""
    drawn = list(workload.records(30_000, 2_000, 7))
    kept, alerts, unreadable = {}, {}, 0
    for record in drawn:
        try:
            touchpoint = rules.read(record.value)
        except rules.Unreadable:
            unreadable += 1
            continue
        one = kept.get(record.key) or kept.setdefault(record.key, rules.fresh(record.key, 16))
        kept[record.key] = one = rules.unpack(rules.pack(one))  # it survives being stored
        alert = rules.step(one, touchpoint)
        if alert is not None:
            alerts[alert.customer_id, alert.event_id] = (pytest.approx(alert.score), alert.repeat)

    answer = oracle.answer(one.value for one in drawn)
    assert answer.alerts == alerts
    assert answer.unreadable == unreadable == 30
