"""What was promised is done in time, or taken back in time (FR5)."""

import pytest

from tests.story import DAY_MS, Story, policy_of, told

KIND = "broken_promise"
HOUR_MS = DAY_MS // 24


def promise(story, kind="callback", hours=4.0, name="p-1", **fields):
    """Something promised, due in so many hours from now."""
    return story.tell(
        "promise.made",
        promise_id=name,
        kind=kind,
        due_at=round(story.now_ms + hours * HOUR_MS),
        **fields,
    )


def move(story, hours, name="p-1"):
    """The promise gets a new time, so many hours from now."""
    return story.tell(
        "promise.changed", promise_id=name, due_at=round(story.now_ms + hours * HOUR_MS)
    )


def test_a_callback_that_does_not_come():
    """Broken a quarter of an hour after its time, and said at that very moment."""
    story = promise(Story(only=KIND), made_by="service").quiet(hours=6)

    assert told(story) == [("trigger", 3, "not_kept")]
    alert = story.alerts[0]
    assert alert["occurred_at"] == "2026-01-01T04:15:00.000Z"
    assert alert["reason"]["text"] == "1 promise broken, now: callback made by service"
    assert alert["suggested_action"].startswith("Call the customer back now")
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0"]
    assert (alert["object_id"], alert["cause_class"]) == ("p-1", "service_process")


@pytest.mark.parametrize(("hours", "count"), [(4 + 23.9, 0), (4 + 24, 1)])
def test_other_promises_have_a_day_of_grace(hours, count):
    """A refund may be a day late before it is called broken."""
    assert len(promise(Story(only=KIND), "refund").quiet(hours=hours).lines) == count


def test_a_missed_callback_is_broken_at_once():
    """Once it is known to be missed nobody waits for the grace to pass."""
    story = Story(only=KIND).tell(
        "callback.promised", contact_id="k-1", due_at=Story().now_ms + 4 * HOUR_MS
    )
    story.after(hours=2).tell("callback.missed", contact_id="k-1").quiet(days=2)

    assert [a["occurred_at"] for a in story.alerts] == ["2026-01-01T02:00:00.000Z"]


def test_a_missed_callback_nobody_told_us_of_is_broken_too():
    """The producer that says it was missed knows that it was promised."""
    assert told(Story(only=KIND).tell("callback.missed")) == [("trigger", 3, "not_kept")]


def test_the_second_on_one_issue_is_worse():
    """Twice let down about the same thing."""
    story = Story(only=KIND).contact()
    promise(story, contact_id="k-1").quiet(hours=6)
    promise(story, "credit", name="p-2", contact_id="k-1").quiet(days=3)

    assert told(story) == [("trigger", 3, "not_kept"), ("trigger", 4, "broken_again")]


def test_broken_promises_on_different_issues_do_not_add_up():
    """Each issue has its own count; so has what belongs to none."""
    story = Story(only=KIND).contact("billing/bill")
    promise(story, contact_id="k-1").quiet(hours=6)
    story.contact("delivery/late")
    promise(story, name="p-2", contact_id="k-2").quiet(hours=6)
    promise(promise(story, name="p-3"), name="p-4").quiet(hours=6)

    assert [a["severity"] for a in story.alerts] == [3, 3, 3, 3]


def test_long_ago_is_forgiven():
    """A promise broken last year does not make this one the second."""
    story = Story(only=KIND).contact()
    promise(story, contact_id="k-1").quiet(days=120)
    promise(story, name="p-2", contact_id="k-1").quiet(hours=6)

    assert [a["reason"]["code"] for a in story.alerts] == ["not_kept", "not_kept"]


def test_what_sales_promised_a_great_customer_is_worse():
    """A sales promise to the raised tier is 4 by itself, and the tier raises it to 5."""
    story = Story(only=KIND).tell("customer.profile_changed", tier="1")
    promise(story, "feature", made_by="sales").quiet(days=2)

    assert told(story) == [("trigger", 5, "not_kept")]


@pytest.mark.parametrize(
    ("made_by", "cause", "owner"),
    [
        ("sales", "expectation", "sales"),
        ("billing", "billing", "billing"),
        ("service", "service_process", "customer_service"),
        (None, "service_process", "customer_service"),
    ],
)
def test_the_alert_goes_to_those_who_promised(made_by, cause, owner):
    """What sales promised is an expectation to mend there, not in the call centre."""
    fields = {"made_by": made_by} if made_by else {}
    story = promise(Story(only=KIND), "price", **fields).quiet(days=2)
    story.crash().tell("promise.kept", promise_id="p-1")

    assert [(a["cause_class"], a["owner_team"]) for a in story.alerts] == [(cause, owner)] * 2


def test_kept_late_resolves_it():
    """Better late than never, and said as such."""
    story = promise(Story(only=KIND)).quiet(hours=6).tell("promise.kept", promise_id="p-1")

    assert told(story)[1:] == [("resolve", 3, "kept_late")]


def test_a_late_callback_found_by_elimination():
    """The call that comes carries another contact's id: it is the only callback there is."""
    story = Story(only=KIND).tell(
        "callback.promised", contact_id="k-1", due_at=Story().now_ms + 4 * HOUR_MS
    )
    story.quiet(hours=6).tell("callback.done", contact_id="k-2")

    assert told(story) == [("trigger", 3, "not_kept"), ("resolve", 3, "kept_late")]


def test_withdrawn_late_resolves_it_under_its_own_name():
    """Taken back too late is not kept."""
    story = promise(Story(only=KIND)).quiet(hours=6).tell("promise.withdrawn", promise_id="p-1")

    assert told(story)[1:] == [("resolve", 3, "withdrawn")]


def test_the_issue_resolved_resolves_it():
    """With the issue gone nobody waits for the promise."""
    story = Story(only=KIND).contact()
    promise(story, contact_id="k-1").quiet(hours=6)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved")

    assert told(story)[1:] == [("resolve", 3, "issue_resolved")]


def test_moved_a_third_time_it_counts_as_broken():
    """New dates in time are fair twice; the third is one too many, at once."""
    story = promise(Story(only=KIND), "delivery")
    for _ in range(2):
        move(story.after(hours=2), 24)
    assert story.lines == []

    move(story.after(hours=2), 24)
    assert told(story) == [("trigger", 3, "moved_too_often")]
    assert story.alerts[0]["reason"]["text"] == "3 new dates for one promise (delivery)"
    assert len(story.alerts[0]["evidence"]) == 4


def test_a_new_date_after_it_was_broken_can_be_broken_again():
    """The new date is a promise too."""
    story = Story(only=KIND).contact()
    promise(story, contact_id="k-1").quiet(hours=6)
    move(story, 4).quiet(hours=6)

    assert told(story) == [("trigger", 3, "not_kept"), ("update", 4, "broken_again")]


@pytest.mark.parametrize("settled", ["promise.kept", "promise.withdrawn"])
def test_settled_in_time_is_silent(settled):
    """Kept or taken back before its time."""
    story = promise(Story(only=KIND)).after(hours=3).tell(settled, promise_id="p-1")

    assert story.quiet(days=9).lines == []


def test_ten_minutes_late_is_still_in_time_for_a_callback():
    """A quarter of an hour of grace."""
    story = (
        promise(Story(only=KIND)).after(hours=4, minutes=10).tell("promise.kept", promise_id="p-1")
    )

    assert story.quiet(days=9).lines == []


def test_moved_in_time_is_silent_until_the_new_time():
    """A new date given in time is the date that counts."""
    story = move(promise(Story(only=KIND)).after(hours=2), 24)

    assert story.quiet(hours=24.2).lines == []
    assert len(story.quiet(hours=1).lines) == 1


def test_the_graces_and_the_changes_are_the_policys():
    """Section ``promises`` sets them for effort and alert alike."""
    strict = policy_of(promises={"grace_callback_min": 0, "changes_max": 1})
    assert len(promise(Story(strict, only=KIND)).quiet(hours=4).lines) == 1

    story = promise(Story(strict, only=KIND))
    assert len(move(move(story, 24), 24).lines) == 1


def test_a_restart_while_the_promise_runs_changes_nothing():
    """The promise and its break live in the journey."""
    story = promise(Story(only=KIND)).crash().quiet(hours=6).crash()
    story.tell("promise.kept", promise_id="p-1")

    assert told(story) == [("trigger", 3, "not_kept"), ("resolve", 3, "kept_late")]


def test_of_more_than_eight_broken_promises_the_oldest_is_forgotten():
    """The alert about it ends with that word."""
    story = Story(only=KIND)
    for number in range(9):
        promise(story, name=f"p-{number}").quiet(hours=6)

    assert [
        (a["object_id"], a["resolved_reason"]) for a in story.alerts if a["resolved_reason"]
    ] == [("p-0", "forgotten")]
