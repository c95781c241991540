"""Coming back about the same thing is effort (EF1)."""

import pytest

from tests.story import Story, policy_of

KIND = "repeat_contact"


def test_the_second_contact_within_a_week_is_a_repeat():
    """A second contact about one issue within seven days means the first did not settle it."""
    story = Story(only=KIND).contact().after(days=2).contact()

    assert story.lines == ["day 2 · trigger · repeat_contact · severity 2 · repeat_contact"]
    assert story.alerts[0]["reason"]["text"].startswith("2 contacts")
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-0", "e-1"]


def test_every_further_contact_weighs_more():
    """Second, third, fourth, fifth contact: severity 2, 3, 4, 5; the sixth says nothing new."""
    story = Story(only=KIND).contact()
    for _ in range(5):
        story.after(days=2).contact()

    assert [(a["action"], a["severity"]) for a in story.alerts] == [
        ("trigger", 2),
        ("update", 3),
        ("update", 4),
        ("update", 5),
    ]


def test_a_second_contact_in_the_long_window_is_only_counted():
    """Between seven and thirty days the second contact about it asks nothing of anybody."""
    assert Story(only=KIND).contact().after(days=8).contact().lines == []


def test_a_third_in_the_long_window_weighs_one_less():
    """From the third on it is told, one degree milder than within a week."""
    story = Story(only=KIND).contact().after(days=8).contact().after(days=8).contact()

    assert story.lines == ["day 16 · trigger · repeat_contact · severity 2 · repeat_contact"]


def test_from_how_many_the_long_window_tells_is_the_policys():
    """With two the second is told as well."""
    policy = policy_of(detectors={KIND: {"long_contacts": 2}})
    story = Story(policy, only=KIND).contact().after(days=8).contact()

    assert story.lines == ["day 8 · trigger · repeat_contact · severity 1 · repeat_contact"]


def test_the_gap_counts_from_the_end_of_the_contact_before():
    """A contact that ended two days after it began leaves the customer less time to come back."""
    story = Story(only=KIND).contact().after(days=2).tell("contact.ended", contact_id="k-1")
    story.after(days=7).contact()

    assert story.lines == ["day 9 · trigger · repeat_contact · severity 2 · repeat_contact"]


def test_a_reply_on_a_case_thought_resolved_is_a_contact():
    """Writing again on a resolved case is coming back about the same thing."""
    story = Story(only=KIND).contact(case_id="s-1", channel="email")
    story.after(days=1).tell("case.resolved", case_id="s-1")
    story.after(days=1).tell("case.customer_replied", case_id="s-1", direction="inbound")

    assert story.lines == ["day 2 · trigger · repeat_contact · severity 2 · repeat_contact"]


def test_the_episode_ends_after_thirty_quiet_days():
    """A month without another contact about it resolves the episode, dated to the day."""
    story = Story(only=KIND).contact().after(days=2).contact().quiet(days=40)

    assert story.lines[1:] == ["day 32 · resolve · repeat_contact · severity 2 · quiet"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"reason": "delivery/late"}),
        ({}, {"direction": "outbound"}),
        ({"direction": "outbound"}, {}),
        ({"issue_id": "i-1"}, {"issue_id": "i-2"}),
    ],
    ids=["another reason", "we called", "we called first", "another issue"],
)
def test_what_is_not_the_customer_coming_back_about_it(first, second):
    """Another issue is another story, and what the company began is not the customer's effort."""
    story = Story(only=KIND).contact(**first).after(days=1).contact(**second)

    assert story.lines == []


def test_our_own_call_is_nothing_to_come_back_from():
    """A customer who calls after a call of ours has ended comes for the first time."""
    story = Story(only=KIND).contact(direction="outbound").after(minutes=5)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved").after(days=1).contact()

    assert story.lines == []


def test_a_contact_is_not_its_own_predecessor():
    """Its end may be read before its beginning; that is one contact."""
    story = Story(only=KIND).after(days=1)
    story.tell("contact.ended", contact_id="k-1", reason="billing/bill", outcome="pending")
    story.contact(occurred_at=story.now_ms - 600_000)
    assert story.lines == []

    story.after(days=7).contact()
    assert [a["number"] for a in story.alerts] == [2]


def test_a_dropped_call_taken_up_again_is_one_contact():
    """Calling back within ten minutes of a dropped line is the same contact; later it is another."""
    story = Story(only=KIND).contact().after(minutes=5)
    story.tell("contact.ended", contact_id="k-1", outcome="dropped")
    story.after(minutes=10).contact()
    assert story.lines == []

    story.after(minutes=11).contact()
    assert [a["severity"] for a in story.alerts] == [2]


def test_a_reply_on_an_open_case_is_the_same_conversation():
    """While a case is open, writing on it is going on, not coming back."""
    story = Story(only=KIND).contact(case_id="s-1", channel="email")
    story.after(days=1).tell("case.customer_replied", case_id="s-1", direction="inbound")

    assert story.lines == []


@pytest.mark.parametrize(("gap_d", "severities"), [(30, [1]), (30.01, [])])
def test_after_the_long_window_it_is_a_new_story(gap_d, severities):
    """The window includes its last moment; after it the count begins anew."""
    policy = policy_of(detectors={KIND: {"long_contacts": 2}})
    story = Story(policy, only=KIND).contact().after(days=gap_d).contact()

    assert [a["severity"] for a in story.alerts] == severities


def test_history_told_late_makes_no_repeat_of_a_later_contact():
    """A contact of last year, read after today's, is neither a repeat nor makes one of today's."""
    story = Story(only=KIND).contact()
    story.contact(origin="backfill", occurred_at=story.now_ms - 200 * 86_400_000)
    story.after(days=40).contact()

    assert story.lines == []


def test_the_windows_are_the_policys():
    """With a window of one day, two days are too long."""
    policy = policy_of(detectors={KIND: {"window_d": 1, "long_window_d": 1.5}})

    assert Story(policy, only=KIND).contact().after(days=2).contact().lines == []
