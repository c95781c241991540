"""Getting started must not come to a standstill (ON1). The stories begin on a Thursday."""

import pytest

from tests.story import Story, policy_of, told

KIND = "onboarding_stall"
OFFICE = {day: ["09:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}


def started(model="self_serve", policy=None, **fields):
    """An onboarding that begins on Thursday at midnight."""
    if model:
        fields["segment_model"] = model
    return Story(policy, only=KIND).tell("onboarding.started", **fields)


def step(story, name, done=True, **fields):
    """A step begun or done, now."""
    return story.tell(f"onboarding.step_{'completed' if done else 'started'}", step=name, **fields)


def test_two_business_days_without_progress_are_a_stall():
    """Self-serve customers who do not go on within two business days are stuck."""
    story = step(started().after(hours=1), "profile").quiet(days=10)

    assert story.lines == ["day 4.042 · trigger · onboarding_stall · severity 3 · no_progress"]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "2 business days without progress after profile (onboarding model self_serve, stall 1)"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-1"]
    assert alert["cause_class"] == "onboarding"


@pytest.mark.parametrize(
    ("model", "day"), [("self_serve", 4), ("smb", 7), ("mid", 14), ("enterprise", 21), (None, 7)]
)
def test_each_model_has_its_own_patience(model, day):
    """2, 5, 10 and 15 business days; from Thursday one o'clock two end on Monday at one."""
    story = started(model).after(hours=1)
    step(story, "first").quiet(days=40)

    assert [line.split(" · ")[0] for line in story.lines] == [f"day {day + 1 / 24:.4g}"]


def test_going_on_ends_the_stall():
    """Progress after a stall takes it back."""
    story = step(started().quiet(days=6), "profile", done=False)

    assert told(story) == [("trigger", 3, "no_progress"), ("resolve", 3, "progress")]


def test_the_second_stall_is_worse():
    """Stuck, helped and stuck again."""
    story = step(started().quiet(days=6), "profile").quiet(days=6)

    assert told(story)[2:] == [("trigger", 4, "stalled_again")]
    assert story.alerts[2]["suggested_action"] != story.alerts[0]["suggested_action"]


@pytest.mark.parametrize(
    ("ending", "reason"),
    [("onboarding.completed", "completed"), ("onboarding.cancelled", "cancelled")],
)
def test_an_end_takes_the_stall_back(ending, reason):
    """Completed or given up: there is nothing to help with any more."""
    story = started().quiet(days=6).tell(ending).quiet(days=30)

    assert told(story) == [("trigger", 3, "no_progress"), ("resolve", 3, reason)]


@pytest.mark.parametrize(
    "progress",
    [
        {"type_": "onboarding.step_started", "step": "bank"},
        {"type_": "onboarding.step_completed", "step": "bank"},
        {"type_": "onboarding.training_attended"},
        {"type_": "onboarding.milestone_reached", "milestone": "report", "is_first_value": True},
    ],
)
def test_any_progress_in_time_keeps_it_quiet(progress):
    """Steps, trainings and milestones are progress."""
    story = started("smb").after(days=5).tell(**progress).quiet(days=6.9)

    assert story.lines == []


def test_done_in_time_is_silent_for_ever():
    """A completed onboarding cannot stall."""
    assert started().after(days=1).tell("onboarding.completed").quiet(days=60).lines == []


@pytest.mark.parametrize(
    "trouble",
    [
        {"type_": "onboarding.step_failed", "step": "bank"},
        {"type_": "onboarding.assistance_requested"},
    ],
)
def test_trouble_is_no_progress(trouble):
    """A failed step or a call for help does not set the clock anew."""
    assert len(started().after(days=1).tell(**trouble).quiet(days=9).lines) == 1


def test_a_training_without_an_onboarding_begins_none():
    """Customers of long standing attend trainings too."""
    assert Story(only=KIND).tell("onboarding.training_attended").quiet(days=60).lines == []


def test_progress_exactly_when_due_comes_too_late():
    """A timer fires before the customer's own next touchpoint at its due time."""
    story = step(started().after(days=2), "profile")

    assert told(story) == [("trigger", 3, "no_progress"), ("resolve", 3, "progress")]


def test_each_product_gets_started_by_itself():
    """Progress with one product does not excuse the other; no name means the only one."""
    story = started("smb", product_id="a").tell(
        "onboarding.started", product_id="b", segment_model="smb"
    )
    step(story.after(days=5), "one", product_id="b").quiet(days=3)

    assert [(a["action"], a["object_id"]) for a in story.alerts] == [("trigger", "a")]

    single = started("smb", product_id="a")
    assert step(single.after(days=5), "one").quiet(days=6.9).lines == []


def test_business_days_are_those_of_the_policys_calendar():
    """In an office of its own, days have hours, and holidays do not count."""
    policy = policy_of(
        calendars={"office": {"zone": "Europe/Berlin", "holidays": ["2026-01-01"], **OFFICE}},
        detectors={KIND: {"calendar": "office"}},
    )
    story = started(policy=policy).quiet(days=10)

    # Thursday is a holiday: Friday and Monday are the two days, until 17:00 in Berlin.
    assert [a["occurred_at"] for a in story.alerts] == ["2026-01-05T16:00:00.000Z"]


def test_a_restart_while_the_clock_runs_changes_nothing():
    """The stall is found by whoever holds the partition when it is due."""
    story = step(started().after(hours=1), "profile").crash().quiet(days=3).crash().quiet(days=3)

    assert story.lines == ["day 4.042 · trigger · onboarding_stall · severity 3 · no_progress"]


def test_progress_told_late_takes_back_a_stall_that_was_none():
    """Had we heard in time it would not have been a stall, so the next one is the first."""
    story = started("smb").quiet(days=8).after(days=-3)
    step(story, "profile").quiet(days=20)

    assert told(story) == [
        ("trigger", 3, "no_progress"),
        ("resolve", 3, "progress"),
        ("trigger", 3, "no_progress"),
    ]


def test_of_more_than_four_onboardings_the_oldest_is_forgotten():
    """The alert about it ends with that word; the others go on."""
    story = started(product_id="p-0").quiet(days=6)
    for number in range(1, 5):
        story.tell("onboarding.started", product_id=f"p-{number}", segment_model="enterprise")
    story.quiet(days=30)

    assert [(a["object_id"], a["resolved_reason"]) for a in story.alerts][:2] == [
        ("p-0", None),
        ("p-0", "forgotten"),
    ]
    assert [a["object_id"] for a in story.alerts[2:]] == ["p-1", "p-2", "p-3", "p-4"]
