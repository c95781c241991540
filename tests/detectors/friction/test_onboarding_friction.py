"""Getting started should not go against the grain (ON3)."""

from tests.story import Story, policy_of

KIND = "onboarding_friction"


def fail(story, step="bank", hours=1.0, **fields):
    """A step fails, so many hours on."""
    return story.after(hours=hours).tell("onboarding.step_failed", step=step, **fields)


def ask(story, days=1.0):
    """The customer asks for help, so many days on."""
    return story.after(days=days).tell("onboarding.assistance_requested", channel="chat")


def told(story):
    """Each alert as action, object and reason."""
    return [
        (a["action"], a["object_id"], a["resolved_reason"] or a["reason"]["code"])
        for a in story.alerts
    ]


def test_the_same_step_failed_twice():
    """Once is bad luck, twice is the product's doing."""
    story = fail(fail(Story(only=KIND)), error_code="bank_timeout")

    assert told(story) == [("trigger", "bank", "step_failed_again")]
    alert = story.alerts[0]
    assert alert["severity"] == 3
    assert alert["reason"]["text"] == "2 failures of onboarding step bank, error bank_timeout"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1"]


def test_a_retry_that_fails_is_the_second_failure_even_if_the_first_was_not_heard():
    """The producer's own count of retries is believed."""
    assert told(fail(Story(only=KIND), retry_no=1)) == [("trigger", "bank", "step_failed_again")]


def test_three_calls_for_help():
    """Who asks for help three times needs somebody at their side."""
    story = ask(ask(ask(Story(only=KIND))))

    assert told(story) == [("trigger", None, "help_wanted")]
    assert "specialist" in story.alerts[0]["suggested_action"]
    assert len(story.alerts[0]["evidence"]) == 3


def test_the_step_done_ends_it():
    """Once the step is done the customer is through."""
    story = fail(fail(Story(only=KIND))).tell("onboarding.step_completed", step="bank")

    assert told(story)[1:] == [("resolve", "bank", "step_done")]


def test_the_next_step_done_ends_the_calls_for_help():
    """They got on; whoever needs three more calls needs help anew."""
    story = ask(ask(ask(Story(only=KIND)))).tell("onboarding.step_completed", step="any")
    ask(ask(story, days=8))
    assert told(story)[1:] == [("resolve", None, "step_done")]

    assert told(ask(story))[2:] == [("trigger", None, "help_wanted")]


def test_the_end_of_onboarding_ends_everything():
    """Completed or cancelled: all of it is over."""
    story = ask(ask(ask(fail(fail(Story(only=KIND)))))).tell("onboarding.completed")

    assert sorted(a["resolved_reason"] for a in story.alerts[2:]) == ["onboarding_completed"] * 2


def test_different_steps_failing_once_each_are_no_friction():
    """Two steps, two slips."""
    assert fail(fail(Story(only=KIND), "bank"), "profile").lines == []


def test_a_step_done_at_the_second_try_is_no_friction():
    """Failed, done, and much later failed again: never twice in a row."""
    story = fail(Story(only=KIND)).tell("onboarding.step_completed", step="bank")

    assert fail(story).lines == []


def test_two_calls_for_help_are_ordinary():
    """Questions are welcome."""
    assert ask(ask(Story(only=KIND))).lines == []


def test_the_same_step_of_two_products_is_two_steps():
    """Failures are counted per product."""
    assert fail(fail(Story(only=KIND), product_id="a"), product_id="b").lines == []


def test_limits_are_the_policys():
    """How many are too many is the policy's to say."""
    policy = policy_of(detectors={KIND: {"step_failures": 3, "help_requests": 2}})
    story = ask(ask(fail(fail(Story(policy, only=KIND)))))

    assert told(story) == [("trigger", None, "help_wanted")]


def test_a_restart_between_two_failures_changes_nothing():
    """The count is part of the journey."""
    assert len(fail(fail(Story(only=KIND)).crash()).lines) == 1


def test_only_eight_failing_steps_are_remembered():
    """The oldest of more than eight is forgotten: it counts from one again."""
    story = Story(only=KIND)
    for number in range(9):
        fail(story, f"step-{number}")
    fail(story, "step-0")
    assert story.lines == []

    assert told(fail(story, "step-8")) == [("trigger", "step-8", "step_failed_again")]
