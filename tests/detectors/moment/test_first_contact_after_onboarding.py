"""The first time they ask when they are on their own (MO1)."""

import pytest

from tests.detectors.moment.telling import DETECTED, MET, end, served
from tests.story import Story, policy_of, told

KIND = "first_contact_after_onboarding"


def onboarded(policy=None, **fields):
    """An onboarding is completed on the third day."""
    story = Story(policy, only=KIND).tell("onboarding.started", plan_id="p-1")
    return story.after(days=3).tell("onboarding.completed", **fields)


def asked(story=None, days=2, **fields):
    """A call two days later, on Tuesday the sixth of January."""
    return (story or onboarded()).after(days=days).contact("how/to", **fields)


def test_the_first_contact_is_told_at_once():
    """For information, with the contact as evidence and the days since the onboarding."""
    story = asked()

    assert told(story) == [DETECTED]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "2.0 days after the onboarding was completed the first contact comes"
    )
    assert [e["type"] for e in alert["evidence"]] == ["contact.started"]


def test_handled_well():
    """Taken after a minute, solved after ten, and not a word of it for a week."""
    story = served(asked()).quiet(days=20)

    assert told(story) == [DETECTED, MET]


def test_nobody_takes_it():
    """Eight open hours; it was asked on a Tuesday."""
    story = asked(channel="email").quiet(days=1)

    assert told(story) == [DETECTED, ("update", 4, "mishandled_response")]
    assert story.alerts[1]["reason"]["text"].endswith(": the first contact after onboarding")


def test_they_have_to_come_back():
    """Solved, they said; three days later the same again."""
    story = served(asked()).after(days=3).contact("how/to")

    assert told(story) == [DETECTED, ("update", 4, "mishandled_repeat")]


def test_not_solved_and_no_date():
    """The agent could not help."""
    assert end(served(asked(), outcome="pending")) == "mishandled_resolution"


def test_passed_on_without_a_word():
    """Cold, in the first call ever."""
    story = asked().tell("contact.transferred", contact_id="k-1", mode="cold")

    assert told(story)[-1] == ("update", 4, "mishandled_transfer")


@pytest.mark.parametrize(
    "story",
    [
        Story(only=KIND).contact("how/to"),
        Story(only=KIND).tell("onboarding.started").after(days=2).contact("how/to"),
        Story(only=KIND).contact().after(days=1).tell("onboarding.completed"),
        asked(direction="outbound"),
    ],
)
def test_what_is_not_it(story):
    """No onboarding, one that is not over, a contact before its end, a call from the company."""
    assert told(story) == []


def test_the_second_contact_is_not_the_first():
    """Another question next month: nothing more is said."""
    story = served(asked()).after(days=30).contact("billing/bill").quiet(days=20)

    assert told(story) == [DETECTED, MET]


def test_once_per_product():
    """Two products, two onboardings, two first contacts."""
    story = served(asked(onboarded(product_id="a"), product_id="a"))
    story.after(days=20).tell("onboarding.completed", product_id="b")
    served(asked(story, product_id="b"), "k-2")
    story.after(days=20).tell("onboarding.completed", product_id="a").contact(product_id="a")

    assert [(a["action"], a["object_id"]) for a in story.quiet(days=20).alerts] == [
        ("trigger", "a"),
        ("resolve", "a"),
        ("trigger", "b"),
        ("resolve", "b"),
    ]


@pytest.mark.parametrize(
    ("onboarding", "contact", "count"),
    [({"product_id": "a"}, {}, 1), ({}, {"product_id": "a"}, 1), ({"product_id": "a"}, {"product_id": "b"}, 0)],
)  # fmt: skip
def test_where_one_side_names_no_product(onboarding, contact, count):
    """A nameless contact is about the product that waits; one about another product is not."""
    assert len(told(asked(onboarded(**onboarding), **contact))) == count


def test_the_standard_is_the_policys():
    """Half an hour, for who promises that."""
    policy = policy_of(detectors={KIND: {"response_h": 0.5}})
    story = asked(onboarded(policy)).quiet(hours=1)

    assert told(story)[-1] == ("update", 4, "mishandled_response")


def test_a_crash_loses_nothing():
    """Between the onboarding and the contact, and between the contact and its end."""
    story = served(asked(onboarded().crash()).crash()).crash().quiet(days=20)

    assert told(story) == [DETECTED, MET]
