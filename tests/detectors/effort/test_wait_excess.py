"""Waiting is effort, all waits added up (EF7)."""

import pytest

from tests.story import Story, policy_of

KIND = "wait_excess"


def ivr(story, minutes, contact="k-1", **fields):
    """So many minutes in the voice menu."""
    return story.after(minutes=minutes).tell(
        "ivr.segment_ended", contact_id=contact, duration_s=minutes * 60, exit="agent", **fields
    )


def answered(story, minutes, contact="k-1"):
    """Answered after so many minutes in the queue."""
    return story.after(minutes=minutes).tell(
        "contact.answered", contact_id=contact, wait_s=minutes * 60
    )


def codes(story):
    """Action, severity and reason of each alert."""
    return [(a["action"], a["severity"], a["reason"]["code"]) for a in story.alerts]


def test_twenty_minutes_in_all():
    """Menu, queue and hold on one issue add up: at twenty minutes it is too long."""
    story = answered(ivr(Story(only=KIND).contact(), 8), 8)
    assert story.lines == []

    story.after(minutes=4).tell("contact.hold", contact_id="k-1", duration_s=240)
    assert codes(story) == [("trigger", 3, "waited_long")]
    assert story.alerts[0]["reason"]["text"].startswith("20 minutes")
    assert [e["type"] for e in story.alerts[0]["evidence"]] == [
        "ivr.segment_ended",
        "contact.answered",
        "contact.hold",
    ]


def test_forty_minutes_are_severe():
    """At forty minutes in all the severity rises."""
    story = ivr(ivr(Story(only=KIND).contact(), 25), 15)

    assert codes(story) == [("trigger", 3, "waited_long"), ("update", 4, "waited_long")]


def test_waits_of_several_contacts_about_one_issue_add_up():
    """Ten minutes in each of two calls are twenty on the issue."""
    story = answered(Story(only=KIND).contact(), 10)
    answered(story.after(days=1).contact(), 10, "k-2")

    assert codes(story) == [("trigger", 3, "waited_long")]


def test_giving_up_in_the_queue_is_waiting_too():
    """Time spent before hanging up was waited all the same."""
    story = Story(only=KIND).contact().after(minutes=21)
    story.tell("contact.abandoned", contact_id="k-1", wait_s=21 * 60)

    assert codes(story) == [("trigger", 3, "waited_long")]


def test_holds_told_only_as_a_sum_count():
    """Where only the sum of holds is told at the end, it counts; told one by one, not twice."""
    story = Story(only=KIND).contact().after(minutes=30)
    story.tell("contact.hold", contact_id="k-1", duration_s=600)
    story.tell("contact.ended", contact_id="k-1", hold_s=1199)
    assert story.lines == []

    story.after(days=1).contact().after(minutes=30)
    story.tell("contact.ended", contact_id="k-2", hold_s=60)
    assert codes(story) == [("trigger", 3, "waited_long")]


@pytest.mark.parametrize("where", ["contact.started", "contact.queued"])
def test_a_quoted_wait_that_is_not_kept(where):
    """Ten minutes where four were quoted: a promise about time was broken, whoever quoted it."""
    story = Story(only=KIND)
    if where == "contact.started":
        story.contact(quoted_wait_s=240)
    else:
        story.contact().tell(where, contact_id="k-1", queue="front", quoted_wait_s=240)

    assert codes(answered(story, 10)) == [("trigger", 3, "waited_over_quote")]


@pytest.mark.parametrize("minutes", [5, 8.9, 14.9])
def test_a_little_over_the_quote_is_forgiven(minutes):
    """It takes half as much again and five minutes more: ten quoted, fifteen waited."""
    quoted_min = 4 if minutes < 9 else 10
    story = Story(only=KIND).contact(quoted_wait_s=quoted_min * 60)

    assert answered(story, minutes).lines == []


def test_resolving_the_issue_ends_it():
    """With the issue resolved it is over."""
    story = ivr(Story(only=KIND).contact(), 25)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved")

    assert [a["resolved_reason"] for a in story.alerts] == [None, "issue_resolved"]


def test_short_waits_are_ordinary():
    """Nineteen minutes in all say nothing."""
    assert answered(ivr(Story(only=KIND).contact(), 9), 10).lines == []


def test_waits_about_different_issues_do_not_add_up():
    """Fifteen minutes each about two things are not thirty about one."""
    story = answered(Story(only=KIND).contact(), 15)

    assert answered(story.after(days=1).contact(reason="delivery/late"), 15, "k-2").lines == []


def test_a_wait_of_long_ago_is_not_added():
    """After more than thirty silent days the sum begins anew."""
    story = answered(Story(only=KIND).contact(), 15)

    assert answered(story.after(days=31).contact(), 15, "k-2").lines == []


def test_the_menu_before_the_contact_belongs_to_it():
    """The voice menu comes before anybody knows what it is about; its wait is not lost by that.

    Two issues are open, so the menu opens a provisional one, until the contact names its own.
    """
    story = answered(Story(only=KIND).contact(), 10).contact(reason="delivery/late")
    ivr(story.after(days=1), 12, "k-3", channel="ivr")
    assert story.lines == []

    story.contact(contact_id="k-3").after(minutes=1)
    answered(story, 1, "k-3")
    assert codes(story) == [("trigger", 3, "waited_long")]
    assert story.alerts[0]["object_id"] == "r:/billing/bill"
    assert story.alerts[0]["number"] == 23


def test_the_limits_are_the_policys():
    """Where half an hour is ordinary, twenty minutes say nothing."""
    policy = policy_of(detectors={KIND: {"wait_min": 30}})

    assert ivr(Story(policy, only=KIND).contact(), 25).lines == []
