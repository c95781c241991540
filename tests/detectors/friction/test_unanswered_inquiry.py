"""No inquiry is ignored (FR1). The stories begin on a Thursday at midnight."""

import pytest

from tests.story import DAY_MS, Story, policy_of

KIND = "unanswered_inquiry"
HOUR_MS = DAY_MS // 24
OFFICE = {day: ["09:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}


def asked(policy=None, story=None, **fields):
    """A case the customer opened by mail."""
    story = story or Story(policy, only=KIND)
    return story.tell(
        "case.opened",
        **{"case_id": "s-1", "channel": "email", "reason": "technical/sync", **fields},
    )


def answer(story, kind="human", **fields):
    """A response on the case."""
    return story.tell("case.response_sent", **{"case_id": "s-1", "kind": kind, **fields})


def told(story):
    """Each alert as day, action, severity and reason."""
    return [line.replace(f" · {KIND}", "") for line in story.lines]


def test_nobody_answered_by_the_target_and_by_twice_the_target():
    """A mail has a day of business time, then another; the second time a lead must step in."""
    story = asked().quiet(days=10)

    assert told(story) == [
        "day 1 · trigger · severity 3 · unanswered",
        "day 2 · update · severity 4 · unanswered_twice_the_target",
    ]
    first, second = story.alerts
    assert first["reason"]["text"] == "24 h without a human answer (email, target 24 h)"
    assert (second["number"], second["threshold"]) == (48, 24)
    assert "team lead" in second["suggested_action"]
    assert [e["event_id"] for e in first["evidence"]] == ["e-0"]


@pytest.mark.parametrize(
    ("channel", "hours"),
    [("email", 24), ("portal", 24), ("messaging", 4), ("social", 4), (None, 24)],
)
def test_each_channel_has_its_own_target(channel, hours):
    """Who writes in a messenger expects an answer sooner than who writes a mail."""
    story = asked(channel=channel).quiet(hours=hours)

    assert [a["number"] for a in story.alerts] == [hours]


@pytest.mark.parametrize(
    "how",
    [
        {"channel": "email"},
        {"channel": "social", "medium": "async_text"},
        {"medium": "paper", "channel": "post"},
    ],
)
def test_a_contact_that_expects_no_answer_at_once_is_an_inquiry(how):
    """Mails, posts and letters wait for an answer; whose case is opened or not."""
    story = Story(only=KIND).tell("contact.started", contact_id="k-1", direction="inbound", **how)

    assert len(story.quiet(days=10).lines) == 2


def test_a_reply_on_a_case_waits_for_an_answer_too():
    """Answered once, asked again, and then nobody."""
    story = (
        answer(asked().after(hours=2))
        .after(hours=3)
        .tell("case.customer_replied", case_id="s-1", channel="email")
        .quiet(hours=25)
    )

    assert told(story) == ["day 1.208 · trigger · severity 3 · unanswered"]


def test_writing_again_does_not_set_the_clock_back():
    """The customer waits since the first mail; both mails are evidence."""
    story = asked().after(hours=20).tell("case.customer_replied", case_id="s-1", channel="email")
    story.quiet(hours=5)

    assert told(story) == ["day 1 · trigger · severity 3 · unanswered"]
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-0", "e-1"]


def test_one_mail_that_became_a_case_is_one_inquiry():
    """Contact and case of the same mail make one alert."""
    story = Story(only=KIND).tell(
        "contact.started", contact_id="k-1", channel="email", reason="technical/sync"
    )
    asked(story=story, contact_id="k-1").quiet(hours=25)

    assert len(story.lines) == 1


def test_an_automatic_reply_is_no_answer():
    """ "We have received your message" answers nothing."""
    story = answer(asked().after(minutes=1), "auto").quiet(days=1)

    assert told(story) == ["day 1 · trigger · severity 3 · unanswered"]


def test_a_human_answer_ends_it():
    """Late, but answered."""
    story = answer(asked().quiet(hours=30)).quiet(days=9)

    assert told(story)[1:] == ["day 1.25 · resolve · severity 3 · answered"]


def test_a_critical_case_is_critical_at_night_and_at_the_weekend():
    """Priority 1 has one hour of anybody's clock, and is told with the highest severity."""
    story = Story(only=KIND).after(days=2, hours=3)
    asked(story=story, priority=1).quiet(hours=1)

    assert told(story) == ["day 2.167 · trigger · severity 5 · unanswered"]
    assert "on call" in story.alerts[0]["suggested_action"]


def test_the_weekend_does_not_count_for_others():
    """A mail of Friday noon is due on Monday noon."""
    story = Story(only=KIND).after(days=1, hours=12)
    asked(story=story).quiet(days=9)

    assert told(story)[0].startswith("day 4.5 ·")


def test_business_time_is_that_of_the_policys_calendar():
    """Four open hours of an office in Berlin, asked on Thursday at 16:00 there."""
    policy = policy_of(
        calendars={"office": {"zone": "Europe/Berlin", **OFFICE}},
        detectors={KIND: {"calendar": "office", "target_h": {"email": 4}}},
    )
    story = asked(story=Story(policy, only=KIND).after(hours=15)).quiet(days=9)

    assert [a["occurred_at"] for a in story.alerts] == [
        "2026-01-02T11:00:00.000Z",
        "2026-01-02T15:00:00.000Z",
    ]


def test_a_raised_tier_is_answered_in_half_the_time():
    """The target is per channel and tier."""
    story = Story(only=KIND).tell("customer.profile_changed", tier="1")
    asked(story=story).quiet(hours=12)

    assert [a["number"] for a in story.alerts] == [12]


def test_the_cases_own_deadline_beats_the_table():
    """What the desk itself has set is the target; twice of it the second one."""
    story = asked(first_response_due=Story().now_ms + 6 * HOUR_MS).quiet(days=9)

    assert [(a["occurred_at"][11:16], a["number"]) for a in story.alerts] == [
        ("06:00", 6),
        ("12:00", 12),
    ]


def test_a_deadline_in_the_past_is_no_deadline():
    """A due time before the question is a mistake of the producer; the table holds."""
    story = asked(first_response_due=Story().now_ms - HOUR_MS).quiet(hours=25)

    assert [a["number"] for a in story.alerts] == [24]


@pytest.mark.parametrize(
    "human",
    [
        {"type_": "case.response_sent", "case_id": "s-1", "kind": "human"},
        {"type_": "case.response_sent", "case_id": "s-1", "kind": "template"},
        {"type_": "case.status_changed", "case_id": "s-1", "status": "Awaiting User Info"},
        {"type_": "case.resolved", "case_id": "s-1"},
        {"type_": "case.closed", "case_id": "s-1"},
        {"type_": "contact.answered", "contact_id": "k-9", "case_id": "s-1"},
        {"type_": "contact.answered", "contact_id": "k-9", "reason": "technical/sync"},
        {"type_": "contact.ended", "contact_id": "k-9", "case_id": "s-1", "outcome": "pending"},
        {
            "type_": "contact.info_requested",
            "contact_id": "k-9",
            "case_id": "s-1",
            "item": "other",
            "already_given": False,
        },
    ],
)
def test_any_human_answer_in_time_is_enough(human):
    """By mail, on the phone, as a question back or as the solution itself."""
    assert asked().after(hours=20).tell(**human).quiet(days=30).lines == []


@pytest.mark.parametrize(
    "idle",
    [
        {"type_": "case.status_changed", "case_id": "s-1", "status": "active"},
        {"type_": "case.reassigned", "case_id": "s-1", "to_group": "billing"},
        {"type_": "contact.ended", "contact_id": "k-9", "case_id": "s-1", "outcome": "unanswered"},
        {"type_": "contact.answered", "contact_id": "k-9", "reason": "delivery/late"},
    ],
)
def test_what_the_customer_does_not_hear_is_no_answer(idle):
    """Work behind the scenes, a call nobody took, an answer about something else."""
    assert len(asked().after(hours=20).tell(**idle).quiet(hours=5).lines) == 1


@pytest.mark.parametrize(
    "how",
    [
        {"channel": "phone"},
        {"channel": "chat", "medium": "live_text"},
        {"channel": "in_store"},
        {},
    ],
)
def test_who_calls_is_not_waiting_for_a_letter(how):
    """Somebody is there, or the customer gives up: that is not this question."""
    story = Story(only=KIND).tell("contact.started", contact_id="k-1", direction="inbound", **how)

    assert story.quiet(days=30).lines == []


def test_a_case_opened_on_the_phone_is_no_inquiry():
    """Whoever opened it was talking to the customer."""
    assert asked(channel="phone").quiet(days=30).lines == []


def test_our_own_mail_is_no_inquiry():
    """Outbound contacts and cases wait for the customer, not for us."""
    story = asked(direction="outbound").tell(
        "contact.started", contact_id="k-1", channel="email", direction="outbound"
    )

    assert story.quiet(days=30).lines == []


def test_a_case_opened_from_a_mail_already_answered_is_no_new_inquiry():
    """The agent answered first and wrote the case down afterwards."""
    story = Story(only=KIND).tell("contact.started", contact_id="k-1", channel="email")
    story.after(hours=1).tell("contact.answered", contact_id="k-1").after(minutes=5)

    assert asked(story=story, contact_id="k-1").quiet(days=30).lines == []


def test_an_answer_heard_before_the_question_it_answers():
    """Word of the question comes late and is dated before the answer: nothing is open."""
    story = (
        answer(asked().after(hours=1))
        .after(minutes=-10)
        .tell("case.customer_replied", case_id="s-1", channel="email")
    )

    assert story.quiet(days=30).lines == []


def test_targets_are_changed_entry_by_entry():
    """A policy that names one channel leaves the others as they are."""
    policy = policy_of(detectors={KIND: {"target_h": {"email": 2}}})

    assert [a["number"] for a in asked(policy).quiet(hours=2).alerts] == [2]
    assert [a["number"] for a in asked(policy, channel="social").quiet(hours=4).alerts] == [4]


def test_a_restart_while_the_clock_runs_changes_nothing():
    """Both targets are in the journey."""
    story = asked().crash().quiet(hours=25).crash().quiet(hours=25).crash()

    assert told(answer(story)) == [
        "day 1 · trigger · severity 3 · unanswered",
        "day 2 · update · severity 4 · unanswered_twice_the_target",
        "day 2.083 · resolve · severity 4 · answered",
    ]


def test_only_eight_inquiries_are_remembered():
    """A customer with ten open questions hears of the last eight; a restart changes nothing."""
    story = Story(only=KIND)
    for number in range(10):
        asked(story=story, case_id=f"s-{number}", reason=f"technical/{number}").crash()
    story.quiet(hours=25)

    assert sorted(a["object_id"][-1] for a in story.alerts) == list("23456789")
