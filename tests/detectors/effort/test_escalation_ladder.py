"""Having to climb to be heard is effort (EF11)."""

from tests.story import Story, policy_of

KIND = "escalation_ladder"


def escalate(story, requested_by="agent", contact="k-1", **fields):
    """One escalation, five minutes on."""
    return story.after(minutes=5).tell(
        "contact.escalated", contact_id=contact, requested_by=requested_by, **fields
    )


def codes(story):
    """Action, severity and reason of each alert."""
    return [(a["action"], a["severity"], a["reason"]["code"]) for a in story.alerts]


def test_the_customer_had_to_ask():
    """An escalation the customer asked for: someone was not listening."""
    story = escalate(Story(only=KIND).contact(), "customer")

    assert codes(story) == [("trigger", 3, "customer_asked")]
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-1"]


def test_the_second_on_an_issue():
    """Escalated twice on one issue, whoever asked and however many contacts apart."""
    story = escalate(Story(only=KIND).contact())
    assert story.lines == []

    escalate(story.after(days=2).contact(), contact="k-2")
    assert codes(story) == [("trigger", 4, "escalated_again")]
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-1", "e-3"]


def test_a_critical_one_is_critical_at_once():
    """Criticality three of four is the highest severity without a predecessor."""
    story = escalate(Story(only=KIND).contact(), "system", criticality=3, level=2)

    assert codes(story) == [("trigger", 5, "critical")]


def test_it_climbs_and_is_told_each_time():
    """Asked for, again, critical: each rung is told once."""
    story = escalate(Story(only=KIND).contact(), "customer")
    escalate(escalate(escalate(story), criticality=4), criticality=4)

    assert [(action, severity) for action, severity, _ in codes(story)] == [
        ("trigger", 3),
        ("update", 4),
        ("update", 5),
    ]


def test_resolving_the_issue_ends_it():
    """With the issue resolved the ladder is climbed down."""
    story = escalate(Story(only=KIND).contact(), "customer")
    story.after(days=1).tell("contact.ended", contact_id="k-1", outcome="resolved")

    assert [a["resolved_reason"] for a in story.alerts] == [None, "issue_resolved"]


def test_a_first_uncritical_hand_up_is_how_it_should_be():
    """An agent who fetches someone more senior once has done well."""
    assert escalate(Story(only=KIND).contact(), criticality=2).lines == []


def test_two_issues_one_escalation_each():
    """Escalations of different issues do not add up."""
    story = escalate(Story(only=KIND).contact())

    assert escalate(story.contact(reason="delivery/late"), contact="k-2").lines == []


def test_long_silence_starts_the_ladder_anew():
    """An escalation more than thirty silent days ago is not the first rung of this one."""
    story = escalate(Story(only=KIND).contact())

    assert escalate(story.after(days=31).contact(), contact="k-2").lines == []


def test_the_rungs_are_the_policys():
    """Where criticality is taken seriously from two, two is critical."""
    policy = policy_of(detectors={KIND: {"criticality": 2}})

    assert codes(escalate(Story(policy, only=KIND).contact(), criticality=2)) == [
        ("trigger", 5, "critical")
    ]
