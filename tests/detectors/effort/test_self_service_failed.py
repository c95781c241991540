"""Tried alone first, and had to ask after all (EF6)."""

import pytest

from tests.story import Story, policy_of

KIND = "self_service_failed"
SEARCH = {"type_": "selfservice.ended", "outcome": "abandoned", "topic": "sync"}


def tried(story, hours=1.0, reason="technical/sync", fields=SEARCH, **contact):
    """An attempt, and so many hours later a contact."""
    story.tell(**fields).after(hours=hours)
    return (
        story.contact(reason, **contact)
        if reason
        else story.tell(
            "contact.started",
            contact_id=f"n-{len(story.told)}",
            channel="phone",
            direction="inbound",
        )
    )


def twice(days=2.0, policy=None, **how):
    """The same two times, so many days apart."""
    return tried(tried(Story(policy, only=KIND), **how).after(days=days), **how)


def test_two_failed_attempts_in_a_week():
    """Two searches in vain, each followed by a call about the same thing."""
    story = twice()

    assert story.lines == [
        "day 2.083 · trigger · self_service_failed · severity 2 · had_to_ask_after_all"
    ]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "2 times in 7 days the customer tried alone (self-service) and had to ask within 24 h"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-2", "e-3"]
    assert alert["cause_class"] == "knowledge"


def test_bot_and_menu_count_as_well():
    """A bot that hands over, a menu hung up on; of these nobody knows the topic."""
    story = tried(Story(only=KIND), fields={"type_": "bot.session_ended", "outcome": "escalated"})
    tried(
        story.after(days=1),
        fields={"type_": "ivr.segment_ended", "exit": "hangup", "duration_s": 90},
    )

    assert "(bot, voice menu)" in story.alerts[0]["reason"]["text"]


@pytest.mark.parametrize(
    "how",
    [
        {"hours": 24.1},
        {"reason": "billing/bill"},
        {"direction": "outbound"},
        {"channel": "bot"},
        {"fields": {**SEARCH, "outcome": "resolved"}},
        {"fields": {"type_": "ivr.segment_ended", "exit": "agent", "duration_s": 90}},
        {"fields": {"type_": "ivr.segment_ended", "exit": "self_served", "duration_s": 90}},
    ],
)
def test_what_is_no_failed_attempt(how):
    """Too late, something else, a call of ours, another bot; it was solved, or only led on."""
    assert twice(**how).lines == []


@pytest.mark.parametrize(
    "how",
    [
        {"hours": 24},
        {"reason": None},
        {"fields": {**SEARCH, "outcome": "unknown"}},
        {"reason": "sync/app"},
    ],
)
def test_what_is_one_all_the_same(how):
    """Just in time, about nobody knows what, an outcome nobody knows, the topic as first level."""
    assert len(twice(**how).lines) == 1


def test_once_is_no_pattern_and_neither_is_once_a_week():
    """One attempt; two, eight days apart."""
    assert tried(Story(only=KIND)).lines == []
    assert twice(days=8).lines == []


def test_one_contact_pays_for_all_attempts_before_it():
    """Three searches and one call are one failure."""
    story = Story(only=KIND)
    for _ in range(3):
        story.tell(**SEARCH).after(minutes=5)
    story.contact("technical/sync").after(hours=1).contact("technical/sync")

    assert story.lines == []


def test_found_in_the_end():
    """The second search found it: the call after it is about something new."""
    story = Story(only=KIND)
    for _ in range(2):
        story.tell(**SEARCH).after(minutes=5).tell(**{**SEARCH, "outcome": "resolved"})
        story.after(hours=1).contact("technical/sync").after(days=1)

    assert story.lines == []


def test_a_fortnight_without_ends_it():
    """Fourteen days after the last one."""
    assert (
        twice()
        .quiet(days=15)
        .lines[-1]
        .endswith("resolve · self_service_failed · severity 2 · quiet")
    )


@pytest.mark.parametrize(
    ("limits", "count"),
    [({"attempts": 3}, 0), ({"window_d": 1}, 0), ({"follow_h": 0.5}, 0), ({"attempts": 1}, 1)],
)
def test_the_limits_are_the_policys(limits, count):
    """How often, within what: the policy's to say."""
    assert len(twice(policy=policy_of(detectors={KIND: limits})).lines) == count


def test_many_attempts_stay_small_and_a_crash_changes_nothing():
    """The last two are kept until a contact comes."""
    story = Story(only=KIND)
    for number in range(5):
        story.after(minutes=1).tell(**{**SEARCH, "topic": f"t-{number}"}).crash()
    story.after(hours=1).contact("x/t-0").after(hours=1).contact("x/t-3").crash()
    story.after(hours=1).contact("x/t-4").crash()

    assert [a["number"] for a in story.alerts] == [2]
