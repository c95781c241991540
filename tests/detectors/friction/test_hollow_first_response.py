"""An answer that only stops the clock is no answer (FR2). The stories begin on a Thursday."""

import pytest

from tests.story import DAY_MS, Story, policy_of, told

KIND = "hollow_first_response"
OFFICE = {day: ["09:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}


def asked(policy=None):
    """A mail becomes a case, on Thursday at ten."""
    story = Story(policy, only=KIND).after(hours=10)
    return story.tell("case.opened", case_id="s-1", channel="email", reason="technical/sync")


def answer(story, minutes=10.0, **fields):
    """An answer so many minutes on; hollow unless told otherwise."""
    return story.after(minutes=minutes).tell(
        "case.response_sent",
        **{"case_id": "s-1", "kind": "human", "substantive": False, "next_step": False, **fields},
    )


def test_hollow_and_then_handed_on():
    """We have received your message; and off it goes to the next group."""
    story = answer(asked()).after(minutes=30)
    story.tell("case.reassigned", case_id="s-1", from_group="first", to_group="second")

    assert told(story) == [("trigger", 3, "hollow_then_handed_on")]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "1 first answer that neither helped nor said what happens next, then the case was handed on"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-1", "e-2"]
    assert alert["object_id"] == "s-1"


def test_hollow_and_nothing_better_in_four_open_hours():
    """Ten past ten, and at ten past two still nothing."""
    story = answer(asked()).quiet(days=1)

    assert story.lines == [
        "day 0.5903 · trigger · hollow_first_response · severity 3 · hollow_and_nothing_since"
    ]


def test_nights_and_weekends_do_not_count():
    """Friday at four, an hour before the office closes: due on Monday at noon."""
    policy = policy_of(
        calendars={"office": {**OFFICE, "zone": "UTC"}}, detectors={KIND: {"calendar": "office"}}
    )
    story = answer(asked(policy).after(days=1, hours=6), 0).quiet(days=7)

    assert [line.split(" · ")[0] for line in story.lines] == ["day 4.5"]


@pytest.mark.parametrize(
    "fields", [{"substantive": True}, {"next_step": True}, {"eta": Story().now_ms + 3 * DAY_MS}]
)
def test_a_first_answer_that_helps_or_says_what_is_next(fields):
    """Either is enough, whatever comes after it."""
    story = answer(answer(asked(), **fields))
    story.tell("case.reassigned", case_id="s-1", to_group="second").quiet(days=5)

    assert story.lines == []


def test_something_better_in_time():
    """An hour later the real answer."""
    assert answer(answer(asked()), 60, substantive=True).quiet(days=5).lines == []


def test_something_better_later_ends_it():
    """A day later the real answer."""
    story = answer(answer(asked()).quiet(days=1), next_step=True)

    assert told(story) == [("trigger", 3, "hollow_and_nothing_since"), ("resolve", 3, "answered")]


def test_another_hollow_one_changes_nothing():
    """The clock runs from the first."""
    story = answer(answer(asked()), 120).quiet(days=2)

    assert story.lines[0].startswith("day 0.5903 ") and len(story.lines) == 1


@pytest.mark.parametrize("fields", [{"kind": "auto"}, {"substantive": None}, {"next_step": None}])
def test_what_is_no_answer_and_what_nobody_told(fields):
    """A machine's reply, or one of which we do not know what was in it."""
    fields = {"substantive": False, "next_step": False, "kind": "human", **fields}
    fields = {name: value for name, value in fields.items() if value is not None}
    story = asked().after(minutes=9).tell("case.response_sent", case_id="s-1", **fields)

    assert story.quiet(days=5).lines == []


def test_the_first_answer_after_a_machines_reply_is_the_first():
    """Automatic, then hollow."""
    story = answer(answer(asked(), kind="auto")).quiet(days=1)

    assert told(story) == [("trigger", 3, "hollow_and_nothing_since")]


def test_resolved_in_time_or_later():
    """A solution is more than an answer."""
    assert (
        answer(asked()).after(hours=2).tell("case.resolved", case_id="s-1").quiet(days=3).lines
        == []
    )
    story = answer(asked()).quiet(days=1).tell("case.resolved", case_id="s-1")
    assert told(story)[-1] == ("resolve", 3, "resolved")


def test_a_new_name_on_the_same_desk_is_not_handed_on():
    """The same group and no agent named."""
    story = answer(asked()).after(minutes=30)
    story.tell("case.reassigned", case_id="s-1", from_group="first", to_group="first")

    assert story.lines == []


def test_handed_on_after_it_was_told_is_told_once():
    """Four hours of nothing, then handed on: one episode, one alert."""
    story = answer(asked()).quiet(days=1)
    story.tell("case.reassigned", case_id="s-1", to_group="second")

    assert len(story.lines) == 1


@pytest.mark.parametrize(("hours", "day"), [(1, "0.4653"), (8, "0.7569")])
def test_the_limit_is_the_policys(hours, day):
    """How long a better answer may take."""
    story = answer(asked(policy_of(detectors={KIND: {"after_h": hours}}))).quiet(days=2)

    assert story.lines[0].startswith(f"day {day} ")


def test_many_cases_stay_small_and_a_crash_loses_no_timer():
    """The oldest of more than four is forgotten."""
    story = Story(only=KIND)
    for number in range(6):
        story.tell("case.opened", case_id=f"s-{number}", issue_id=f"i-{number}", channel="email")
        answer(story, case_id=f"s-{number}").crash()
    story.quiet(days=1)

    assert [a["object_id"] for a in story.alerts] == ["s-2", "s-3", "s-4", "s-5"]
