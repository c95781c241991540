"""They want to leave, or to have less (MO5)."""

import pytest

from tests.detectors.moment.telling import DETECTED, MET, end, served
from tests.story import Story, policy_of, told

KIND = "leaving"


def cancelled(policy=None, **fields):
    """A cancellation on the web, on Thursday at ten."""
    return Story(policy, only=KIND).after(hours=10).tell("cancel.requested", **fields)


def called(story, hours=1):
    """Somebody calls them."""
    return story.after(hours=hours).contact("retention/offer", direction="outbound")


def test_told_at_once():
    """For information, with the reasons they gave."""
    story = cancelled(reason_codes=["price", "support"])

    assert told(story) == [DETECTED]
    assert story.alerts[0]["reason"]["text"] == "1 request to cancel: price, support"


def test_handled_well():
    """Called within the hour, written to the next day; they go, and the standard is met."""
    story = called(cancelled()).after(days=1).tell("account.touch", kind="check_in")

    assert told(story.quiet(days=20)) == [DETECTED, MET]


def test_nobody_calls():
    """Eight open hours."""
    story = cancelled().quiet(days=1)

    assert told(story) == [DETECTED, ("update", 4, "mishandled_response")]
    assert story.alerts[1]["reason"]["text"].endswith(": a customer who is leaving")


def test_one_call_and_then_nothing():
    """No second word within two days, and nothing decided."""
    assert end(called(cancelled())) == "mishandled_follow_up"


@pytest.mark.parametrize(
    ("type_", "fields"),
    [("customer.churned", {}), ("renewal.decided", {"outcome": "lost"})],
)
def test_decided_nothing_more_is_owed(type_, fields):
    """They have left: no clock runs on."""
    assert end(called(cancelled()).tell(type_, **fields)) == "standard_met"


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("customer.reactivated", {}),
        ("renewal.decided", {"outcome": "renewed"}),
        ("renewal.decided", {"outcome": "expanded"}),
    ],
)
def test_they_stay(type_, fields):
    """Then nobody is leaving, well handled or not."""
    for story in (cancelled(), cancelled().quiet(days=3).crash()):
        story.tell(type_, **fields).quiet(days=30)
        assert told(story)[-1][2] == "stays"


def test_asked_in_a_call():
    """They call, ask to cancel, and the agent talks to them: that is the answer."""
    story = Story(only=KIND).contact("account/cancel").tell("cancel.requested", contact_id="k-1")

    assert end(served(story)) == "standard_met"


def test_a_second_call_about_it():
    """Nobody got back to them, so they call once more."""
    story = cancelled().after(hours=1).contact("account/cancel").after(hours=2)

    assert end(story.contact("account/cancel")) == "mishandled_repeat"


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"old_minor": 4990, "new_minor": 1990, "initiated_by": "customer"}, 1),
        ({"old_minor": 4990, "new_minor": 1990}, 1),
        ({"old_minor": 4990, "new_minor": 1990, "initiated_by": "company"}, 0),
        ({"old_minor": 1990, "new_minor": 4990, "initiated_by": "customer"}, 0),
        ({"new_plan": "solo"}, 0),
    ],
)
def test_a_plan_reduced(fields, count):
    """By the customer, or by who knows whom; not by us, not to more, not to an unknown price."""
    assert len(told(Story(only=KIND).tell("plan.changed", **fields))) == count


def test_after_a_reduction_a_word_is_enough():
    """Nobody was asked anything; two days for a word."""
    story = Story(only=KIND).tell("plan.changed", old_minor=2, new_minor=1)
    assert end(story.after(hours=40).tell("account.touch", kind="check_in")) == "standard_met"

    story = Story(only=KIND).tell("plan.changed", old_minor=2, new_minor=1)
    assert end(story) == "mishandled_follow_up"


def test_a_contract_that_simply_ends():
    """Lost at its end, and nobody had asked to cancel."""
    story = Story(only=KIND).tell("renewal.decided", outcome="lost").tell("customer.churned")

    assert told(story) == []


def test_the_standard_is_the_policys():
    """A decision within a day, for who wants that."""
    policy = policy_of(detectors={KIND: {"resolve_h": 24}})
    story = called(cancelled(policy)).after(hours=1).tell("account.touch", kind="check_in")

    assert end(story) == "mishandled_resolution"
