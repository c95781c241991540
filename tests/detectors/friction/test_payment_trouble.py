"""A payment that does not go through is trouble before the customer says so (BI1)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "payment_trouble"


def fail(story, attempt=1, invoice="i-1", days=1.0, **fields):
    """One failed payment, so many days on; no ``max_attempts`` unless told."""
    named = {"invoice_id": invoice} if invoice else {}
    return story.after(days=days).tell(
        "payment.failed",
        attempt_no=attempt,
        **named,
        **{"decline": "soft", "amount_minor": 2990, "currency": "EUR", **fields},
    )


def pay(story, invoice="i-1", days=1.0):
    """The payment goes through."""
    named = {"invoice_id": invoice} if invoice else {}
    return story.after(days=days).tell("payment.succeeded", **named)


def test_the_first_failure_is_said_mildly():
    """One failed payment is worth knowing, no more."""
    story = fail(Story(only=KIND), max_attempts=4)

    assert told(story) == [("trigger", 2, "payment_failed")]
    assert story.alerts[0]["reason"]["text"] == (
        "1 failed payment of 29.90 EUR, attempt 1 of 4, soft decline"
    )
    assert story.alerts[0]["cause_class"] == "billing"
    assert story.alerts[0]["object_id"] == "i-1"


def test_each_further_failure_weighs_more_up_to_the_last():
    """Failed again is worse; the last attempt failed is the end of the road."""
    story = Story(only=KIND)
    for attempt in (1, 2, 3, 4):
        fail(story, attempt, max_attempts=4)

    assert told(story) == [
        ("trigger", 2, "payment_failed"),
        ("update", 3, "payment_failed_again"),
        ("update", 4, "last_attempt_failed"),
    ]
    assert len(story.alerts[-1]["evidence"]) == 4


def test_a_hard_decline_is_grave_at_once():
    """A card that will never work again needs another one, not another try."""
    story = fail(Story(only=KIND), decline="hard")

    assert told(story) == [("trigger", 4, "hard_decline")]
    assert "another means of payment" in story.alerts[0]["suggested_action"]


def test_paid_is_over():
    """The payment that goes through ends it."""
    story = pay(fail(fail(Story(only=KIND)), 2))

    assert told(story)[-1] == ("resolve", 3, "paid")


def test_failures_that_name_no_invoice_are_paid_by_any_payment():
    """Where the producer names nothing, the next payment is the one."""
    story = pay(fail(Story(only=KIND), invoice=None), invoice="i-9")

    assert told(story)[-1] == ("resolve", 2, "paid")


def test_a_payment_that_names_nothing_pays_the_only_thing_due():
    """One unpaid invoice and one nameless payment belong together."""
    assert told(pay(fail(Story(only=KIND)), invoice=None))[-1] == ("resolve", 2, "paid")


def test_another_invoice_is_another_matter():
    """Each invoice has its own count, and its own end."""
    story = fail(fail(Story(only=KIND), 1, "i-1"), 1, "i-2")
    pay(story, "i-2")

    assert [(a["action"], a["object_id"]) for a in story.alerts] == [
        ("trigger", "i-1"),
        ("trigger", "i-2"),
        ("resolve", "i-2"),
    ]


def test_a_nameless_payment_among_several_dues_pays_none():
    """We do not guess which of two invoices was paid."""
    story = pay(fail(fail(Story(only=KIND), 1, "i-1"), 1, "i-2"), invoice=None)

    assert [a["action"] for a in story.alerts] == ["trigger", "trigger"]


def test_a_month_later_the_count_begins_anew():
    """A failure after a payment is a first failure again."""
    story = pay(fail(fail(Story(only=KIND), invoice=None), 2, invoice=None), invoice=None)
    fail(story, invoice=None, days=30)

    assert told(story)[-1] == ("trigger", 2, "payment_failed")


def test_paying_is_silent():
    """Payments that go through say nothing, at the first attempt or the third."""
    story = pay(Story(only=KIND))
    story.after(days=30).tell("payment.succeeded", invoice_id="i-2", attempt_no=3)

    assert story.lines == []


def test_word_of_a_failure_that_comes_after_the_payment_is_stale():
    """Told late, about before it was paid: nothing to alarm about."""
    story = pay(Story(only=KIND))
    fail(story, days=-0.5)

    assert story.lines == []


def test_attempts_we_never_heard_of_count():
    """If the first word we hear is of the third attempt, it is the third."""
    assert told(fail(Story(only=KIND), 3)) == [("trigger", 3, "payment_failed_again")]


@pytest.mark.parametrize(("raised_attempts", "severities"), [(2, [2, 3]), (3, [2])])
def test_the_limit_is_the_policys(raised_attempts, severities):
    """From which attempt on it weighs more is the policy's to say."""
    story = Story(policy_of(detectors={KIND: {"raised_attempts": raised_attempts}}), only=KIND)
    fail(fail(story), 2)

    assert [a["severity"] for a in story.alerts] == severities


def test_a_customer_with_many_unpaid_things_stays_small():
    """The oldest of more than eight is forgotten; a restart in between changes nothing."""
    story = Story(only=KIND)
    for number in range(10):
        fail(story, invoice=f"i-{number}").crash()
    pay(pay(story, "i-9"), "i-0")

    assert [
        (a["object_id"], a["resolved_reason"]) for a in story.alerts if a["action"] == "resolve"
    ] == [("i-0", "forgotten"), ("i-1", "forgotten"), ("i-9", "paid")]
