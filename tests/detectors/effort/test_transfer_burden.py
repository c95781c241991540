"""Being passed from hand to hand is effort (EF3)."""

import pytest

from tests.story import Story, policy_of

KIND = "transfer_burden"


def transfer(story, source, target, mode="warm", contact="k-1"):
    """One hand-over of a contact from queue to queue, two minutes on."""
    return story.after(minutes=2).tell(
        "contact.transferred", contact_id=contact, mode=mode, from_queue=source, to_queue=target
    )


def reassign(story, source, target, days=1.0, case="s-1"):
    """One hand-over of a case from group to group, so many days on."""
    return story.after(days=days).tell(
        "case.reassigned", case_id=case, from_group=source, to_group=target
    )


def test_two_transfers_in_one_contact():
    """Being handed on twice in one call is a burden, and the hand-overs are the evidence."""
    story = Story(only=KIND).contact()
    transfer(transfer(story, "front", "billing"), "billing", "tech")

    assert [(a["action"], a["severity"], a["reason"]["code"]) for a in story.alerts] == [
        ("trigger", 3, "handed_on")
    ]
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-1", "e-2"]
    assert story.alerts[0]["reason"]["text"].startswith("2 hand-overs in one contact")


def test_all_cold_is_severe():
    """If nobody announced the customer even once, two transfers are severe."""
    story = Story(only=KIND).contact()
    transfer(transfer(story, "front", "billing", "cold"), "billing", "tech", "cold")

    assert [a["severity"] for a in story.alerts] == [4]


def test_the_third_transfer_is_severe():
    """Three hand-overs in one contact are severe, warm or not."""
    story = Story(only=KIND).contact()
    for source, target in (("a", "b"), ("b", "c"), ("c", "d")):
        transfer(story, source, target)

    assert [(a["action"], a["severity"]) for a in story.alerts] == [("trigger", 3), ("update", 4)]


def test_coming_back_to_a_queue_is_a_loop():
    """Back at a queue already visited: severe, and said as such."""
    story = Story(only=KIND).contact()
    transfer(transfer(story, "front", "billing"), "billing", "front")

    assert [(a["severity"], a["reason"]["code"]) for a in story.alerts] == [(4, "sent_back")]


def test_a_queue_the_customer_waited_in_counts_as_visited():
    """The queue that answered is where the customer has been, though no transfer named it."""
    story = Story(only=KIND).contact().tell("contact.answered", contact_id="k-1", queue="front")
    transfer(transfer(story, None, "billing"), None, "front")

    assert [a["reason"]["code"] for a in story.alerts] == ["sent_back"]


def test_three_hand_overs_of_a_case_in_a_week():
    """A case that changes groups three times within seven days is passed around."""
    story = Story(only=KIND).contact(case_id="s-1")
    reassign(reassign(reassign(story, "a", "b"), "b", "c"), "c", "d")

    assert [(a["action"], a["severity"]) for a in story.alerts] == [("trigger", 4)]
    assert story.alerts[0]["reason"]["text"].startswith("3 hand-overs on one issue within 7 days")


def test_contacts_and_cases_of_one_issue_add_up():
    """One transfer in each of two calls and one of the case: three on the issue."""
    story = Story(only=KIND).contact(case_id="s-1")
    transfer(story, "front", "billing")
    story.after(days=1).contact(case_id="s-1")
    transfer(story, "front", "billing", contact="k-2")
    assert story.lines == []

    reassign(story, "billing", "tech")
    assert [a["severity"] for a in story.alerts] == [4]


def test_a_case_sent_back_is_a_loop_at_once():
    """The second hand-over of a case is enough when it goes back to where it came from."""
    story = Story(only=KIND).contact(case_id="s-1")
    reassign(reassign(story, "a", "b"), "b", "a", days=20)

    assert [(a["severity"], a["reason"]["code"]) for a in story.alerts] == [(4, "sent_back")]


def test_resolving_the_issue_ends_it():
    """With the issue resolved the burden is over."""
    story = Story(only=KIND).contact()
    transfer(transfer(story, "front", "billing"), "billing", "tech")
    story.after(minutes=5).tell("contact.ended", contact_id="k-1", outcome="resolved")

    assert [(a["action"], a["resolved_reason"]) for a in story.alerts][1:] == [
        ("resolve", "issue_resolved")
    ]


def test_a_month_of_quiet_ends_it():
    """If nobody ever says that the issue is resolved, thirty quiet days do."""
    story = Story(only=KIND).contact()
    transfer(transfer(story, "front", "billing"), "billing", "tech").quiet(days=40)

    assert [(a["action"], a["resolved_reason"]) for a in story.alerts][1:] == [("resolve", "quiet")]


def test_one_transfer_is_ordinary():
    """Finding the right person once is how service works."""
    assert transfer(Story(only=KIND).contact(), "front", "billing", "cold").lines == []


def test_one_transfer_in_each_of_two_calls_is_ordinary():
    """Two transfers burden within one contact, not over two."""
    story = transfer(Story(only=KIND).contact(), "front", "billing")
    transfer(story.after(days=1).contact(), "front", "billing", contact="k-2")

    assert story.lines == []


def test_moving_within_a_group_is_not_seen_by_the_customer():
    """A case that changes agents but not groups was not handed on."""
    story = Story(only=KIND).contact(case_id="s-1")
    for agent in ("a-1", "a-2", "a-3", "a-4"):
        story.after(hours=1).tell(
            "case.reassigned",
            case_id="s-1",
            from_group="billing",
            to_group="billing",
            to_agent=agent,
        )

    assert story.lines == []


@pytest.mark.parametrize(("gap_d", "count"), [(3.5, 1), (3.51, 0)])
def test_the_window_slides(gap_d, count):
    """Three hand-overs of a case exactly within seven days burden; a little slower they do not."""
    story = Story(only=KIND).contact(case_id="s-1")
    reassign(reassign(story, "a", "b"), "b", "c", days=gap_d)

    assert len(reassign(story, "c", "d", days=gap_d).lines) == count


def test_the_limits_are_the_policys():
    """Where two transfers are ordinary, they say nothing."""
    policy = policy_of(detectors={KIND: {"contact_transfers": 3}})
    story = Story(policy, only=KIND).contact()

    assert transfer(transfer(story, "a", "b", "warm"), "b", "c", "warm").lines == []
