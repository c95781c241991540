"""Satisfied with the resolution, and it was hard (DC4)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "satisfied_not_easy"


def served(policy=None):
    """One call, solved."""
    story = Story(policy, only=KIND).contact("line/dead").after(minutes=9)
    return story.tell("contact.ended", contact_id="k-1", outcome="resolved").after(minutes=5)


def csat(story, score=5, **fields):
    """How satisfied, of five."""
    return answer(story, "csat", score, 5, **fields)


def ces(story, score=2, **fields):
    """How easy, of seven."""
    return answer(story, "ces", score, 7, **fields)


def answer(story, kind, score, most, **fields):
    """An answer about the call."""
    given = {"contact_id": "k-1", "scale_min": 1, "scale_max": most, "higher_is_better": True}
    return story.tell("survey.responded", kind=kind, score=score, **{**given, **fields})


FOUND = [("trigger", 3, KIND)]


def test_five_for_satisfaction_and_two_for_ease():
    """Told at the second of the two answers, with both as evidence."""
    story = ces(csat(served()).after(minutes=1))

    assert told(story) == FOUND
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "5 of 5 in satisfaction and 2 of 7 in ease about the same thing"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-2", "e-3"]
    assert alert["object_id"] == "r:/line/dead"


def test_in_either_order():
    """Ease first, satisfaction two days later."""
    assert told(csat(ces(served()).after(days=2))) == FOUND


@pytest.mark.parametrize(
    ("satisfaction", "ease", "count"),
    [(4, 3, 1), (4, 4, 0), (3.9, 3, 0), (5, 7, 0), (1, 1, 0)],
)
def test_where_the_lines_are(satisfaction, ease, count):
    """Four of five and three of seven; both good and both poor agree."""
    assert len(told(ces(csat(served(), satisfaction), ease))) == count


def test_the_older_question_where_low_is_easy():
    """Five of five for effort: very hard."""
    story = ces(csat(served()), 5, scale_max=5, higher_is_better=False)

    assert told(story) == FOUND
    assert told(ces(csat(served()), 1, scale_max=5, higher_is_better=False)) == []


def test_two_contacts_are_two_things():
    """Satisfied with this call, and that one was hard, even about the same line."""
    story = csat(served()).contact("line/dead")

    assert told(ces(story, contact_id="k-2")) == []


def test_an_answer_about_the_issue():
    """The second survey names no call, but the matter."""
    story = ces(csat(served()), contact_id=None, reason="line/dead")
    assert told(story) == FOUND

    other = ces(csat(served()), contact_id=None, reason="how/to")
    assert told(other) == []


@pytest.mark.parametrize(("days", "count"), [(30, 1), (30.1, 0)])
def test_answers_far_apart(days, count):
    """A month lies between the two."""
    assert len(told(ces(csat(served()).after(days=days)))) == count


def test_easy_now():
    """Asked again about the same, and it was easy; a crash in between changes nothing."""
    story = ces(ces(csat(served())).crash().after(days=3), 6)

    assert told(story) == [*FOUND, ("resolve", 3, "easy_now")]


def test_it_ends_by_itself():
    """After a month without another such answer."""
    assert told(ces(csat(served())).quiet(days=40))[-1] == ("resolve", 3, "quiet")


def test_recommendation_is_another_question():
    """Two of ten is not about ease."""
    assert told(answer(csat(served()), "nps", 2, 10, scale_min=0)) == []


def test_the_limits_are_the_policys():
    """For who asks for more ease."""
    policy = policy_of(detectors={KIND: {"ces_max": 5}})

    assert told(ces(csat(served(policy)), 5)) == FOUND
