"""An alert that people put off: until when, and what wakes it before."""

import pytest

from tests.engine.probe import clear, find, people, probed, said
from tests.engine.words import DAY_MS, counted, word


def test_only_a_rise_wakes_a_snoozed_one():
    """Snoozed, neither another reason nor easing is told; a rise is."""
    story = people(find(probed(), 2, "slow"), "snoozed")
    find(find(story, 2, "wrong"), 1, "wrong", regulatory=True)
    assert said(story)[1:] == [("acknowledge", 2, "snoozed")]

    find(story, 3, "wrong")
    assert said(story)[2:] == [("update", 3, "open")]


def test_a_rise_is_one_above_what_people_put_off():
    """Snoozed at 3 and silently eased to 1: back to 3 is nothing that they had not seen, 4 is."""
    story = people(find(probed(), 3), "snoozed")
    find(find(story, 1, regulatory=True), 3)
    assert said(story)[1:] == [("acknowledge", 3, "snoozed")]

    find(story, 4)
    assert said(story)[2:] == [("update", 4, "open")]


def test_context_alone_does_not_wake_a_snoozed_one():
    """A customer who becomes tier 1 makes everything more severe: no news about what was put off."""
    story = people(find(probed(), 2, "slow"), "snoozed")
    find(story.tell("customer.profile_changed", tier="1"), 2, "wrong")

    assert said(story)[1:] == [("acknowledge", 2, "snoozed")]


def test_a_snooze_ends_when_it_said_and_what_still_holds_is_told():
    """To the minute, without new evidence, once; with the reason as it is by then."""
    story = find(probed(), 2, "slow")
    people(story, "snoozed", until=story.now_ms + 2 * DAY_MS)
    find(story.after(days=1), 2, "wrong").quiet(days=30)

    assert said(story)[2:] == [("update", 2, "open")]
    assert story.lines[2] == "day 2 · update · probe · severity 2 · wrong"
    assert story.alerts[2]["reason"]["text"].startswith("the snooze is over")


def test_after_a_snooze_another_reason_is_told_again():
    """It is an open episode like any other."""
    story = find(probed(), 2, "slow")
    people(story, "snoozed", until=story.now_ms + 2 * DAY_MS)
    find(story.after(days=3), 2, "late")

    assert [a["reason"]["code"] for a in story.alerts[2:]] == ["slow", "late"]


def test_a_snooze_without_an_end_lasts_a_week():
    """Nobody forgets an alert by forgetting to say until when; how long is policy."""
    lasting = people(find(probed(), 2), "snoozed").quiet(days=30)
    short = people(find(probed(severity={"snooze_d": 1}), 2), "snoozed").quiet(days=30)

    assert lasting.lines[2:] == ["day 7 · update · probe · severity 2 · probe"]
    assert short.lines[2:] == ["day 1 · update · probe · severity 2 · probe"]


@pytest.mark.parametrize("days", [0, -1])
def test_a_snooze_into_the_past_changes_nothing(days):
    """It would be over before it began: counted, and the alert stays as it was."""
    story = find(probed(), 2)
    people(story, "snoozed", until=story.now_ms + days * DAY_MS)

    assert said(story) == [("trigger", 2, "open")]
    assert counted(story) == {"feedback.no_time_left": 1}


def test_a_snooze_that_comes_too_late_changes_nothing():
    """It ended before it arrived."""
    story = find(probed(), 2)
    at_ms = story.now_ms + 60_000
    find(story.after(days=3), 1)
    word(story, "snoozed", at_ms=at_ms, until=at_ms + DAY_MS)

    assert counted(story) == {"feedback.no_time_left": 1}


def test_snoozed_again_it_sleeps_until_the_later_word():
    """A second snooze replaces the first; the same one again changes nothing."""
    story = find(probed(), 2)
    first_ms, second_ms = story.now_ms + DAY_MS, story.now_ms + 3 * DAY_MS
    for until_ms in (first_ms, second_ms, second_ms):
        people(story, "snoozed", until=until_ms)
    story.quiet(days=30)

    assert story.lines[3:] == ["day 3 · update · probe · severity 2 · probe"]
    assert counted(story) == {"feedback.repeated": 1}


def test_what_is_over_is_not_told_when_a_snooze_ends():
    """Taken back while it slept: the end is told at once and nothing after it."""
    story = clear(people(find(probed(), 2), "snoozed")).quiet(days=30)

    assert said(story)[2:] == [("resolve", 2, "resolved")]


def test_a_snooze_survives_a_crash():
    """What people said and when it ends is in the journey."""
    story = find(probed(), 2)
    people(story, "snoozed", until=story.now_ms + DAY_MS).crash()
    find(story, 2, "wrong").quiet(days=2)

    assert story.lines[2:] == ["day 1 · update · probe · severity 2 · wrong"]
