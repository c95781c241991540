"""Customers count the days a problem stands, not the minutes to an answer (FR3)."""

import pytest

from tests.story import DAY_MS, Story, policy_of

KIND = "stale_issue"


def opened(policy=None, **fields):
    """A case is opened by mail."""
    return Story(policy, only=KIND).tell(
        "case.opened",
        **{"case_id": "s-1", "channel": "email", "reason": "technical/sync", **fields},
    )


def resolve(story, case="s-1"):
    """The case is resolved, now."""
    return story.tell("case.resolved", case_id=case)


def called(outcome=None, **fields):
    """One phone call that ends after five minutes, with or without an outcome."""
    story = Story(only=KIND).contact("billing/bill").after(minutes=5)
    ending = {"outcome": outcome} if outcome else {}
    return story.tell("contact.ended", contact_id="k-1", **ending, **fields)


def told(story):
    """Each alert as day, action, severity and reason."""
    return [line.replace(f" · {KIND}", "") for line in story.lines]


def test_three_ages_each_worse_than_the_one_before():
    """Three, seven and fourteen days unresolved, at any hour of any day; then no more."""
    story = opened().quiet(days=60)

    assert told(story) == [
        "day 3 · trigger · severity 2 · unresolved",
        "day 7 · update · severity 3 · unresolved",
        "day 14 · update · severity 4 · unresolved",
    ]
    assert len({a["suggested_action"] for a in story.alerts}) == 3
    assert story.alerts[0]["reason"]["text"] == "3 days unresolved, 0 contacts about it"


def test_quick_answers_do_not_solve_it():
    """Answered within minutes and as unsolved as before: the age counts."""
    story = opened()
    for _ in range(4):
        story.after(minutes=30).tell("case.response_sent", case_id="s-1", kind="human")
    story.quiet(days=4)

    assert told(story) == ["day 3 · trigger · severity 2 · unresolved"]


def test_contacts_about_it_are_told_and_are_its_evidence():
    """How often the customer had to ask belongs to the alert."""
    story = opened().after(days=1).contact(reason="technical/sync").quiet(days=4)

    assert story.alerts[0]["reason"]["text"] == "3 days unresolved, 1 contact about it"
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-0", "e-1"]


def test_an_open_promise_about_it_makes_it_worse():
    """Unresolved although a fix was promised: one higher, until the promise is kept."""
    story = (
        opened()
        .tell(
            "promise.made",
            promise_id="p-1",
            kind="fix",
            case_id="s-1",
            due_at=Story().now_ms + 30 * DAY_MS,
        )
        .quiet(days=4)
    )
    story.tell("promise.kept", promise_id="p-1").quiet(days=20)

    assert told(story) == [
        "day 3 · trigger · severity 3 · unresolved_though_promised",
        "day 7 · update · severity 3 · unresolved",
        "day 14 · update · severity 4 · unresolved",
    ]


def test_resolved_it_is_over():
    """The resolution takes it back, and the later ages never come."""
    story = resolve(opened().quiet(days=4)).quiet(days=60)

    assert told(story)[1:] == ["day 4 · resolve · severity 2 · issue_resolved"]


@pytest.mark.parametrize(
    "again",
    [
        {"type_": "case.reopened", "case_id": "s-1"},
        {"type_": "case.opened", "case_id": "s-2", "reason": "technical/sync"},
        {
            "type_": "contact.started",
            "contact_id": "k-1",
            "direction": "inbound",
            "reason": "technical/sync",
        },
    ],
)
def test_opened_again_it_begins_anew(again):
    """The days count from the reopening: three more until it is stale again."""
    story = resolve(opened().after(days=2)).after(days=8).tell(**again).quiet(days=4)

    assert told(story) == ["day 13 · trigger · severity 2 · unresolved"]


def test_reopened_within_a_week_it_is_the_same_episode():
    """Resolved for two days only: the alert goes on under its own id."""
    story = resolve(opened().quiet(days=4)).after(days=2).tell("case.reopened", case_id="s-1")
    story.quiet(days=4)

    assert [a["action"] for a in story.alerts] == ["trigger", "resolve", "trigger"]
    assert len({a["alert_id"] for a in story.alerts}) == 1


@pytest.mark.parametrize("outcome", ["pending", "unanswered", "dropped"])
def test_a_call_that_ended_unsolved_leaves_an_open_issue(outcome):
    """The agent said that it is not done: the days count from the call."""
    assert told(called(outcome).quiet(days=4)) == ["day 3 · trigger · severity 2 · unresolved"]


def test_the_agents_own_word_that_it_is_not_solved_counts():
    """``agent_says_resolved`` false is as good as an outcome."""
    assert len(called(agent_says_resolved=False).quiet(days=4).lines) == 1


@pytest.mark.parametrize(
    "opener",
    [
        {"type_": "complaint.filed", "severity": 2},
        {"type_": "dispute.opened", "dispute_id": "d-1"},
        {
            "type_": "contact.started",
            "contact_id": "k-1",
            "channel": "email",
            "medium": "async_text",
        },
    ],
)
def test_complaints_disputes_and_mails_wait_to_be_solved_too(opener):
    """Whatever way the customer raised it."""
    assert len(Story(only=KIND).tell(**opener).quiet(days=4).lines) == 1


def test_solved_within_three_days_is_silent():
    """Two days and a bit is what a problem takes."""
    assert resolve(opened().after(days=2, hours=20)).quiet(days=60).lines == []


def test_a_call_that_ended_without_an_outcome_is_not_known_to_be_open():
    """Telephone systems know that a call ended, not how: three alerts per call would be noise."""
    assert called().quiet(days=60).lines == []


def test_once_stale_only_a_resolution_ends_it():
    """A call without an outcome about a stale issue does not make it fresh."""
    story = Story(only=KIND).contact("billing/bill").quiet(days=4)
    story.tell("contact.ended", contact_id="k-1").quiet(days=4)

    assert told(story) == [
        "day 3 · trigger · severity 2 · unresolved",
        "day 7 · update · severity 3 · unresolved",
    ]


def test_a_call_whose_beginning_is_heard_after_its_end_is_as_solved_as_it_was():
    """The end said that it is solved; that the reason comes late does not open it again."""
    story = called("resolved").after(days=20).tell("contact.queued", contact_id="k-2")
    story.after(minutes=9).tell("contact.ended", contact_id="k-2", outcome="resolved")
    story.after(minutes=-9).tell(
        "contact.started", contact_id="k-2", direction="inbound", reason="billing/bill"
    )

    assert story.quiet(days=60).lines == []


def test_our_own_call_opens_no_problem_of_theirs():
    """A sales call about nothing the customer raised cannot go stale."""
    story = Story(only=KIND).contact("sales/offer", direction="outbound")

    assert story.quiet(days=60).lines == []


def test_a_case_linked_to_another_is_closed_with_its_own_issue():
    """The duplicate is nobody's open problem any more; the root is, once."""
    story = opened().tell("case.opened", case_id="s-2", channel="email", reason="technical/login")
    story.after(days=1).tell("case.linked", case_id="s-2", to_case_id="s-1", relation="duplicate")

    assert [a["object_id"] for a in story.quiet(days=4).alerts] == ["r:/technical/sync"]


def test_one_of_two_cases_resolved_leaves_the_issue_open():
    """Two tickets about the same thing: it is solved when both are."""
    story = (
        opened()
        .after(days=1)
        .tell("case.opened", case_id="s-2", channel="email", reason="technical/sync")
    )
    resolve(story.after(days=1)).quiet(days=2)
    assert told(story) == ["day 3 · trigger · severity 2 · unresolved"]

    assert told(resolve(story, "s-2"))[1:] == ["day 4 · resolve · severity 2 · issue_resolved"]


def test_two_issues_are_two():
    """Each has its own clock."""
    story = (
        opened()
        .after(days=2)
        .tell("case.opened", case_id="s-2", channel="email", reason="delivery/late")
    )
    resolve(story).quiet(days=4)

    assert told(story) == ["day 5 · trigger · severity 2 · unresolved"]


def test_the_first_word_may_come_second():
    """Heard a minute later but dated before: the days count from the earlier one."""
    story = opened().after(minutes=-5).contact(reason="technical/sync", channel="email")

    assert [a["occurred_at"] for a in story.quiet(days=4).alerts] == ["2026-01-03T23:55:00.000Z"]


def test_limits_are_the_policys():
    """The three ages can be changed by name."""
    policy = policy_of(detectors={KIND: {"first_d": 1, "second_d": 2, "third_d": 4}})

    assert [a["number"] for a in opened(policy).quiet(days=30).alerts] == [1, 2, 4]


def test_a_restart_between_two_ages_changes_nothing():
    """The next age is found by whoever holds the partition then."""
    story = opened().crash().quiet(days=4).crash().quiet(days=4).crash()

    assert told(resolve(story)) == [
        "day 3 · trigger · severity 2 · unresolved",
        "day 7 · update · severity 3 · unresolved",
        "day 8 · resolve · severity 3 · issue_resolved",
    ]


def test_a_ninth_open_issue_pushes_the_oldest_out():
    """Eight are watched; the episode of the one forgotten ends with that word, not in limbo."""
    story = Story(only=KIND)
    for number in range(9):
        story.after(hours=10).tell(
            "case.opened", case_id=f"s-{number}", channel="email", reason=f"technical/{number}"
        )

    assert [(a["action"], a["object_id"], a["resolved_reason"]) for a in story.alerts] == [
        ("trigger", "r:/technical/0", None),
        ("resolve", "r:/technical/0", "forgotten"),
    ]
