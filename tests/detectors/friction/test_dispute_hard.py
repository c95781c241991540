"""A disputed charge should be decided without the customer running after it (BI4)."""

import pytest

from tests.story import Story, policy_of

KIND = "dispute_hard"


def disputed(policy=None, **fields):
    """A dispute about one charge."""
    return Story(policy, only=KIND).tell(
        "dispute.opened", **{"dispute_id": "d-1", "amount_minor": 4500, "currency": "EUR", **fields}
    )


def ask(story, days=1.0, **fields):
    """The customer calls about it, so many days on."""
    return story.after(days=days).contact(reason="billing/dispute", **fields)


def decide(story, days=1.0, **fields):
    """The dispute is decided, so many days on."""
    return story.after(days=days).tell(
        "dispute.resolved", **{"dispute_id": "d-1", "outcome": "upheld", **fields}
    )


def told(story):
    """Each alert as day, action, severity and reason."""
    return [line.replace(f" · {KIND}", "") for line in story.lines]


def test_open_for_more_than_ten_days():
    """Nobody decided it for ten days."""
    story = disputed().quiet(days=20)

    assert told(story) == ["day 10 · trigger · severity 3 · open_too_long"]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "10 days open, 0 contacts about it (45.00 EUR)"
    assert (alert["object_id"], alert["cause_class"]) == ("d-1", "billing")


def test_two_contacts_about_it():
    """The customer had to ask twice."""
    story = ask(ask(disputed(issue_id="charge"), issue_id="charge"), issue_id="charge")

    assert told(story) == ["day 2 · trigger · severity 3 · asked_about"]
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-0", "e-1", "e-2"]


def test_the_second_contact_about_it_costs_effort_of_its_own():
    """Calling twice about a disputed charge weighs more than a repeat about anything else."""
    story = ask(ask(disputed(issue_id="charge"), issue_id="charge"), issue_id="charge")

    parts = story.alerts[0]["jei"]["parts"]
    assert parts["dispute_second_contact"] == 5
    assert set(parts) == {
        "dispute_opened",
        "first_contact",
        "repeat_contact_short",
        "dispute_second_contact",
    }


def test_contacts_that_name_the_disputed_invoice_are_about_it():
    """Whatever reason the agent chose, the invoice says what it is about."""
    story = disputed(invoice_id="i-1")
    ask(ask(story, invoice_id="i-1"), invoice_id="i-1")

    assert told(story) == ["day 2 · trigger · severity 3 · asked_about"]


def test_long_and_asked_about_is_severe():
    """Two of the signs together."""
    story = disputed(issue_id="charge")
    ask(ask(story, issue_id="charge"), issue_id="charge").quiet(days=10)

    assert told(story) == [
        "day 2 · trigger · severity 3 · asked_about",
        "day 10 · update · severity 4 · open_too_long",
    ]


def test_opened_again_after_a_decision_is_severe():
    """It was decided, and the decision did not hold."""
    story = decide(disputed()).after(days=5).tell("dispute.opened", dispute_id="d-1")

    assert told(story) == ["day 6 · trigger · severity 4 · opened_again"]
    assert "may decide" in story.alerts[0]["suggested_action"]


def test_decided_and_quiet_for_a_month_is_settled():
    """A decision ends it only when it has held for thirty days."""
    story = decide(disputed().quiet(days=12)).quiet(days=40)

    assert told(story) == [
        "day 10 · trigger · severity 3 · open_too_long",
        "day 43 · resolve · severity 3 · settled",
    ]


def test_asking_after_the_decision_puts_the_settlement_off():
    """The month begins with the last word about it."""
    story = decide(disputed(issue_id="c").quiet(days=12), issue_id="c")
    ask(story, days=10, issue_id="c").quiet(days=40)

    assert told(story)[-1] == "day 53 · resolve · severity 3 · settled"


def test_decided_in_time_is_silent():
    """Decided on the tenth day's eve, never asked about."""
    assert decide(disputed(), days=9.9).quiet(days=60).lines == []


def test_one_contact_is_ordinary():
    """Asking once how it stands is fair."""
    story = ask(disputed(issue_id="charge"), issue_id="charge")

    assert decide(story).quiet(days=60).lines == []


def test_contacts_about_something_else_do_not_count():
    """Two calls about another matter say nothing about the dispute."""
    story = (
        disputed(issue_id="charge").contact("delivery/late").after(days=1).contact("delivery/late")
    )

    assert decide(story).quiet(days=60).lines == []


def test_our_own_calls_do_not_count():
    """Calling the customer about it is work on it."""
    story = disputed(issue_id="charge")
    for _ in range(3):
        ask(story, issue_id="charge", direction="outbound")

    assert decide(story).quiet(days=60).lines == []


def test_the_same_word_told_twice_is_not_an_opening_again():
    """Opened while open is a repetition, before and after the ten days."""
    story = disputed().after(days=2).tell("dispute.opened", dispute_id="d-1").quiet(days=10)
    story.tell("dispute.opened", dispute_id="d-1")

    assert told(story) == ["day 10 · trigger · severity 3 · open_too_long"]


def test_two_disputes_are_two():
    """Each has its own clock and its own decision."""
    story = disputed().after(days=5).tell("dispute.opened", dispute_id="d-2")
    decide(story).quiet(days=30)

    assert [(a["object_id"], a["reason"]["code"]) for a in story.alerts] == [
        ("d-2", "open_too_long")
    ]


def test_a_decided_dispute_leaves_no_open_issue():
    """The issue it opened is resolved with it, so it does not go stale."""
    story = decide(disputed())
    story.only = "stale_issue"

    assert story.quiet(days=40).lines == []


@pytest.mark.parametrize(("limits", "days"), [({"open_d": 3}, [3.0]), ({"open_d": 30}, [])])
def test_limits_are_the_policys(limits, days):
    """How long is too long is the policy's to say."""
    story = disputed(policy_of(detectors={KIND: limits})).quiet(days=20)

    assert [a["number"] for a in story.alerts] == days


def test_a_restart_while_the_clock_runs_changes_nothing():
    """Both timers, of the ten days and of the month, live in the journey."""
    story = decide(disputed().crash().quiet(days=12).crash()).crash().quiet(days=40)

    assert told(story) == [
        "day 10 · trigger · severity 3 · open_too_long",
        "day 43 · resolve · severity 3 · settled",
    ]
