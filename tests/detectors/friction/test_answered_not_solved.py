"""An answer that says neither what happens next nor when is not a solution (FR4)."""

import pytest

from tests.story import DAY_MS, Story, policy_of, told

KIND = "answered_not_solved"


def asked(policy=None, **fields):
    """A mail becomes a case."""
    return Story(policy, only=KIND).tell(
        "case.opened", **{"case_id": "s-1", "channel": "email", "reason": "order/where", **fields}
    )


def answer(story, minutes=15, **fields):
    """A polite answer, so many minutes on, that says nothing unless told otherwise."""
    return story.after(minutes=minutes).tell(
        "case.response_sent",
        **{"case_id": "s-1", "kind": "human", "substantive": False, "next_step": False, **fields},
    )


def test_a_day_after_an_empty_answer():
    """Quick, polite and of no help: a day later the customer knows as little as before."""
    story = answer(asked()).quiet(days=3)

    assert story.lines == [
        "day 1.01 · trigger · answered_not_solved · severity 3 · answered_not_solved"
    ]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "1 answer in 24 h and none says what happens next or when"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-1"]


def test_more_such_answers_do_not_start_the_clock_anew():
    """Three empty answers are one day without an answer."""
    story = answer(answer(answer(asked()), 300), 300).quiet(days=3)

    assert story.lines[0].startswith("day 1.01 ")
    assert story.alerts[0]["number"] == 3


@pytest.mark.parametrize("fields", [{"next_step": True}, {"eta": "later"}])
def test_a_next_step_or_a_time_is_what_was_wanted(fields):
    """Given with the first answer or with a later one, in time."""
    if "eta" in fields:
        fields = {"eta": Story().now_ms + 5 * DAY_MS}

    assert answer(asked(), **fields).quiet(days=3).lines == []
    assert answer(answer(asked()), 60, **fields).quiet(days=3).lines == []


def test_a_next_step_given_later_ends_it():
    """After the alert, the answer it asked for."""
    story = answer(answer(asked()).quiet(days=2), next_step=True)

    assert told(story) == [("trigger", 3, "answered_not_solved"), ("resolve", 3, "next_step_given")]


def test_an_empty_answer_after_a_good_one_starts_anew():
    """What was said next has been done or not; the last word was empty."""
    story = answer(answer(asked(), next_step=True), 600).quiet(days=3)

    assert told(story) == [("trigger", 3, "answered_not_solved")]


def test_a_promise_by_a_time_is_a_time():
    """Said on the phone, kept or not: the customer knows when."""
    story = answer(asked()).after(hours=2)
    story.tell(
        "promise.made",
        promise_id="p-1",
        kind="delivery",
        case_id="s-1",
        due_at=story.now_ms + 3 * DAY_MS,
    ).quiet(days=2)

    assert story.lines == []


def test_resolved_within_the_day():
    """Solved is better than announced."""
    story = answer(asked()).after(hours=20).tell("case.resolved", case_id="s-1").quiet(days=3)

    assert story.lines == []


def test_resolved_by_a_contact_about_it():
    """However it was solved."""
    story = answer(asked()).after(hours=3).contact("order/where", case_id="s-1")
    story.tell("contact.ended", contact_id="k-1", case_id="s-1", outcome="resolved").quiet(days=3)

    assert story.lines == []


def test_resolved_afterwards():
    """The solution ends it."""
    story = answer(asked()).quiet(days=2).tell("case.resolved", case_id="s-1")

    assert told(story)[-1] == ("resolve", 3, "issue_resolved")


@pytest.mark.parametrize("fields", [{"kind": "auto"}, {"next_step": None}])
def test_what_is_no_answer_and_what_nobody_told(fields):
    """Automatic replies are none; an answer of which nobody says what was in it is not accused."""
    fields = {"kind": "human", "next_step": False, **fields}
    fields = {name: value for name, value in fields.items() if value is not None}
    story = asked().after(minutes=5)
    story.tell("case.response_sent", case_id="s-1", **fields).quiet(days=5)

    assert story.lines == []


def test_no_answer_at_all_is_another_matter():
    """That nobody answered is told elsewhere."""
    assert asked().quiet(days=5).lines == []


def test_worse_while_the_order_is_late():
    """Where is it, they asked, and it is late."""
    story = Story(only=KIND).tell("order.delayed", order_id="o-1").after(days=1)
    story.tell("case.opened", case_id="s-1", channel="email", reason="order/where", order_id="o-1")
    answer(story).quiet(days=2)

    assert told(story) == [("trigger", 4, "answered_while_late")]
    assert "one firm date" in story.alerts[0]["suggested_action"]


def test_what_was_delivered_is_late_no_more():
    """The parcel came; the question is still open."""
    story = Story(only=KIND).tell("order.delayed", order_id="o-1").after(days=1)
    story.tell("case.opened", case_id="s-1", channel="email", reason="order/where")
    answer(story).after(hours=2).tell("order.delivered", order_id="o-1").quiet(days=2)

    assert told(story) == [("trigger", 3, "answered_not_solved")]


def test_worse_while_service_is_disrupted():
    """An incident touches them, and the answer says nothing of it."""
    story = answer(asked().tell("product.incident_opened", incident_id="n-1")).quiet(days=2)

    assert told(story) == [("trigger", 4, "answered_while_late")]
    assert "service is disrupted" in story.alerts[0]["reason"]["text"]


@pytest.mark.parametrize(("hours", "day"), [(4, "0.1771"), (48, "2.01")])
def test_the_limit_is_the_policys(hours, day):
    """How long an empty answer may stand is the policy's to say."""
    story = answer(asked(policy_of(detectors={KIND: {"after_h": hours}}))).quiet(days=5)

    assert story.lines[0].startswith(f"day {day} ")


def test_many_issues_stay_small_and_a_crash_loses_no_timer():
    """The oldest of more than four is forgotten; the others fall due after a restart."""
    story = Story(only=KIND)
    for number in range(6):
        story.tell("case.opened", case_id=f"s-{number}", issue_id=f"i-{number}", channel="email")
        answer(story, case_id=f"s-{number}").crash()
    story.quiet(days=3)

    assert [a["object_id"] for a in story.alerts] == [f"i:i-{number}" for number in range(2, 6)]
