"""Critical, and on its way up (MO4)."""

import pytest

from tests.detectors.moment.telling import DETECTED, MET, end, served
from tests.story import Story, policy_of, told

KIND = "critical_escalation"


def escalated(criticality=3, policy=None, **fields):
    """A call is escalated on Saturday at ten at night."""
    story = Story(policy, only=KIND).after(days=2, hours=22).contact("line/dead").after(minutes=5)
    return story.tell("contact.escalated", contact_id="k-1", criticality=criticality, **fields)


def test_told_at_once():
    """For information: how critical, to which level."""
    story = escalated(level=2)

    assert told(story) == [DETECTED]
    text = story.alerts[0]["reason"]["text"]
    assert text == "3 of 4 is how critical it is, escalated to level 2"
    assert [e["type"] for e in story.alerts[0]["evidence"]] == ["contact.escalated"]


def test_handled_well():
    """Taken within the hour, solved the same night, quiet for a week."""
    assert told(served(escalated()).quiet(days=20)) == [DETECTED, MET]


def test_the_clock_never_stops():
    """Saturday night: an hour is an hour."""
    story = escalated().quiet(hours=2)

    assert told(story) == [DETECTED, ("update", 4, "mishandled_response")]
    assert story.alerts[1]["number"] == 1


def test_a_day_without_a_solution():
    """Taken, and by Sunday night neither solved nor a date given."""
    story = served(escalated(), outcome="pending").quiet(days=2)

    assert told(story)[-1] == ("update", 4, "mishandled_resolution")
    assert story.alerts[-1]["number"] == pytest.approx(24)


def test_passed_on_without_a_word():
    """On top of it all."""
    story = escalated().tell("contact.transferred", contact_id="k-1", mode="cold")

    assert told(story)[-1] == ("update", 4, "mishandled_transfer")


def test_back_within_the_week():
    """Solved, and on Thursday dead again."""
    assert end(served(escalated()).after(days=5).contact("line/dead")) == "mishandled_repeat"


@pytest.mark.parametrize("criticality", [None, 1, 2])
def test_what_is_not_critical(criticality):
    """The ladder looks at those."""
    fields = {} if criticality is None else {"criticality": criticality}
    story = Story(only=KIND).contact().tell("contact.escalated", contact_id="k-1", **fields)

    assert told(story) == []


def test_a_complaint_to_a_regulator():
    """A day to solve it or to say by when; nobody waits on the line."""
    story = Story(only=KIND).tell("complaint.filed", regulatory=True, reason="billing/charge")
    assert told(story) == [DETECTED]
    assert story.alerts[0]["reason"]["text"] == "1 complaint to a regulator"

    assert told(story.quiet(days=2))[-1] == ("update", 4, "mishandled_resolution")
    assert told(Story(only=KIND).tell("complaint.filed")) == []


def test_once_per_issue_under_way():
    """Up one level, and up another: one moment. Another issue: another moment."""
    story = escalated().tell("contact.escalated", contact_id="k-1", criticality=4)
    story.contact("billing/charge").tell("contact.escalated", contact_id="k-2", criticality=3)

    assert [a["object_id"] for a in story.alerts] == ["r:/line/dead", "r:/billing/charge"]


def test_what_is_critical_is_the_policys():
    """Only the gravest."""
    policy = policy_of(detectors={KIND: {"criticality": 4}})

    assert told(escalated(3, policy)) == []
    assert told(escalated(4, policy)) == [DETECTED]


def test_a_crash_loses_no_clock():
    """Between the escalation and the answer."""
    assert told(escalated().crash().quiet(hours=2))[-1] == ("update", 4, "mishandled_response")
