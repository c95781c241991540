"""What people say of an alert survives new evidence; the latest word counts, and none is lost."""

import pytest

from tests.engine.probe import QuietProbe, clear, find, people, probed, said

DAY_MS = 86_400_000


def counted(story) -> dict[str, int]:
    """Words of people that had no effect, or said what an alert was worth, by name."""
    names: dict[str, int] = {}
    for outcome in story.house.outcomes:
        for name, count in outcome.counts.items():
            if name.startswith("feedback.") or name.endswith((".wrong", ".useful")):
                names[name] = names.get(name, 0) + count
    return names


def word(story, did: str, *, at_ms: int, **fields):
    """A word about the first alert with a time of its own, whenever it arrives."""
    return story.tell(
        f"alert.{did}", alert_id=story.alerts[0]["alert_id"], by="ann", occurred_at=at_ms, **fields
    )


# Acknowledge


def test_people_acknowledge_and_it_stays_so():
    """An acknowledged episode stays acknowledged when it gets worse."""
    story = find(people(find(probed(), 2), "acknowledged"), 3)

    assert said(story) == [
        ("trigger", 2, "open"),
        ("acknowledge", 2, "acknowledged"),
        ("update", 3, "acknowledged"),
    ]
    assert story.alerts[1]["by"] == "ann"


def test_acknowledged_twice_is_said_once():
    """The second time nothing changes; it is counted."""
    story = people(people(find(probed(), 2), "acknowledged"), "acknowledged")

    assert said(story)[1:] == [("acknowledge", 2, "acknowledged")]
    assert counted(story) == {"feedback.repeated": 1}


def test_the_same_word_sent_twice_is_one_word():
    """Its id was heard before: a duplicate like any other touchpoint."""
    story = people(find(probed(), 2), "acknowledged")
    story.house.hear(story.told[-1])

    assert len(story.alerts) == 2
    assert story.house.outcomes[-1].counts == {"duplicate": 1}


def test_acknowledging_wakes_a_snoozed_one():
    """Whoever takes it on no longer waits: it does not come back when the snooze would have ended."""
    story = people(people(find(probed(), 2), "snoozed"), "acknowledged").quiet(days=20)

    assert said(story)[1:] == [("acknowledge", 2, "snoozed"), ("acknowledge", 2, "acknowledged")]


# Snooze


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


# Resolve, dismiss


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


# Wrong, useful


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


# Which alert, and when


def test_feedback_may_name_the_dedupe_key():
    """Whoever does not know the alert's id names what it is about."""
    story = people(
        find(find(probed(), 2), 2, product_id="a"), "acknowledged", dedupe_key="c-1:probe:a"
    )

    assert [a["object_id"] for a in story.alerts if a["action"] == "acknowledge"] == ["a"]


def test_feedback_about_an_alert_we_do_not_know_is_counted():
    """Another customer's, or one long forgotten: nothing else happens."""
    story = find(probed(), 2).tell("alert.acknowledged", alert_id="another", by="ann")
    story.tell("alert.dismissed", dedupe_key="c-1:probe:nothing", by="ann")

    assert said(story) == [("trigger", 2, "open")]
    assert counted(story) == {"feedback.unknown_alert": 2}


def test_the_latest_word_counts_whatever_the_order_of_arrival():
    """Snoozed on Monday and acknowledged on Tuesday, heard the other way round: acknowledged."""
    story = find(probed(), 2).after(days=2)
    monday_ms, tuesday_ms = story.now_ms - 2 * DAY_MS + 1, story.now_ms - DAY_MS
    word(story, "acknowledged", at_ms=tuesday_ms)
    word(story, "snoozed", at_ms=monday_ms)

    assert said(story)[1:] == [("acknowledge", 2, "acknowledged")]
    assert counted(story) == {"feedback.overtaken": 1}


def test_a_late_word_about_what_is_still_open_counts():
    """It took its time; the episode did not."""
    story = find(probed(), 2)
    at_ms = story.now_ms + 60_000
    find(story.after(days=3), 1)
    word(story, "acknowledged", at_ms=at_ms)

    assert said(story)[1:] == [("acknowledge", 2, "acknowledged")]


def test_a_word_about_history_is_not_published():
    """Nobody was told of it, so nobody is told of its end."""
    story = find(probed(), 2, origin="backfill")
    story.tell("alert.dismissed", dedupe_key="c-1:probe:", by="ann")
    find(story, 2)

    assert story.alerts == []
    assert counted(story) == {"feedback.not_said": 1}


def test_quiet_resolves_what_was_acknowledged():
    """People took it on; time ended it."""
    story = people(find(probed(QuietProbe), 2), "acknowledged").quiet(days=30)

    assert [a["action"] for a in story.alerts] == ["trigger", "acknowledge", "resolve"]
