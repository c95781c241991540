"""An alert that nobody acts on goes up a level (CL1). The stories begin on a Thursday."""

import pytest

from streams import policy as policies
from tests.story import Story, policy_of, told

KIND = "alert_unactioned"
ASKED = policy_of(detectors={KIND: {"enabled": True}})
SCORE = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True}


def severe(story=None):
    """An alert of severity 4: the customer complained to a regulator."""
    return (story or Story(ASKED, only=KIND)).tell("complaint.filed", regulatory=True)


def poor(story=None):
    """An alert of severity 3: two of five."""
    return (story or Story(ASKED, only=KIND)).tell("survey.responded", score=2, **SCORE)


def people(story, did, kind="bad_experience_score", **fields):
    """Somebody does something about the latest alert of that kind."""
    found = [a for a in story.house.alerts if a["kind"] == kind]
    return story.tell(f"alert.{did}", alert_id=found[-1]["alert_id"], by="ann", **fields)


def test_a_severe_one_lies_for_an_hour():
    """One level up, after an hour by any clock; the text says which and how long."""
    story = severe().quiet(hours=2)

    assert told(story) == [("trigger", 5, "not_acknowledged")]
    assert story.lines[0].startswith("day 0.04167 ")
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "1 alert not acknowledged, the gravest bad_experience_score of severity 4, the oldest for "
        "1.0 h"
    )
    assert (alert["number"], alert["threshold"]) == (1, 1)


def test_a_lesser_one_lies_for_eight_open_hours():
    """Severity three, on a Thursday: eight hours, and one level up."""
    story = poor().quiet(hours=9)

    assert told(story) == [("trigger", 4, "not_acknowledged")]
    assert story.lines[0].startswith("day 0.3333 ")


def test_the_weekend_does_not_count():
    """Friday at eight in the evening: four hours are left, and four on Monday."""
    story = poor(Story(ASKED, only=KIND).after(days=1, hours=20)).quiet(days=5)

    assert story.lines[0].startswith("day 4.167 ")


@pytest.mark.parametrize("did", ["acknowledged", "snoozed", "resolved", "dismissed"])
def test_somebody_acts_in_time(did):
    """Whatever they do about it."""
    assert told(people(poor().after(hours=7), did).quiet(days=3)) == []


@pytest.mark.parametrize("did", ["acknowledged", "resolved"])
def test_somebody_acts_late(did):
    """Then it lies no more, and the escalation ends."""
    story = people(poor().quiet(hours=9), did).quiet(days=3)

    assert told(story)[1:] == [("resolve", 4, "acted_on")]


def test_small_ones_may_lie():
    """Severity two, for a month: a second contact about the same, a first failed payment."""
    story = (
        Story(ASKED, only=KIND)
        .tell("payment.failed", attempt_no=1, invoice_id="v-1")
        .quiet(days=30)
    )

    assert told(story) == []


def test_information_is_not_for_acting_on():
    """A moment of truth detected, in the renewal window of a customer of tier one: severity 3."""
    story = Story(ASKED, only=KIND).tell("customer.profile_changed", tier="1")
    story.tell("account.touch", kind="review")
    story.tell("renewal.window_opened", ends_on="2026-02-20").quiet(days=3)

    assert [a["severity"] for a in story.house.alerts if a["kind"] == "renewal_conversation"] == [3]
    assert told(story) == []


def test_it_ends_by_itself_in_time():
    """The payment went through before anybody had to act."""
    story = Story(ASKED, only=KIND).tell(
        "payment.failed", attempt_no=4, max_attempts=4, invoice_id="v-1"
    )
    story.after(minutes=50).tell("payment.succeeded", invoice_id="v-1").quiet(days=3)

    assert told(story) == []


def test_one_episode_however_many_lie():
    """A poor score, then a regulator: updated when the graver one has lain, and ends with both."""
    story = severe(poor().quiet(hours=9)).quiet(hours=2)
    assert told(story) == [("trigger", 4, "not_acknowledged"), ("update", 5, "not_acknowledged")]
    assert "2 alerts not acknowledged" in story.alerts[-1]["reason"]["text"]

    first, second = dict.fromkeys(
        a["alert_id"] for a in story.house.alerts if a["kind"] == "bad_experience_score"
    )
    story.tell("alert.acknowledged", alert_id=first, by="ann")
    assert len(told(story)) == 2
    story.tell("alert.acknowledged", alert_id=second, by="ann")
    assert told(story)[2:] == [("resolve", 5, "acted_on")]


def test_what_is_said_anew_is_not_acted_on():
    """It grew worse, and nobody has taken it on: the escalation stays, and grows with it."""
    fail = {"max_attempts": 4, "invoice_id": "v-1"}
    story = Story(ASKED, only=KIND)
    for attempt in (1, 2):
        story.tell("payment.failed", attempt_no=attempt, **fail)
    story.quiet(hours=9).tell("payment.failed", attempt_no=4, **fail).quiet(hours=2)

    assert told(story) == [("trigger", 4, "not_acknowledged"), ("update", 5, "not_acknowledged")]


def test_history_escalates_nothing():
    """What a backfill found was told to nobody."""
    story = Story(ASKED, only=KIND).tell("survey.responded", score=1, **SCORE, origin="backfill")

    assert told(story.quiet(days=3)) == []


def test_what_is_explained_by_an_incident_lies_with_the_incident():
    """Suppressed alerts are not waited for."""
    story = Story(ASKED, only=KIND).tell("product.incident_opened", incident_id="i-1")
    story.tell("notification.sent", proactive=True, trigger="problem", about="e-0")
    for _ in range(2):
        story.after(hours=1).tell("product.error", severity=3, feature="export")
    story.quiet(days=5)

    assert "suppress" in [a["action"] for a in story.house.alerts]
    assert told(story) == []


def test_the_times_are_the_policys():
    """Half an hour for the severe ones."""
    policy = policy_of(detectors={KIND: {"enabled": True, "severe_h": 0.5}})

    assert severe(Story(policy, only=KIND)).quiet(days=1).lines[0].startswith("day 0.02083 ")


def test_it_is_asked_only_where_the_policy_says_so():
    """Where nobody says on the feedback topic what was done, nothing is escalated."""
    assert told(severe(Story(only=KIND)).quiet(days=3)) == []


def test_that_it_is_asked_can_be_read_from_the_policy_and_read_again():
    """What is in force names it, with ``enabled``, and is in force again."""
    shown = ASKED.as_table()["detectors"][KIND]

    assert shown["enabled"] is True
    assert policies.from_table(ASKED.as_table()).as_table() == ASKED.as_table()
    assert KIND not in policies.load().as_table()["detectors"]


def test_one_that_is_switched_off_stays_off_when_what_is_in_force_is_read_again():
    """A detector asked by default and switched off says so in what is in force."""
    off = policy_of(detectors={"bill_shock": {"enabled": False}}).as_table()

    assert off["detectors"]["bill_shock"] == {"enabled": False}
    assert policies.from_table(off).as_table() == off


def test_a_crash_loses_no_timer():
    """The time it lies is counted in the journey."""
    assert told(severe().crash().quiet(hours=2).crash()) == told(severe().quiet(hours=2))
