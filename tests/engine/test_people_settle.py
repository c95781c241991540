"""What people settled, dismissed, or found wrong or useful: what comes back, and what it counts."""

import pytest

from tests.engine.probe import clear, find, people, probed, said
from tests.engine.words import counted


def test_people_resolve_and_it_may_come_back():
    """What people settled comes back if it was not settled."""
    story = find(people(find(probed(), 2), "resolved").after(days=1), 2)

    assert said(story) == [
        ("trigger", 2, "open"),
        ("resolve", 2, "resolved"),
        ("trigger", 2, "reopened"),
    ]
    assert story.alerts[1]["resolved_reason"] == "resolved_by_people"


@pytest.mark.parametrize("did", ["dismissed", "feedback"])
def test_a_dismissed_one_does_not_come_back_unless_worse(did):
    """Somebody said that it does not matter, or is wrong: the same again is not told, a rise is."""
    story = find(people(find(probed(), 2), did, useful=False).after(days=1), 2)
    assert said(story) == [("trigger", 2, "open"), ("resolve", 2, "resolved")]

    find(story, 3)
    assert said(story)[2:] == [("trigger", 3, "reopened")]


@pytest.mark.parametrize(("days", "told"), [(30, 0), (30.1, 1)])
def test_a_dismissal_holds_for_a_month(days, told):
    """Thirty days, also over the weekly sweep; then the same finding is another alert."""
    story = people(find(probed(), 2), "dismissed")
    for _ in range(3):
        story.after(days=9).contact()
    story.now_ms = story.told[1]["occurred_at"]
    find(story.after(days=days), 2)

    assert said(story)[2:] == [("trigger", 2, "open")] * told
    assert len({a["alert_id"] for a in story.alerts}) == 1 + told


def test_how_long_a_dismissal_holds_is_policy():
    """Here one day."""
    story = probed(severity={"dismissed_d": 1})
    find(people(find(story, 2), "dismissed").after(days=2), 2)

    assert said(story)[2:] == [("trigger", 2, "open")]


def test_context_alone_does_not_bring_a_dismissed_one_back():
    """A rise is the detector's, not the contract's."""
    story = people(find(probed(), 2), "dismissed")
    find(story.tell("customer.profile_changed", tier="1"), 2)

    assert said(story)[2:] == []


def test_dismissing_what_is_over_keeps_it_from_coming_back():
    """Said again as resolved, by whom and why; acknowledging, snoozing, resolving do nothing."""
    story = clear(find(probed(), 2))
    for did in ("acknowledged", "snoozed", "resolved"):
        people(story, did)
    assert counted(story) == {"feedback.after_end": 3}

    find(people(story, "dismissed").after(days=1), 2)
    assert said(story)[2:] == [("resolve", 2, "resolved")]
    assert story.alerts[2]["resolved_reason"] == "dismissed_by_people"


def test_dismissed_twice_is_said_once():
    """The second time nothing changes."""
    story = people(people(find(probed(), 2), "dismissed"), "dismissed")

    assert len(story.alerts) == 2
    assert counted(story) == {"feedback.repeated": 1}


def test_wrong_ends_it_and_counts_against_the_detector():
    """On the alert, by whom; and in the counts of its kind."""
    story = people(find(probed(), 2), "feedback", useful=False)

    assert said(story)[1:] == [("resolve", 2, "resolved")]
    last = story.alerts[-1]
    assert (last["resolved_reason"], last["useful"], last["by"]) == ("wrong", False, "ann")
    assert counted(story) == {"feedback.wrong": 1, "judged.probe.wrong": 1}


def test_wrong_counts_also_when_it_is_long_over_or_already_dismissed():
    """The word on its worth comes when somebody has looked into it."""
    over = people(clear(find(probed(), 2)).after(days=2), "feedback", useful=False)
    dismissed = people(people(find(probed(), 2), "dismissed"), "feedback", useful=False)

    for story in (over, dismissed):
        assert story.alerts[-1]["useful"] is False
        assert counted(story)["judged.probe.wrong"] == 1


def test_wrong_said_twice_counts_once():
    """One alert is wrong once."""
    story = people(find(probed(), 2), "feedback", useful=False)
    people(story, "feedback", useful=False)

    assert counted(story) == {"feedback.wrong": 1, "judged.probe.wrong": 1, "feedback.repeated": 1}


def test_useful_takes_it_on():
    """Whoever found it right to be told has seen it; a rise is told as of an acknowledged one."""
    story = find(people(find(probed(), 2), "feedback", useful=True), 3)

    assert said(story)[1:] == [("acknowledge", 2, "acknowledged"), ("update", 3, "acknowledged")]
    assert story.alerts[1]["useful"] is True
    assert counted(story) == {"feedback.useful": 1, "judged.probe.useful": 1}


def test_an_opinion_of_nothing_changes_nothing():
    """Neither useful nor wrong: counted, and that is all."""
    story = people(find(probed(), 2), "feedback")

    assert said(story) == [("trigger", 2, "open")]
    assert counted(story) == {"feedback.no_opinion": 1}
