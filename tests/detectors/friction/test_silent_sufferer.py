"""Most customers who suffer say nothing: two things went wrong, nobody spoke (FR6)."""

import pytest

from tests.story import Story, policy_of, told, used

KIND = "silent_sufferer"


def error(story, severity=3, hours=0.0):
    """The product fails in the customer's hands."""
    return story.after(hours=hours).tell("product.error", severity=severity, feature="transfer")


def suffering(policy=None):
    """Two errors and a failed payment, six hours apart."""
    story = error(error(Story(policy, only=KIND)), hours=6)
    return story.after(hours=6).tell("payment.failed", attempt_no=1, invoice_id="v-1")


def test_two_days_of_silence_after_the_last_of_it():
    """Forty-eight hours after the third thing went wrong nobody has said a word."""
    story = suffering().quiet(days=4)

    assert story.lines == ["day 2.5 · trigger · silent_sufferer · severity 3 · suffers_in_silence"]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "3 things went wrong (2 errors, 1 failed payment) and not a word from or to the customer "
        "in 48 h"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-2"]
    assert alert["cause_class"] == "product_quality"


@pytest.mark.parametrize("fields", [{"trigger": "problem"}, {"about": "e-1"}])
def test_a_proactive_notice_ends_the_silence(fields):
    """Told by the company: nobody suffers unseen."""
    story = suffering().after(hours=3).tell("notification.sent", proactive=True, **fields)

    assert story.quiet(days=10).lines == []


@pytest.mark.parametrize(
    "fields",
    [{"proactive": True, "trigger": "renewal"}, {"proactive": False, "trigger": "problem"}],
)
def test_a_newsletter_or_a_reply_is_no_notice(fields):
    """Only word of the problem, unasked, counts."""
    story = suffering().after(hours=3).tell("notification.sent", **fields).quiet(days=4)

    assert told(story) == [("trigger", 3, "suffers_in_silence")]


def test_who_gets_in_touch_does_not_suffer_in_silence():
    """Whatever it is about."""
    assert suffering().after(hours=20).contact().quiet(days=10).lines == []


def test_a_call_of_ours_about_something_else_is_no_word_of_theirs():
    """Sales called: the customer still has not been heard."""
    story = suffering().after(hours=20).contact(direction="outbound").quiet(days=4)

    assert told(story) == [("trigger", 3, "suffers_in_silence")]


def test_speaking_up_afterwards_takes_it_back():
    """The alert is over when customer and company have met."""
    story = suffering().quiet(days=3).contact()

    assert told(story)[-1] == ("resolve", 3, "customer_spoke")


def test_two_clean_weeks_end_it():
    """Nothing more went wrong for fourteen days."""
    story = suffering().quiet(days=20)

    assert story.lines[-1] == "day 14.5 · resolve · silent_sufferer · severity 3 · clean"


def test_one_thing_is_no_suffering():
    """One error, or several that hardly hurt."""
    assert error(Story(only=KIND)).quiet(days=20).lines == []
    assert error(error(error(Story(only=KIND), 2), 1), 2).quiet(days=20).lines == []


def test_one_payment_tried_four_times_is_one_trouble():
    """The machine tries again; two payments that fail are two."""
    story = Story(only=KIND)
    for attempt_no in range(1, 5):
        story.after(hours=6).tell("payment.failed", attempt_no=attempt_no, invoice_id="v-1")
    assert story.quiet(days=4).lines == []

    story.tell("payment.failed", attempt_no=1, invoice_id="v-2").quiet(days=4)
    assert told(story) == [("trigger", 3, "suffers_in_silence")]


def test_two_things_far_apart_are_none_either():
    """Fifteen days apart they do not add up."""
    assert error(error(Story(only=KIND)), hours=15 * 24).quiet(days=20).lines == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            {"type_": "payment.failed", "attempt_no": 1, "invoice_id": "v-1"},
            {"type_": "payment.succeeded", "invoice_id": "v-1"},
        ),
        (
            {"type_": "onboarding.step_failed", "step": "bank"},
            {"type_": "onboarding.step_completed", "step": "bank"},
        ),
        (
            {"type_": "task.abandoned", "task_kind": "return"},
            {"type_": "task.completed", "task_kind": "return"},
        ),
    ],
)
def test_what_went_through_after_all_is_no_trouble(wrong, right):
    """The second try worked: one error remains, and that is not enough."""
    story = error(Story(only=KIND)).after(hours=1).tell(**wrong)
    story.after(hours=5).tell(**right).quiet(days=20)

    assert story.lines == []
    story = error(Story(only=KIND)).after(hours=1).tell(**wrong).quiet(days=4)
    assert told(story) == [("trigger", 3, "suffers_in_silence")]


def test_another_payment_does_not_pay_this_one():
    """What failed is still unpaid."""
    story = suffering().after(hours=1).tell("payment.succeeded", invoice_id="v-2").quiet(days=4)

    assert story.alerts[0]["number"] == 3


def test_a_late_order_and_a_bill_shock_count():
    """Bills are a shock when bill shock says so."""
    story = Story(only=KIND)
    for number, amount in enumerate((3000, 3000, 3000, 6500)):
        story.after(days=30).tell(
            "invoice.issued",
            invoice_id=f"v-{number}",
            amount_minor=amount,
            currency="EUR",
            plan_changed=False,
        )
    story.after(days=1).tell("order.delayed", order_id="o-1").quiet(days=3)

    assert "1 bill shock, 1 late order" in story.alerts[0]["reason"]["text"]
    assert story.alerts[0]["cause_class"] == "service_process"


def test_each_new_trouble_waits_anew():
    """The silence counts from the last of it; while it is known nothing is said again."""
    story = error(suffering().quiet(hours=40), hours=0).quiet(hours=47)
    assert story.lines == []
    story.quiet(days=1)
    assert told(error(story).quiet(days=4)) == [("trigger", 3, "suffers_in_silence")]


def test_using_it_less_is_worse():
    """Half of the own four weeks before: about to go."""
    story = used(Story(only=KIND), 20, 20, 20, 20)
    error(error(story, hours=1), hours=1)
    used(story, 4)
    error(story, hours=1).quiet(days=4)

    assert told(story) == [
        ("trigger", 3, "suffers_in_silence"),
        ("update", 4, "suffers_and_uses_less"),
    ]
    assert "use has fallen by 80%" in story.alerts[-1]["reason"]["text"]
    assert story.alerts[-1]["suggested_action"].startswith("Call")


def test_using_it_as_before_is_not():
    """The same fall seen before the trouble began says nothing about it."""
    story = used(Story(only=KIND), 20, 20, 20, 4, 20)
    error(error(story, hours=1), hours=1).quiet(days=4)

    assert [a["severity"] for a in story.alerts] == [3]


@pytest.mark.parametrize(
    ("limits", "count"), [({"troubles": 4}, 0), ({"silence_h": 12}, 1), ({"error_severity": 4}, 0)]
)
def test_the_limits_are_the_policys(limits, count):
    """How much, how long and what counts is the policy's to say."""
    assert len(suffering(policy_of(detectors={KIND: limits})).quiet(days=5).alerts) == count


def test_a_crash_loses_no_timer_and_a_long_list_stays_small():
    """The last five are kept; a restart in between changes nothing."""
    story = Story(only=KIND)
    for _ in range(8):
        error(story, hours=1).crash()
    story.quiet(days=3)

    assert [a["number"] for a in story.alerts] == [5]
