"""What people say of an alert survives new evidence; the latest word counts, and none is lost."""

from tests.engine.probe import QuietProbe, find, people, probed, said
from tests.engine.words import DAY_MS, counted, word


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
