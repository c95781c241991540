"""Something is being made good (MO6)."""

import pytest

from tests.detectors.moment.telling import DETECTED, MET, end, served
from tests.story import Story, policy_of, told

KIND = "recovery"


def failed(policy=None, contact=None):
    """A call on Thursday about a dead line, which is repaired the same day."""
    story = Story(policy, only=KIND).after(hours=10)
    story.contact(**(contact or {"reason": "line/dead"}))
    return served(story)


def recovered(story=None, **fields):
    """Two hours later a credit."""
    given = {"kind": "credit", "contact_id": "k-1", **fields}
    given = {name: value for name, value in given.items() if value is not None}
    return (story or failed()).after(hours=2).tell("recovery.action_taken", **given)


def test_told_at_once():
    """For information: what was done, about which issue."""
    story = recovered()

    assert told(story) == [DETECTED]
    assert story.alerts[0]["reason"]["text"] == "1 recovery: credit"
    assert story.alerts[0]["object_id"] == "r:/line/dead"


@pytest.mark.parametrize(
    "word",
    [
        lambda s: s.contact("line/dead", direction="outbound"),
        lambda s: s.tell("account.touch", kind="check_in"),
        lambda s: s.tell("survey.sent", kind="csat"),
        lambda s: s.tell("notification.sent", proactive=True),
    ],
)
def test_followed_through(word):
    """A call, a check-in, a question how it is, a note: within two days."""
    assert told(word(recovered().after(hours=40)).quiet(days=20)) == [DETECTED, MET]


def test_a_credit_and_not_a_word():
    """Two days later nobody has asked whether it is well now."""
    story = recovered().quiet(days=5)

    assert told(story) == [DETECTED, ("update", 4, "mishandled_follow_up")]
    assert (
        story.alerts[1]["reason"]["text"]
        == "48 h without a word from us, standard 48 h: a recovery"
    )


def test_dead_again():
    """The first return is one too many."""
    story = recovered().tell("survey.sent", kind="csat").after(days=5).contact("line/dead")

    assert told(story) == [DETECTED, ("update", 4, "mishandled_repeat")]


@pytest.mark.parametrize(("days", "reason"), [(6.9, "mishandled_repeat"), (7.1, "standard_met")])
def test_for_a_week(days, reason):
    """What comes after that is asked elsewhere."""
    story = recovered().tell("survey.sent", kind="csat").after(days=days).contact("line/dead")

    assert end(story) == reason


def test_another_question_is_no_return():
    """How do I export?"""
    story = recovered().tell("survey.sent", kind="csat").after(days=1).contact("how/to")

    assert end(story) == "standard_met"


def test_a_recovery_that_does_not_say_of_what():
    """Then a return is a contact about anything that was there before it."""
    back = recovered(contact_id=None).tell("survey.sent", kind="csat").after(days=1)
    assert end(back.contact("line/dead")) == "mishandled_repeat"

    new = recovered(contact_id=None).tell("survey.sent", kind="csat").after(days=1)
    assert end(served(new.contact("how/to"), "k-2")) == "standard_met"


@pytest.mark.parametrize(
    ("contact", "fields", "key"),
    [
        ({"issue_id": "i-1"}, {"issue_id": "i-1"}, "i:i-1"),
        ({"reason": "line/dead", "case_id": "s-1"}, {"case_id": "s-1"}, "r:/line/dead"),
        ({"reason": "line/dead"}, {"issue_id": "i-9", "contact_id": "k-1"}, "r:/line/dead"),
        ({"reason": "line/dead"}, {"contact_id": None}, None),
    ],
)
def test_what_it_is_about(contact, fields, key):
    """By issue, by case, by contact, or not known."""
    assert recovered(failed(contact=contact), **fields).alerts[0]["object_id"] == key


def test_a_second_one_is_a_word():
    """A voucher after the credit: one moment, and somebody is still there."""
    story = recovered().after(days=1).tell(
        "recovery.action_taken", kind="voucher", contact_id="k-1"
    )  # fmt: skip

    assert told(story.quiet(days=20)) == [DETECTED, MET]


def test_the_standard_is_the_policys():
    """A day for the word."""
    policy = policy_of(detectors={KIND: {"first_word_h": 24}})
    story = recovered(failed(policy)).quiet(days=2)

    assert story.alerts[-1]["number"] == 24


def test_a_crash_loses_no_clock():
    """Between the credit and the word that did not come."""
    assert told(recovered().crash().quiet(days=5))[-1] == ("update", 4, "mishandled_follow_up")
