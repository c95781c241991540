"""Saying it all again is effort (EF4)."""

import pytest

from tests.story import Story, policy_of

KIND = "repeat_information"


def ask(story, contact="k-1", given=True):
    """The agent asks for the account number."""
    return story.after(minutes=1).tell(
        "contact.info_requested", contact_id=contact, item="account_number", already_given=given
    )


def codes(story):
    """Action and severity of each alert."""
    return [(a["action"], a["severity"]) for a in story.alerts]


def test_asked_twice_for_what_was_given():
    """Two requests in one contact for what the customer had already said."""
    story = ask(ask(Story(only=KIND).contact()))

    assert codes(story) == [("trigger", 3)]
    assert story.alerts[0]["reason"]["text"].startswith("2 times in one contact")
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-1", "e-2"]


def test_a_third_request_in_one_contact_is_severe():
    """Three times in one contact raises the severity."""
    assert codes(ask(ask(ask(Story(only=KIND).contact())))) == [("trigger", 3), ("update", 4)]


def test_three_requests_over_several_contacts():
    """Once in each of three contacts about one issue is as bad as twice in one."""
    story = ask(Story(only=KIND).contact())
    ask(story.after(days=1).contact(), "k-2")
    assert story.lines == []

    ask(story.after(days=1).contact(), "k-3")
    assert codes(story) == [("trigger", 3)]
    assert story.alerts[0]["reason"]["text"].startswith("3 times on one issue")


def test_being_answered_without_the_history_counts():
    """A returning customer answered without context has to tell it again."""
    story = Story(only=KIND).contact().after(days=1).contact()
    story.tell("contact.answered", contact_id="k-2", context_loaded=False)

    assert codes(ask(story, "k-2")) == [("trigger", 3)]


def test_a_transfer_without_context_counts():
    """A transfer that passes nothing on makes the customer begin again."""
    story = Story(only=KIND).contact()
    for target in ("billing", "tech"):
        story.after(minutes=1).tell(
            "contact.transferred",
            contact_id="k-1",
            mode="warm",
            to_queue=target,
            context_passed=False,
        )

    assert codes(story) == [("trigger", 3)]


def test_resolving_the_issue_ends_it():
    """With the issue resolved it is over."""
    story = ask(ask(Story(only=KIND).contact()))
    story.after(minutes=1).tell("contact.ended", contact_id="k-1", agent_says_resolved=True)

    assert [a["resolved_reason"] for a in story.alerts] == [None, "issue_resolved"]


def test_a_first_question_is_ordinary():
    """Asking for what is not yet known, however often, is how one gets to know it."""
    story = Story(only=KIND).contact()
    for _ in range(5):
        ask(story, given=False)

    assert story.lines == []


def test_once_is_forgiven():
    """One repetition in a contact says nothing."""
    assert ask(Story(only=KIND).contact()).lines == []


def test_a_new_customer_has_no_history_to_load():
    """Answered without context, but there was nothing before: no effort."""
    story = Story(only=KIND).contact()
    for _ in range(3):
        story.after(minutes=1).tell("contact.answered", contact_id="k-1", context_loaded=False)

    assert story.lines == []


@pytest.mark.parametrize(("days", "count"), [(30, 1), (30.1, 0)])
def test_an_earlier_contact_matters_for_thirty_days(days, count):
    """History of up to thirty days is expected to be at hand; older is not."""
    policy = policy_of(detectors={KIND: {"contact_requests": 1}})
    story = Story(policy, only=KIND).contact().after(days=days).contact()
    story.tell("contact.answered", contact_id="k-2", context_loaded=False)

    assert len(story.lines) == count


def test_a_later_contact_without_a_request_says_nothing():
    """What was asked last week is not asked again merely because the customer calls."""
    story = ask(ask(Story(only=KIND).contact()))
    story.tell("contact.ended", contact_id="k-1", outcome="resolved")
    story.after(days=1).contact().tell("contact.answered", contact_id="k-2", context_loaded=True)

    assert [a["action"] for a in story.alerts] == ["trigger", "resolve"]


def test_an_issue_long_silent_is_counted_anew():
    """After more than thirty days without anything on it, an issue's requests begin anew."""
    story = ask(Story(only=KIND).contact())
    ask(story.after(days=1).contact(), "k-2")
    ask(story.after(days=31).contact(), "k-3")

    assert story.lines == []
