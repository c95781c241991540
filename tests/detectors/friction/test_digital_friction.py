"""Clicks that do nothing, forms that refuse: the page fights back (FR13)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "digital_friction"


def clicks(story, page="/checkout", minutes=5.0, **fields):
    """A page fights back, so many minutes on."""
    return story.after(minutes=minutes).tell(
        "digital.friction", **{"kind": "rage_click", "page": page, **fields}
    )


def fails(story, task="payment", hours=1.5, **fields):
    """A task fails, so many hours on."""
    return story.after(hours=hours).tell("task.failed", task_kind=task, **fields)


def test_three_signals_on_one_page_within_an_hour():
    """Whatever the signals are."""
    story = clicks(clicks(Story(only=KIND)), kind="form_error")
    clicks(story, "/checkout?step=2")

    assert told(story) == [("trigger", 2, "page_fights_back")]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "3 signals in 1 h on /checkout: rage clicks, form errors"
    assert len(alert["evidence"]) == 3
    assert alert["cause_class"] == "product_quality"


def test_counted_by_the_page_itself():
    """One touchpoint may tell of several; of none it tells nothing."""
    assert told(clicks(Story(only=KIND), count=3)) == [("trigger", 2, "page_fights_back")]
    assert clicks(Story(only=KIND), count=2).lines == []
    assert clicks(clicks(clicks(Story(only=KIND), count=0), count=0), count=2).lines == []


@pytest.mark.parametrize(
    "tell",
    [
        lambda s: clicks(clicks(s)),
        lambda s: clicks(clicks(clicks(s, "/a"), "/b"), "/c"),
        lambda s: clicks(clicks(clicks(s, minutes=31), minutes=31), minutes=31),
        lambda s: fails(fails(s, "return"), "return"),
        lambda s: fails(fails(s, "payment"), "registration"),
        lambda s: fails(fails(s, "payment"), hours=25),
        fails,
    ],
)
def test_too_few_too_far_apart_or_on_different_flows(tell):
    """Two signals; three pages; an hour passed; tasks that may fail; one failure each."""
    assert tell(Story(only=KIND)).lines == []


def test_a_payment_that_fails_twice():
    """Graver than a page: it is money, and the customer wants to pay."""
    story = fails(fails(Story(only=KIND)), error_code="E9")

    assert told(story) == [("trigger", 3, "task_failed_again")]
    assert story.alerts[0]["reason"]["text"] == "2 failures of payment in 24 h, error E9"
    assert "by phone" in story.alerts[0]["suggested_action"]


def test_a_registration_that_fails_twice():
    """Somebody wants to become a customer."""
    assert told(fails(fails(Story(only=KIND), "registration"), "registration")) == [
        ("trigger", 2, "task_failed_again")
    ]


def test_other_tasks_count_as_signals():
    """Three failures of a return within an hour."""
    story = Story(only=KIND)
    for _ in range(3):
        fails(story, "return", hours=0.3)

    assert told(story) == [("trigger", 2, "page_fights_back")]


def test_done_in_the_end():
    """The task completed ends it; another one does not."""
    story = fails(fails(Story(only=KIND))).after(hours=1).tell("task.completed", task_kind="return")
    assert len(story.lines) == 1

    story.tell("task.completed", task_kind="payment")
    assert told(story)[-1] == ("resolve", 3, "task_completed")
    assert len(fails(story, hours=0.1).lines) == 2


def test_pages_calm_down_by_themselves():
    """A week without more of it."""
    story = clicks(Story(only=KIND), count=5).quiet(days=8)

    assert told(story) == [("trigger", 2, "page_fights_back"), ("resolve", 2, "quiet")]


@pytest.mark.parametrize(
    ("limits", "count"), [({"signals": 4}, 0), ({"window_h": 0.1}, 0), ({"signals": 2}, 1)]
)
def test_the_limits_of_pages_are_the_policys(limits, count):
    """How many, how soon."""
    story = Story(policy_of(detectors={KIND: limits}), only=KIND)

    assert len(clicks(clicks(clicks(story))).lines) == count


@pytest.mark.parametrize(
    ("limits", "count"),
    [({"task_failures": 3}, 0), ({"task_window_h": 1}, 0), ({"failing_tasks": ["cancel"]}, 0)],
)
def test_the_limits_of_tasks_are_the_policys(limits, count):
    """Which tasks, how often, how soon."""
    assert len(fails(fails(Story(policy_of(detectors={KIND: limits}), only=KIND))).lines) == count


def test_many_pages_stay_small_and_a_crash_changes_nothing():
    """The one longest quiet of more than three is forgotten, and its episode with it."""
    story = clicks(Story(only=KIND), "/0", count=3)
    for number in range(1, 4):
        clicks(story, f"/{number}", count=2).crash()
    clicks(story, "/3", count=1).crash()

    assert [(a["object_id"], a["resolved_reason"]) for a in story.alerts] == [
        ("/0", None),
        ("/0", "forgotten"),
        ("/3", None),
    ]
