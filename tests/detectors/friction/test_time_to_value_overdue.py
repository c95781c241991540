"""Getting started is not the point: having something from it is (ON2)."""

import pytest

from tests.story import DAY_MS, Story, policy_of, told

KIND = "time_to_value_overdue"


def started(model="smb", policy=None, **fields):
    """An onboarding begins."""
    if model:
        fields["segment_model"] = model
    return Story(policy, only=KIND).tell("onboarding.started", **fields)


def step(story, name, what="completed", days=1.0, **fields):
    """A step begun, failed or done, so many days on."""
    return story.after(days=days).tell(f"onboarding.step_{what}", step=name, **fields)


def reach(story, first=True, **fields):
    """A milestone, now."""
    return story.tell("onboarding.milestone_reached", milestone="m", is_first_value=first, **fields)


@pytest.mark.parametrize(
    ("model", "day", "severe"),
    [
        ("self_serve", 1.5, 2.25),
        ("smb", 14, 21),
        ("mid", 28, 42),
        ("enterprise", 84, 126),
        (None, 14, 21),
    ],
)
def test_each_model_has_its_own_time(model, day, severe):
    """A day and a half, two, four, twelve weeks; half as long again is long overdue."""
    assert started(model).quiet(days=200).lines == [
        f"day {day:g} · trigger · {KIND} · severity 3 · value_overdue",
        f"day {severe:g} · update · {KIND} · severity 4 · value_long_overdue",
    ]


def test_what_is_done_and_what_is_missing():
    """Both belong to the alert: how far it got, and what it hangs on."""
    story = step(step(step(started(), "profile"), "bank", "failed"), "team", "started").quiet(
        days=14
    )

    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "14 days since the start and no first value; 1 step done, missing: bank, team"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-3"]
    assert alert["cause_class"] == "onboarding"


def test_what_was_missing_and_is_done_is_missing_no_more():
    """Failed first, then done."""
    story = step(step(started(), "bank", "failed"), "bank").quiet(days=14)

    assert story.alerts[0]["reason"]["text"].endswith("; 1 step done")


def test_the_onboardings_own_target_counts_first():
    """Where a date was agreed on it is that date."""
    story = started("enterprise", target_value_at=Story().now_ms + 10 * DAY_MS).quiet(days=13)

    assert [line.split(" · ")[0] for line in story.lines] == ["day 10"]


def test_a_target_that_lies_before_the_start_is_none():
    """Then the model's time holds."""
    story = started("smb", target_value_at=Story().now_ms - DAY_MS).quiet(days=15)

    assert [line.split(" · ")[0] for line in story.lines] == ["day 14"]


def test_first_value_in_time():
    """That is what it is for."""
    assert reach(started().after(days=13)).quiet(days=90).lines == []


def test_another_milestone_or_completion_is_not_value():
    """All steps done, and nothing from it."""
    story = reach(started().after(days=2), first=False)
    story.after(days=1).tell("onboarding.completed").quiet(days=15)

    assert told(story) == [("trigger", 3, "value_overdue")]


def test_first_value_late_ends_it():
    """Better late."""
    story = reach(started().quiet(days=15)).quiet(days=90)

    assert told(story) == [("trigger", 3, "value_overdue"), ("resolve", 3, "first_value_reached")]


@pytest.mark.parametrize(
    ("ending", "reason"), [("onboarding.cancelled", "cancelled"), ("customer.churned", "churned")]
)
def test_given_up(ending, reason):
    """In time nothing is said; later it ends the episode."""
    assert started().after(days=3).tell(ending).quiet(days=90).lines == []
    assert told(started().quiet(days=15).tell(ending))[-1] == ("resolve", 3, reason)


def test_begun_anew():
    """The clock starts again."""
    story = started().after(days=10).tell("onboarding.started", segment_model="smb").quiet(days=15)

    assert [line.split(" · ")[0] for line in story.lines] == ["day 24"]


def test_nobody_said_that_it_began():
    """Steps alone start no clock."""
    assert step(Story(only=KIND), "profile").quiet(days=90).lines == []


def test_each_product_has_its_own_clock():
    """Value from one is no value from the other."""
    story = started(product_id="a").tell("onboarding.started", product_id="b")
    reach(story.after(days=1), product_id="a").quiet(days=15)

    assert [a["object_id"] for a in story.alerts] == ["b"]


@pytest.mark.parametrize(
    ("limits", "days"), [({"smb_d": 7}, [7, 10.5]), ({"severe_share": 2}, [14, 28])]
)
def test_the_limits_are_the_policys(limits, days):
    """How long it may take is the policy's to say."""
    story = started(policy=policy_of(detectors={KIND: limits})).quiet(days=60)

    assert [line.split(" · ")[0] for line in story.lines] == [f"day {day:g}" for day in days]


def test_many_onboardings_stay_small_and_a_crash_loses_no_timer():
    """The oldest of more than three is forgotten; the others fall due after a restart."""
    story = Story(only=KIND)
    for number in range(5):
        story.tell("onboarding.started", product_id=f"p-{number}").crash()
    story.quiet(days=15)

    assert [a["object_id"] for a in story.alerts] == ["p-2", "p-3", "p-4"]
