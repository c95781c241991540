"""The agent was wonderful, and they would not recommend the company (DC8)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "touchpoint_vs_relationship"


def asked(story=None, contact=None, relationship=None, days=0, **fields):
    """An answer to one of the two questions, of ten, some days later."""
    story = (story or Story(only=KIND)).after(days=days)
    score, scope = (
        (contact, "interaction") if contact is not None else (relationship, "relationship")
    )
    given = {"kind": "nps", "scope": scope, "scale_min": 0, "scale_max": 10}
    return story.tell(
        "survey.responded", **{**given, "score": score, "higher_is_better": True, **fields}
    )


FOUND = [("trigger", 3, "contact_good_relationship_not")]


def test_ten_for_the_contact_and_four_for_the_company():
    """Told at the second of the two, with both as evidence."""
    story = asked(asked(contact=10), relationship=4, days=20)

    assert told(story) == FOUND
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "10 of 10 for the contact and 4 of 10 for the relationship"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1"]
    assert (alert["number"], alert["threshold"]) == (6, 3)


def test_in_either_order_and_by_journey():
    """The relationship first, and a whole journey's answer after it."""
    assert told(asked(asked(relationship=5), contact=9, days=3, scope="journey")) == FOUND


@pytest.mark.parametrize(
    ("contact", "relationship", "count"),
    [(9, 6, 1), (8, 6, 0), (9, 7, 0), (10, 10, 0), (2, 2, 0), (3, 9, 0)],
)
def test_where_the_lines_are(contact, relationship, count):
    """Promoter of the contact, detractor of the company; everything else agrees or is other."""
    assert len(told(asked(asked(contact=contact), relationship=relationship))) == count


@pytest.mark.parametrize(("days", "count"), [(90, 1), (90.1, 0)])
def test_within_ninety_days(days, count):
    """What they thought of a call in spring is old in summer."""
    assert len(told(asked(asked(contact=10), relationship=3, days=days))) == count


@pytest.mark.parametrize("fields", [{"scope": None}, {"kind": "csat"}])
def test_what_does_not_count(fields):
    """A scope that is not told, another question."""
    fields = {"score": 3, "kind": "nps", "scale_min": 0, "scale_max": 10, **fields}
    fields = {name: value for name, value in fields.items() if value is not None}
    story = asked(contact=10).tell("survey.responded", higher_is_better=True, **fields)

    assert told(story) == []


def test_they_agree_again():
    """The next answer about the company is better; a crash in between changes nothing."""
    story = asked(asked(contact=10), relationship=4).crash()

    assert told(asked(story, relationship=8, days=30)) == [*FOUND, ("resolve", 3, "agree_again")]


def test_another_scale():
    """One to five."""
    story = asked(asked(contact=5, scale_min=1, scale_max=5), relationship=2, scale_max=5)

    assert told(story) == FOUND


def test_an_old_answer_that_comes_late():
    """What came after it counts."""
    story = asked(asked(asked(contact=10), relationship=9, days=30), relationship=2, days=-20)

    assert told(story) == []


def test_it_ends_by_itself():
    """Nobody is asked any more."""
    assert told(asked(asked(contact=10), relationship=4).quiet(days=130))[-1][2] == "quiet"


def test_the_limits_are_the_policys():
    """For who wants more of the company."""
    policy = policy_of(detectors={KIND: {"relationship_max": 8}})

    assert told(asked(asked(Story(policy, only=KIND), contact=9), relationship=8)) == FOUND
