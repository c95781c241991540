"""Steps, retries and blocks that nobody but the process needs (EF12)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "process_friction"


def task(story, what="step", kind="return", **fields):
    """A minute later, something about the task."""
    return story.after(minutes=1).tell(f"task.{what}", task_kind=kind, **fields)


def steps(count, expected=3, policy=None, **fields):
    """A task of so many steps."""
    story = Story(policy, only=KIND)
    for number in range(1, count + 1):
        task(story, step=f"s{number}", step_no=number, expected_steps=expected, **fields)
    return story


def test_three_steps_more_than_expected():
    """Six where three were expected; five are borne."""
    story = steps(6)

    assert told(story) == [("trigger", 2, "too_many_steps")]
    assert story.alerts[0]["reason"]["text"] == "6 steps where 3 are expected (task: return)"
    assert story.alerts[0]["object_id"] == "return"
    assert steps(5).lines == []


def test_steps_are_counted_where_they_have_no_number():
    """By their names; the same step again is no further one."""
    story = Story(only=KIND)
    for name in ("a", "b", "b", "c", "d"):
        task(story, step=name, expected_steps=2)
    assert story.lines == []

    assert told(task(story, step="e")) == [("trigger", 2, "too_many_steps")]


def test_nobody_knows_how_many_were_expected():
    """Then none are too many."""
    assert steps(30, expected=None).lines == []


def test_one_step_tried_again_and_again():
    """The third try again, as told or as counted."""
    told_so = task(Story(only=KIND), step="upload", retry_no=3)
    assert told(told_so) == [("trigger", 2, "step_tried_again")]
    assert told_so.alerts[0]["reason"]["text"] == "3 tries again of step upload (task: return)"

    counted = Story(only=KIND)
    for _ in range(3):
        task(counted, step="upload")
    assert counted.lines == []
    assert told(task(counted, step="upload")) == [("trigger", 2, "step_tried_again")]


def test_tries_of_different_steps_do_not_add_up():
    """Twice here and twice there."""
    story = Story(only=KIND)
    for name in ("a", "b", "c"):
        for retry_no in range(3):
            task(story, step=name, retry_no=retry_no)

    assert story.lines == []


def test_given_up_after_a_failure():
    """Something failed, and the customer left."""
    story = task(task(Story(only=KIND), "failed", step="upload", error_code="E1"), "abandoned")

    assert told(story) == [("trigger", 2, "abandoned_after_failure")]
    assert "then the customer gave up" in story.alerts[0]["reason"]["text"]
    assert len(story.alerts[0]["evidence"]) == 2


def test_left_without_a_failure_or_done_after_one():
    """A change of mind; a second try that worked."""
    assert task(task(Story(only=KIND), step="a"), "abandoned").lines == []
    story = task(task(Story(only=KIND), "failed", step="a"), "completed")
    assert task(story, "abandoned").lines == []


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("payment", 3), ("dispute", 3), ("cancel", 3), ("registration", 2), ("plan_change", 2)],
)
def test_graver_where_it_hurts_most(kind, severity):
    """Paying, disputing and leaving must be easy."""
    story = task(Story(only=KIND), kind=kind, step="a", retry_no=3)

    assert [a["severity"] for a in story.alerts] == [severity]


@pytest.mark.parametrize(
    ("ending", "reason"), [("completed", "task_completed"), ("started", "started_anew")]
)
def test_the_end_of_the_run(ending, reason):
    """Completed, or begun anew: that run is over."""
    assert told(task(steps(6), ending))[-1] == ("resolve", 2, reason)


def test_each_run_has_its_own_count():
    """Two returns of four steps are not one of eight."""
    story = steps(4, task_id="t-1")
    for number in range(1, 5):
        task(story, step=f"s{number}", step_no=number, expected_steps=3, task_id="t-2")

    assert story.lines == []


def blocked(policy=None, **fields):
    """A case that cannot move on."""
    story = Story(policy, only=KIND).tell("case.opened", case_id="s-1", channel="email")
    return story.tell("case.blocked", **{"case_id": "s-1", "blocked_by": "third_party", **fields})


def test_blocked_for_a_day():
    """Nothing happened for twenty-four hours after it was said to be blocked."""
    story = blocked().quiet(days=2)

    assert story.lines == ["day 1 · trigger · process_friction · severity 2 · case_blocked"]
    assert story.alerts[0]["reason"]["text"] == "24 h a case is blocked by third party"
    assert story.alerts[0]["object_id"] == "case:s-1"


@pytest.mark.parametrize(
    "move",
    [
        {"type_": "case.status_changed", "status": "in_progress"},
        {"type_": "case.reassigned", "to_group": "second"},
        {"type_": "case.response_sent", "kind": "human"},
        {"type_": "case.resolved"},
    ],
)
def test_it_moves_on(move):
    """In time nothing is said; later it ends the episode."""
    assert blocked().after(hours=20).tell(case_id="s-1", **move).quiet(days=3).lines == []
    story = blocked().quiet(days=2).tell(case_id="s-1", **move)
    assert told(story)[-1] == ("resolve", 2, "moves_on")


def test_an_automatic_reply_moves_nothing():
    """The machine says that it is being worked on."""
    story = blocked().after(hours=2).tell("case.response_sent", case_id="s-1", kind="auto")

    assert told(story.quiet(days=2)) == [("trigger", 2, "case_blocked")]


@pytest.mark.parametrize(("hours", "count"), [(23.9, 0), (24, 1), (50, 1)])
def test_a_block_told_when_it_was_over(hours, count):
    """Its whole length is told: at once, or never."""
    assert len(blocked(duration_s=hours * 3600).quiet(days=3).lines) == count


@pytest.mark.parametrize(
    ("limits", "count"), [({"extra_steps": 4}, 0), ({"extra_steps": 3}, 1), ({"extra_steps": 1}, 1)]
)
def test_the_limit_of_steps_is_the_policys(limits, count):
    """How many more are borne."""
    assert len(steps(6, policy=policy_of(detectors={KIND: limits})).lines) == count


@pytest.mark.parametrize(
    ("limits", "day"), [({"blocked_h": 4}, "0.1667"), ({"blocked_h": 72}, "3")]
)
def test_the_limit_of_blocks_is_the_policys(limits, day):
    """How long a case may stand."""
    story = blocked(policy_of(detectors={KIND: limits})).quiet(days=5)

    assert story.lines[0].startswith(f"day {day} ")


def test_many_runs_and_blocks_stay_small_and_a_crash_loses_no_timer():
    """The oldest of more than three are forgotten."""
    story = Story(only=KIND)
    for number in range(5):
        task(story, step="a", retry_no=3, task_id=f"t-{number}").crash()
        story.tell("case.blocked", case_id=f"s-{number}", blocked_by="policy").crash()
    story.quiet(days=2)

    assert [a["object_id"] for a in story.alerts if a["resolved_reason"] == "forgotten"] == [
        "t-0",
        "t-1",
    ]
    assert [a["object_id"] for a in story.alerts if a["reason"]["code"] == "case_blocked"] == [
        "case:s-2",
        "case:s-3",
        "case:s-4",
    ]
