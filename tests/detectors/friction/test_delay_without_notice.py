"""Who knows of a delay tells the customer before the customer asks (FR11)."""

from datetime import datetime

import pytest

from tests.story import START_MS, Story, policy_of

KIND = "delay_without_notice"
HOUR_MS = 3_600_000


def delayed(policy=None, order="o-1"):
    """An order is known to be late."""
    story = Story(policy, only=KIND)
    return story.tell("order.delayed", order_id=order, delay_s=86_400, cause="carrier")


def notice(story, **fields):
    """The company writes to the customer of its own accord."""
    return story.tell("notification.sent", **{"proactive": True, "trigger": "problem", **fields})


def minute(alert):
    """When an alert became true, in minutes of the story."""
    return (datetime.fromisoformat(alert["occurred_at"]).timestamp() * 1000 - START_MS) / 60_000


def told(story):
    """Each alert as minute, action and reason."""
    return [
        (minute(a), a["action"], a["resolved_reason"] or a["reason"]["code"]) for a in story.alerts
    ]


def test_an_hour_of_silence_about_a_delay():
    """Sixty minutes after the delay nobody has told the customer."""
    story = delayed().quiet(minutes=90)

    assert told(story) == [(60, "trigger", "not_announced")]
    alert = story.alerts[0]
    assert alert["severity"] == 3 and alert["object_id"] == "o-1"
    assert alert["reason"]["text"] == (
        "60 minutes since order o-1 slipped, and no notice to the customer"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0"]
    assert alert["cause_class"] == "service_process"


@pytest.mark.parametrize(
    "fields", [{"about": "e-0"}, {"order_id": "o-1"}, {}, {"order_id": "o-1", "trigger": None}]
)
def test_a_notice_at_minute_59_is_in_time(fields):
    """By the delay's event, by the order, or as a notice of a problem that names nothing."""
    fields = {name: value for name, value in fields.items() if value is not None}
    story = notice(delayed().after(minutes=59), **fields).quiet(days=2)

    assert story.lines == []


@pytest.mark.parametrize(
    "fields", [{"proactive": False}, {"about": "e-9"}, {"order_id": "o-2"}, {"trigger": "value"}]
)
def test_a_notice_about_something_else_is_none(fields):
    """An answer to a question, another order or a newsletter tells nobody of this delay."""
    story = notice(delayed().after(minutes=30), **fields).quiet(minutes=45)

    assert told(story) == [(60, "trigger", "not_announced")]


def test_a_notice_after_the_hour_ends_it():
    """Late, but told: nothing more to do."""
    story = notice(delayed().quiet(minutes=75), order_id="o-1").quiet(days=5)

    assert told(story) == [(60, "trigger", "not_announced"), (75, "resolve", "notice_sent")]


def test_a_customer_who_asks_first_was_told_too_late():
    """A call at minute 30: counted, and closed at once, for the customer knows by now."""
    story = delayed().after(minutes=30).contact("order/where", order_id="o-1").quiet(days=2)

    assert told(story) == [(30, "trigger", "customer_asked_first"), (30, "resolve", "too_late")]
    assert len(story.alerts[0]["evidence"]) == 2


def test_a_customer_who_asks_after_the_hour():
    """The alert stood open; the call closes it as too late."""
    story = delayed().quiet(minutes=80).contact("order/where").quiet(days=2)

    assert told(story) == [(60, "trigger", "not_announced"), (80, "resolve", "too_late")]


@pytest.mark.parametrize(
    "fields", [{"reason": "billing/bill"}, {"reason": "order/where", "order_id": "o-2"}]
)
def test_a_call_about_something_else_changes_nothing(fields):
    """Another reason or another order: this customer still does not know."""
    story = delayed().after(minutes=30).contact(**fields).quiet(days=1)

    assert told(story) == [(60, "trigger", "not_announced")]


def test_a_call_that_says_what_caused_it_is_about_it():
    """Whatever its reason."""
    story = delayed().after(minutes=30).contact("billing/bill", caused_by="e-0").quiet(days=1)

    assert told(story)[-1] == (30, "resolve", "too_late")


def test_the_company_may_call_instead():
    """A call of ours about the order is a notice."""
    story = delayed().after(minutes=30)
    story.contact("order/late", direction="outbound", order_id="o-1").quiet(days=1)

    assert story.lines == []


def test_a_notice_may_be_faster_than_the_word_of_the_delay():
    """Systems do not write in step: a notice on the order just before is about this delay."""
    story = notice(Story(only=KIND), order_id="o-1").after(minutes=10)
    story.tell("order.delayed", order_id="o-1").quiet(days=1)

    assert story.lines == []


def test_last_weeks_notice_is_not_about_todays_delay():
    """Each delay wants a notice of its own."""
    story = notice(Story(only=KIND), order_id="o-1").after(days=7)
    story.tell("order.delayed", order_id="o-1").quiet(days=1)

    assert [a["action"] for a in story.alerts] == ["trigger"]


@pytest.mark.parametrize(("slip_h", "count"), [(-24, 0), (0.5, 0), (1, 1), (48, 1)])
def test_a_date_that_slips_is_a_delay(slip_h, count):
    """By an hour or more; an earlier date is good news."""
    story = Story(only=KIND)
    eta_ms = story.now_ms + 48 * HOUR_MS
    story.tell(
        "order.eta_changed",
        order_id="o-1",
        old_eta=eta_ms,
        new_eta=eta_ms + round(slip_h * HOUR_MS),
    ).quiet(days=1)

    assert len(story.alerts) == count


def test_delivered_before_the_hour_is_over():
    """Nobody needs a notice about what has arrived."""
    story = delayed().after(minutes=40).tell("order.delivered", order_id="o-1").quiet(days=1)

    assert story.lines == []


@pytest.mark.parametrize("ending", ["delivered", "cancelled"])
def test_the_end_of_the_order_ends_it(ending):
    """What is delivered or cancelled needs no notice any more."""
    story = delayed().quiet(hours=5).tell(f"order.{ending}", order_id="o-1")

    assert told(story)[-1] == (300, "resolve", ending)


def test_an_incident_wants_a_notice_too():
    """And is not explained away by itself: the fault is our silence."""
    story = Story(only=KIND).tell("product.incident_opened", incident_id="n-1").quiet(hours=2)
    story.tell("product.incident_closed", incident_id="n-1")

    assert told(story) == [(60, "trigger", "not_announced"), (120, "resolve", "incident_closed")]
    assert "incident n-1 began" in story.alerts[0]["reason"]["text"]
    assert "everybody" in story.alerts[0]["suggested_action"]


def test_slipping_again_before_the_hour_does_not_move_it():
    """The customer waits for word since the first delay."""
    story = delayed().after(minutes=50)
    story.tell("order.delayed", order_id="o-1").quiet(days=1)

    assert told(story) == [(60, "trigger", "not_announced")]


def test_slipping_again_after_a_notice_wants_another():
    """Each delay that is news wants to be told."""
    story = notice(delayed(), order_id="o-1").after(days=2)
    story.tell("order.delayed", order_id="o-1").quiet(days=1)

    assert [a["action"] for a in story.alerts] == ["trigger"]


@pytest.mark.parametrize("minutes", [15, 120])
def test_the_limit_is_the_policys(minutes):
    """How long a customer may wait for word is the policy's to say."""
    story = delayed(policy_of(detectors={KIND: {"notice_min": minutes}})).quiet(days=1)

    assert told(story) == [(minutes, "trigger", "not_announced")]


def test_many_delays_stay_small_and_a_crash_loses_no_timer():
    """The oldest of more than four is forgotten; the others fall due after a restart."""
    story = Story(only=KIND)
    for number in range(6):
        story.tell("order.delayed", order_id=f"o-{number}").after(minutes=1).crash()
    story.quiet(days=1)

    assert [a["object_id"] for a in story.alerts] == ["o-2", "o-3", "o-4", "o-5"]
