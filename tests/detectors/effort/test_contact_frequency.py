"""Coming too often, whatever about, is effort (EF2)."""

import pytest

from tests.story import Story, policy_of

KIND = "contact_frequency"


def about_different_things(gaps_d, **fields):
    """A story of contacts, each about something of its own, with those gaps between them."""
    story = Story(only=KIND).contact(reason="topic/0", **fields)
    for number, gap_d in enumerate(gaps_d, 1):
        story.after(days=gap_d).contact(reason=f"topic/{number}", **fields)
    return story


def test_three_contacts_in_a_week_are_many():
    """Three contacts within seven days are many, even if each is about something else."""
    story = about_different_things([2, 2])

    assert story.lines == ["day 4 · trigger · contact_frequency · severity 3 · frequent_contact"]
    assert story.alerts[0]["reason"]["text"].startswith("3 contacts within 7 days")
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-0", "e-1", "e-2"]


def test_five_contacts_in_a_month_are_many():
    """A contact a week for five weeks is many too, though no week has more than two."""
    story = about_different_things([7, 7, 7, 7])

    assert story.lines == ["day 28 · trigger · contact_frequency · severity 3 · frequent_contact"]
    assert story.alerts[0]["reason"]["text"].startswith("5 contacts within 30 days")


def test_six_in_a_month_are_severe():
    """The sixth contact within thirty days raises the severity."""
    story = about_different_things([1, 1, 1, 1, 1])

    assert [(a["action"], a["severity"]) for a in story.alerts] == [("trigger", 3), ("update", 4)]


def test_calm_is_a_week_below_both_limits():
    """Contacts on days 0, 2, 4 are three in a week until day 7; seven days later it is calm."""
    story = about_different_things([2, 2]).quiet(days=30)

    assert story.lines[1:] == ["day 14 · resolve · contact_frequency · severity 3 · calm"]


def test_another_contact_puts_calm_off():
    """A contact while both counts are above keeps the episode open; its own window counts then."""
    story = about_different_things([2, 2, 2]).quiet(days=30)

    assert story.lines[1:] == ["day 16 · resolve · contact_frequency · severity 3 · calm"]


def test_two_in_a_week_are_ordinary():
    """Two contacts a week, four a month: ordinary."""
    assert about_different_things([3, 8, 3]).lines == []


def test_the_company_calling_is_not_the_customer_coming():
    """Outbound contacts are no effort of the customer's."""
    assert about_different_things([1, 1, 1], direction="outbound").lines == []


@pytest.mark.parametrize(("gap_d", "count"), [(3.5, 1), (3.51, 0)])
def test_the_window_includes_its_first_moment(gap_d, count):
    """Three contacts exactly seven days from first to last are within seven days."""
    assert len(about_different_things([gap_d, gap_d]).lines) == count


def test_a_reconnected_call_counts_once():
    """A dropped call taken up again within minutes is one contact."""
    story = Story(only=KIND).contact().after(days=1).contact().after(minutes=1)
    story.tell("contact.ended", contact_id="k-2", outcome="dropped").after(minutes=1).contact()

    assert story.lines == []


def test_a_restart_does_not_forget_the_calm():
    """The moment of calm is kept through a crash."""
    story = about_different_things([2, 2]).crash().quiet(days=30)

    assert story.lines[1:] == ["day 14 · resolve · contact_frequency · severity 3 · calm"]


def test_the_counts_are_the_policys():
    """Where four a week are ordinary, three say nothing."""
    policy = policy_of(detectors={KIND: {"week_contacts": 4}})
    story = Story(policy, only=KIND).contact().after(days=1).contact().after(days=1).contact()

    assert story.lines == []
