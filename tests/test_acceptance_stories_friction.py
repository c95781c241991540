"""The articles' own stories of friction, told to the whole catalogue (catalogue section 9).

What they say must be said, by whom it must be said; and what they say must not be, is not.
"""

import pytest

from tests.story import DAY_MS, Story

BESIDE = ("first_thing_goes_wrong", "alert_unactioned")
"""Told in every story of trouble: that it was the first, and that nobody took the alerts on."""


def triggered(story):
    """Kinds of alert triggered so far, sorted, but for what is told beside each."""
    told = {a["kind"] for a in story.alerts if a["action"] == "trigger"}
    return sorted(told.difference(BESIDE))


def of(story, kind):
    """The alerts of one kind as action, severity and reason."""
    return [
        (a["action"], a["severity"], a["resolved_reason"] or a["reason"]["code"])
        for a in story.alerts
        if a["kind"] == kind
    ]


def test_story_2_three_days_late_and_a_polite_answer():
    """The order is three days late; the answer is quick, polite, and says neither why nor when.

    It is not counted as handled: the delay and the answer that solves nothing are both told, and
    both are over when the parcel is there and the case is resolved.
    """
    story = Story()
    story.tell("order.placed", order_id="o-1", promised_at=story.now_ms + 3 * DAY_MS)
    story.after(days=2).tell("order.delayed", order_id="o-1", delay_s=3 * 86_400, cause="carrier")
    story.after(minutes=20).tell(
        "notification.sent", about="e-1", proactive=True, trigger="problem", order_id="o-1"
    )
    story.after(days=2).contact("order/late", channel="email", case_id="s-1", order_id="o-1")
    story.tell("case.opened", case_id="s-1", contact_id="k-1", channel="email", order_id="o-1")
    story.after(minutes=12).tell(
        "case.response_sent", case_id="s-1", kind="human", substantive=False, next_step=False
    )
    story.quiet(days=2)

    assert of(story, "delay_chain") == [("trigger", 4, "very_late")]
    # One level up: the first thing that went wrong for this customer has been mishandled by now.
    assert of(story, "first_thing_goes_wrong")[-1] == ("update", 4, "mishandled_response")
    assert of(story, "answered_not_solved") == [("trigger", 5, "answered_while_late")]
    assert "unanswered_inquiry" not in triggered(story)
    assert "delay_without_notice" not in triggered(story)

    story.tell("order.delivered", order_id="o-1").after(hours=1).tell(
        "case.resolved", case_id="s-1"
    )
    assert of(story, "delay_chain")[-1] == ("resolve", 4, "delivered")
    assert of(story, "answered_not_solved")[-1] == ("resolve", 5, "issue_resolved")


def delayed():
    """The shop knows that the parcel will be late by half a day."""
    story = Story()
    eta_ms = story.now_ms + DAY_MS
    return story.tell("order.delayed", order_id="o-1", old_eta=eta_ms, new_eta=eta_ms + DAY_MS // 2)


def test_story_3_the_delay_is_not_announced():
    """Sixty minutes, and nobody has told the customer; a crash in the middle changes nothing."""
    assert triggered(delayed().quiet(minutes=61)) == ["delay_without_notice"]
    crashed = delayed().quiet(minutes=30).crash().quiet(minutes=31)
    assert of(crashed, "delay_without_notice") == [("trigger", 3, "not_announced")]


def test_story_3_the_notice_at_minute_59():
    """Told in time: nothing at all."""
    story = delayed().after(minutes=59)
    story.tell("notification.sent", about="e-0", proactive=True, trigger="problem").quiet(days=3)

    assert [(a["kind"], a["severity"]) for a in story.alerts] == [("first_thing_goes_wrong", 1)]


def test_story_3_the_customer_calls_at_minute_30():
    """Told too late: the customer asked first. It is counted, and there is nothing left to do."""
    story = delayed().after(minutes=30).contact("order/where_is_it", order_id="o-1")
    story.after(minutes=4).tell("contact.ended", contact_id="k-1", outcome="resolved")
    story.quiet(days=3)

    assert of(story, "delay_without_notice") == [
        ("trigger", 3, "customer_asked_first"),
        ("resolve", 3, "too_late"),
    ]


def test_story_5_the_weekly_bug():
    """Reported on days 0, 7 and 14, a known fault: told on the third report, not on the second."""
    story = Story().tell("product.known_issue_updated", known_issue_id="KI-118", status="open")
    for week in range(3):
        assert "recurring_issue" not in triggered(story)
        story.after(days=7 * (week > 0)).contact("product/statement", known_issue_id="KI-118")

    assert of(story, "recurring_issue") == [("trigger", 4, "comes_back")]
    alert = next(a for a in story.alerts if a["kind"] == "recurring_issue")
    assert [e["event_id"] for e in alert["evidence"]] == ["e-1", "e-2", "e-3"]


def test_story_7_billing_every_month():
    """Contacts after bills one and two of three: told at the second."""
    story = Story()
    for month in range(3):
        invoice = f"v-{month}"
        story.tell("invoice.issued", invoice_id=invoice, amount_minor=3000, currency="EUR")
        story.after(days=3)
        if month < 2:
            assert "recurring_billing_confusion" not in triggered(story)
            story.contact("billing/unclear", invoice_id=invoice).after(minutes=6)
            story.tell("contact.ended", contact_id=f"k-{month + 1}", outcome="resolved")
        story.after(days=27)

    assert of(story, "recurring_billing_confusion") == [("trigger", 4, "bills_need_explaining")]
    assert "bill_shock" not in triggered(story)


def suffering():
    """Two errors and a failed payment, and the customer says nothing."""
    story = Story()
    for hours in (0, 7):
        story.after(hours=hours).tell("product.error", severity=3, feature="transfer", code="E42")
    return story.after(hours=7).tell(
        "payment.failed", attempt_no=1, invoice_id="v-1", actor={"kind": "system"}
    )


def test_story_9_the_silent_customer():
    """Forty-eight hours later: told. That the payment failed is told on its own."""
    story = suffering().quiet(days=3)

    assert triggered(story) == ["payment_trouble", "silent_sufferer"]
    assert of(story, "silent_sufferer") == [("trigger", 3, "suffers_in_silence")]


def test_story_9_a_restart_in_the_middle():
    """The timer is in the journey, not in the worker."""
    whole, torn = suffering().quiet(days=3), suffering().quiet(days=1).crash().quiet(days=2)

    assert [a["alert_id"] for a in torn.alerts] == [a["alert_id"] for a in whole.alerts]


def test_story_9_with_a_proactive_notice():
    """Somebody wrote first: nobody suffers unseen."""
    story = suffering().after(hours=5)
    story.tell("notification.sent", proactive=True, trigger="problem", about="e-1").quiet(days=20)

    assert triggered(story) == ["payment_trouble"]


@pytest.mark.parametrize(("said", "kinds"), [("14_days", ["inconsistent_answer"]), ("30_days", [])])
def test_story_10_agent_and_website_disagree(said, kinds):
    """The website says thirty days, the agent fourteen; had they agreed, nothing is said."""
    story = Story().tell("selfservice.started", topic="return_window")
    story.tell(
        "answer.given", topic="return_window", answer_key="30_days", answered_by="web",
        article_id="kb-204", version="7",
    )  # fmt: skip
    story.after(days=2).contact("order/return").after(minutes=3)
    story.tell(
        "answer.given", topic="return_window", answer_key=said, answered_by="agent",
        agent="agent-31", contact_id="k-1",
    )  # fmt: skip
    story.tell("contact.ended", contact_id="k-1", outcome="resolved").quiet(days=3)

    assert triggered(story) == kinds


@pytest.mark.parametrize("tell", [delayed, suffering])
def test_story_12_told_again_it_is_the_same_to_the_byte(tell):
    """Replayed, the same records give the same alert ids and the same evidence."""
    told, again = ([send.value for send in tell().quiet(days=30).house.sends] for _ in range(2))

    assert told and told == again
