"""Late is bad, late and moved again is worse, three days late is grave (FR10)."""

import pytest

from tests.story import DAY_MS, Story, policy_of, told

KIND = "delay_chain"


def placed(policy=None, days=3):
    """An order promised in three days."""
    story = Story(policy, only=KIND)
    return story.tell("order.placed", order_id="o-1", promised_at=story.now_ms + days * DAY_MS)


def moved(story, to_day, days=0.5, order="o-1", **fields):
    """The date is now that day of the story."""
    story.after(days=days)
    start_ms = story.told[0]["occurred_at"]
    return story.tell(
        "order.eta_changed", order_id=order, new_eta=start_ms + round(to_day * DAY_MS), **fields
    )


def test_the_second_new_date_a_day_after_the_promise():
    """Promised for day 3, then 3.5, then 4: said when the second date is told."""
    story = moved(moved(placed(), 3.5), 4)

    assert story.lines == ["day 1 · trigger · delay_chain · severity 3 · late_and_moved_again"]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "1.0 days late: order o-1, its date moved back 2 times"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-2"]


def test_two_new_dates_that_hardly_matter():
    """Half a day late after two changes is a nuisance, no more, until a day has passed."""
    story = moved(moved(placed(), 3.2), 3.5).quiet(days=2)
    assert story.lines == []

    story.quiet(days=2)
    assert story.lines == ["day 4 · trigger · delay_chain · severity 3 · late_and_moved_again"]


def test_one_new_date_of_two_days():
    """Moved once, less than three days: silent until three days have passed."""
    story = moved(placed(), 5).quiet(days=5)
    assert story.lines == []

    assert story.quiet(days=2).lines == ["day 6 · trigger · delay_chain · severity 4 · very_late"]


def test_three_days_late_is_grave_even_without_a_word():
    """Promised, not delivered, and nobody says anything."""
    story = placed().quiet(days=10)

    assert story.lines == ["day 6 · trigger · delay_chain · severity 4 · very_late"]
    assert "express" in story.alerts[0]["suggested_action"]


def test_a_date_three_days_off_is_known_at_once():
    """Nobody has to wait three days to know that it will be three days late."""
    story = (
        placed()
        .after(days=2)
        .tell("order.delayed", order_id="o-1", delay_s=3 * 86_400, cause="carrier")
    )

    assert told(story) == [("trigger", 4, "very_late")]
    assert story.alerts[0]["cause_class"] == "external"


def test_from_bad_to_worse():
    """First moved again, then three days late; said once each."""
    story = moved(moved(placed(), 3.5), 4).quiet(days=20)

    assert told(story) == [("trigger", 3, "late_and_moved_again"), ("update", 4, "very_late")]


@pytest.mark.parametrize("to_days", [(4, 4, 4), (3, 3, 2), (4, 3, 3.5)])
def test_a_date_told_twice_or_brought_forward_moves_nothing_back(to_days):
    """Same date, same date, earlier date; or one step back that was more than made good."""
    story = placed()
    for day in to_days:
        moved(story, day, 0.1)

    assert story.lines == []


def test_delivered_in_time():
    """Nothing to say of what came when it was promised, or a day later at the first new date."""
    assert placed().after(days=2).tell("order.delivered", order_id="o-1").quiet(days=9).lines == []
    story = moved(placed(), 4).after(days=3.4).tell("order.delivered", order_id="o-1")
    assert story.quiet(days=9).lines == []


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        ("order.delivered", "delivered"),
        ("order.cancelled", "cancelled"),
        ("refund.issued", "refunded"),
    ],
)
def test_the_end_of_the_wait(ending, reason):
    """Delivered, cancelled or paid back."""
    story = placed().quiet(days=8).tell(ending, order_id="o-1").quiet(days=9)

    assert told(story) == [("trigger", 4, "very_late"), ("resolve", 4, reason)]


def test_a_delay_without_any_date():
    """Twice late, nobody says by how much: a day after the promise that is a chain."""
    story = placed()
    for _ in range(2):
        story.after(days=1).tell("order.delayed", order_id="o-1")
    story.quiet(days=3)

    assert story.lines == ["day 4 · trigger · delay_chain · severity 3 · late_and_moved_again"]


def test_the_old_date_stands_for_a_promise_nobody_told_us():
    """An order first heard of when it is late."""
    story = Story(only=KIND)
    story.tell(
        "order.delayed",
        order_id="o-1",
        old_eta=story.now_ms + DAY_MS,
        new_eta=story.now_ms + 5 * DAY_MS,
    )

    assert story.alerts[0]["number"] == 4


def test_no_promise_no_lateness():
    """Without any date there is nothing to be late against."""
    story = Story(only=KIND).tell("order.placed", order_id="o-1").after(days=9)
    story.tell("order.delayed", order_id="o-1").quiet(days=30)

    assert story.lines == []


def test_a_promise_told_after_its_delay():
    """Out of order: the order is told last, and counts."""
    story = Story(only=KIND).after(days=1)
    story.tell("order.eta_changed", order_id="o-1", new_eta=story.now_ms + 6 * DAY_MS)
    story.after(hours=-20).tell(
        "order.placed", order_id="o-1", promised_at=story.now_ms + 2 * DAY_MS
    )

    assert told(story) == [("trigger", 4, "very_late")]


def test_a_refund_that_is_late():
    """Money promised by a day and not there three days after; the refund ends it."""
    story = Story(only=KIND)
    story.tell("return.requested", order_id="o-1", promised_by=story.now_ms + 5 * DAY_MS)
    story.quiet(days=9).tell("refund.issued", order_id="o-1")

    assert story.lines == [
        "day 8 · trigger · delay_chain · severity 4 · very_late",
        "day 9 · resolve · delay_chain · severity 4 · refunded",
    ]
    assert story.alerts[0]["suggested_action"] == "Pay the refund today and confirm it in writing"


def test_a_refund_moved_twice_and_paid_without_a_name():
    """A nameless refund is the only one that is due."""
    story, start_ms = Story(only=KIND), Story().now_ms
    for day in (5, 5.5, 6):
        story.after(days=1).tell(
            "return.received" if day > 5 else "return.requested",
            promised_by=start_ms + round(day * DAY_MS),
        )
    story.after(days=1).tell("refund.issued", amount_minor=500, currency="EUR")

    assert told(story) == [("trigger", 3, "late_and_moved_again"), ("resolve", 3, "refunded")]


def test_a_return_without_a_date_is_not_waited_for():
    """Nobody said when."""
    assert Story(only=KIND).tell("return.requested", order_id="o-1").quiet(days=60).lines == []


@pytest.mark.parametrize(
    ("limits", "count"), [({"changes": 3}, 0), ({"late_d": 2}, 0), ({"severe_late_d": 1}, 1)]
)
def test_the_limits_are_the_policys(limits, count):
    """How late and how often is the policy's to say."""
    story = moved(moved(placed(policy_of(detectors={KIND: limits})), 3.5), 4)

    assert len(story.alerts) == count


def test_many_orders_stay_small_and_a_crash_loses_no_timer():
    """The oldest of more than four is forgotten; the others fall due after a restart."""
    story = Story(only=KIND)
    for number in range(6):
        story.tell("order.placed", order_id=f"o-{number}", promised_at=story.now_ms).crash()
    story.quiet(days=5)

    assert [a["object_id"] for a in story.alerts] == ["o-2", "o-3", "o-4", "o-5"]
