"""Called solved when it was not (EF8)."""

import pytest

from tests.story import Story

KIND = "false_resolution"


def solved(story, contact="k-1"):
    """The agent says that it is resolved."""
    return story.after(minutes=10).tell(
        "contact.ended", contact_id=contact, agent_says_resolved=True
    )


def codes(story):
    """Action and severity of each alert."""
    return [(a["action"], a["severity"]) for a in story.alerts]


def test_a_reopened_case():
    """A case that comes back was not solved."""
    story = (
        Story(only=KIND).contact(case_id="s-1").after(days=1).tell("case.resolved", case_id="s-1")
    )
    story.after(days=1).tell("case.reopened", case_id="s-1")

    assert codes(story) == [("trigger", 2)]
    assert [e["type"] for e in story.alerts[0]["evidence"]] == ["case.resolved", "case.reopened"]
    assert story.alerts[0]["reason"]["text"].startswith("1 claim of resolution did not hold")


def test_a_case_reopened_whose_resolution_we_never_saw():
    """That it was thought resolved is in the word itself."""
    story = Story(only=KIND).tell("case.opened", case_id="s-1").after(days=3)

    assert codes(story.tell("case.reopened", case_id="s-1")) == [("trigger", 2)]


def test_coming_back_within_a_week_of_the_claim():
    """The agent said resolved; the customer is back about it within seven days."""
    story = solved(Story(only=KIND).contact()).after(days=3).contact()

    assert codes(story) == [("trigger", 2)]
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-1", "e-2"]


def test_writing_again_on_a_resolved_case():
    """A reply after the resolution is coming back too."""
    story = Story(only=KIND).contact(case_id="s-1", channel="email")
    story.after(days=1).tell("case.resolved", case_id="s-1")
    story.after(days=1).tell("case.customer_replied", case_id="s-1", direction="inbound")

    assert codes(story) == [("trigger", 2)]


def test_the_second_false_claim_is_severe():
    """Twice called solved, twice it was not."""
    story = solved(Story(only=KIND).contact()).after(days=3)
    solved(story.contact(), "k-2").after(days=3).contact()

    assert codes(story) == [("trigger", 2), ("update", 4)]


def test_thirty_quiet_days_end_it():
    """No further false claim for thirty days: over."""
    story = solved(Story(only=KIND).contact()).after(days=3).contact().quiet(days=40)

    assert [(a["action"], a["resolved_reason"]) for a in story.alerts][1:] == [("resolve", "quiet")]


@pytest.mark.parametrize("reopened_first", [False, True])
def test_one_claim_falls_once(reopened_first):
    """The customer calls and the agent reopens the case: one false claim, whichever came first."""
    story = Story(only=KIND).contact(case_id="s-1")
    story.after(days=1).tell("case.resolved", case_id="s-1").after(days=1)
    if reopened_first:
        story.tell("case.reopened", case_id="s-1").after(minutes=5).contact(case_id="s-1")
    else:
        story.contact(case_id="s-1").after(minutes=5).tell("case.reopened", case_id="s-1")

    assert codes(story) == [("trigger", 2)]


def test_nobody_had_claimed_it():
    """Coming back about what is still open is a repeat, not a false resolution."""
    story = Story(only=KIND).contact().after(minutes=9)
    story.tell("contact.ended", contact_id="k-1", outcome="pending").after(days=1).contact()

    assert story.lines == []


def test_another_issue_is_another_matter():
    """The claim about the bill stands while the customer asks about a delivery."""
    story = solved(Story(only=KIND).contact()).after(days=1).contact(reason="delivery/late")

    assert story.lines == []


def test_our_own_follow_up_call_refutes_nothing():
    """The company calling to ask whether all is well is not the customer coming back."""
    story = solved(Story(only=KIND).contact()).after(days=1).contact(direction="outbound")

    assert story.lines == []


@pytest.mark.parametrize(("days", "count"), [(7, 1), (7.01, 0)])
def test_the_claim_is_held_to_for_a_week(days, count):
    """A contact up to seven days after the claim refutes it; a later one does not."""
    story = solved(Story(only=KIND).contact()).after(days=days).contact()

    assert len(story.lines) == count
