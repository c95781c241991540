"""Website, chat, telephone: each change of channel is the customer's work (EF5)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "channel_switch"


def tried(*channels, hours=2.0, policy=None, story=None):
    """Attempts on one issue by those channels, so many hours apart; none of them solves it."""
    story = story or Story(policy, only=KIND)
    for channel in channels:
        story.contact("technical/sync", channel=channel)
        number = sum(t["type"] == "contact.started" for t in story.told)
        story.after(minutes=10).tell("contact.ended", contact_id=f"k-{number}", outcome="pending")
        story.after(hours=hours)
    return story


def test_two_changes_of_channel():
    """Mail, then chat, then telephone, and still unsolved."""
    story = tried("email", "chat", "phone")

    assert told(story) == [("trigger", 3, "channels_changed")]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "2 changes of channel about one issue: email, chat, phone"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-2", "e-4"]


def test_three_changes_are_severe():
    """There and back again counts each time."""
    story = tried("email", "chat", "phone", "email")

    assert told(story) == [
        ("trigger", 3, "channels_changed"),
        ("update", 4, "channels_changed_often"),
    ]
    assert "one person" in story.alerts[-1]["suggested_action"]


@pytest.mark.parametrize(
    "channels",
    [
        ("phone",),
        ("email", "phone"),
        ("phone", "phone", "phone"),
        ("email", "email", "phone"),
        ("phone", "ivr", "phone"),
    ],
)
def test_one_change_or_none_is_silent(channels):
    """And the voice menu is the telephone."""
    assert tried(*channels).lines == []


def test_a_day_later_it_is_not_the_same_run():
    """More than 24 hours after the last attempt ended, another channel is a choice."""
    assert tried("email", "chat", "phone", hours=25).lines == []
    assert len(tried("email", "chat", "phone", hours=23.9).lines) == 1


def test_changes_more_than_a_week_apart_do_not_add_up():
    """One on the first day, one on the ninth."""
    story = tried("email", "chat")
    for _ in range(2):
        tried("chat", story=story.after(days=4))

    assert tried("phone", story=story).lines == []


def test_what_was_tried_alone_is_the_beginning_of_the_way():
    """Self-service first, then the bot, then a person."""
    story = Story(only=KIND).tell("selfservice.ended", outcome="abandoned", channel="web")
    story.after(minutes=5).tell("bot.session_ended", outcome="escalated").after(minutes=5)
    tried("chat", story=story)

    assert story.alerts[0]["reason"]["text"].endswith(": web, bot, chat")


def test_what_was_looked_up_about_something_else():
    """Before the first contact or between two: another topic is another way."""
    story = Story(only=KIND).tell("selfservice.ended", outcome="unknown", topic="bill")
    tried("email", story=story.after(minutes=5))
    story.tell("selfservice.ended", outcome="unknown", topic="bill").after(minutes=5)
    assert tried("email", "phone", story=story).lines == []

    story = Story(only=KIND).tell("selfservice.ended", outcome="unknown", topic="sync")
    assert len(tried("email", "phone", story=story.after(minutes=5)).lines) == 1


@pytest.mark.parametrize(
    "ending",
    [
        {"type_": "selfservice.ended", "outcome": "resolved"},
        {"type_": "bot.session_ended", "outcome": "resolved"},
        {"type_": "ivr.segment_ended", "exit": "self_served", "duration_s": 30},
        {"type_": "ivr.segment_ended", "exit": "agent", "duration_s": 30},
    ],
)
def test_what_was_solved_alone_or_led_on_is_no_attempt(ending):
    """Resolved by themselves, or a menu that led to an agent."""
    story = Story(only=KIND).tell("selfservice.ended", outcome="abandoned").after(minutes=5)
    story.tell("bot.session_ended", outcome="escalated").after(minutes=5)
    solved = ending.get("outcome") == "resolved" or ending.get("exit") == "self_served"
    story.tell(**ending).after(minutes=5)
    tried("phone", story=story)

    assert len(story.lines) == (0 if solved else 1)


def test_a_menu_hung_up_on_is_an_attempt_by_telephone():
    """Hung up in the menu, then the web, then mail."""
    story = Story(only=KIND).tell("ivr.segment_ended", exit="hangup", duration_s=200)
    story.after(hours=1).tell("selfservice.ended", outcome="unknown").after(hours=1)
    tried("email", story=story)

    assert story.alerts[0]["reason"]["text"].endswith(": phone, web, email")


def test_a_solution_in_between():
    """Solved by chat: a call the next day is about what came after."""
    story = tried("email", "chat").after(hours=-1)
    story.tell("contact.ended", contact_id="k-2", outcome="resolved").after(hours=1)

    assert tried("phone", story=story).lines == []


def test_the_solution_ends_it():
    """When the issue is resolved."""
    story = tried("email", "chat", "phone")
    story.tell("contact.ended", contact_id="k-3", outcome="resolved")

    assert told(story)[-1] == ("resolve", 3, "issue_resolved")


def test_a_call_of_ours_is_no_attempt_of_theirs():
    """The company may call whoever wrote."""
    story = tried("email", "chat")
    story.contact("technical/sync", channel="phone", direction="outbound")

    assert story.lines == []


def test_another_issue_has_its_own_way():
    """Three issues in three channels are three ways."""
    story = Story(only=KIND)
    for number, channel in enumerate(("email", "chat", "phone")):
        story.after(hours=1).contact(f"topic/{number}", channel=channel)

    assert story.lines == []


@pytest.mark.parametrize(
    ("limits", "severities"),
    [
        ({"switches": 1, "severe_switches": 2}, [3, 4]),
        ({"switches": 3}, []),
        ({"gap_h": 1}, []),
        ({"window_d": 0.05}, []),
    ],
)
def test_the_limits_are_the_policys(limits, severities):
    """How many, how soon, within how long: the policy's to say."""
    story = tried("email", "chat", "phone", policy=policy_of(detectors={KIND: limits}))

    assert [a["severity"] for a in story.alerts] == severities


def test_many_issues_stay_small_and_a_crash_changes_nothing():
    """The way longest untrodden of more than three is forgotten."""
    story = Story(only=KIND)
    for channel in ("email", "chat", "phone"):
        for number in range(4):
            story.after(hours=1).contact(f"topic/{number}", channel=channel).crash()
    assert story.lines == []

    for channel in ("email", "chat"):
        story.after(hours=1).contact("topic/3", channel=channel).crash()
    assert [a["object_id"] for a in story.alerts] == ["r:/topic/3"]
