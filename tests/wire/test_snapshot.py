"""A customer's snapshot on the topic: when it is published anew, what is in it, and who has it."""

import json
from typing import Any

import pytest

from schemas.snapshots import JourneySnapshot
from streams.engine.stages import STAGES
from streams.wire import snapshot
from tests.story import START_MS, Story, policy_of

HOUR_MS = 3_600_000


def told(story: Story) -> list[dict[str, Any]]:
    """The snapshots so far."""
    return [json.loads(s.value) for s in story.house.sends if s.topic == snapshot.TOPIC]


def hours(story: Story) -> list[float]:
    """The hours of the story as of which snapshots were published."""
    from schemas.instants import instant_ms

    return [(instant_ms(one["as_of"]) - START_MS) / HOUR_MS for one in told(story)]


def test_the_first_touchpoint_brings_one_and_then_one_an_hour():
    """Of the customer's own time: between them nothing is published that nobody waits for."""
    story = Story().tell("trial.started")
    for _ in range(5):
        story.after(minutes=25).tell("digital.friction", kind="timeout", page="p")

    assert hours(story) == pytest.approx([0, 75 / 60], abs=0.01)


def test_an_alert_brings_one_at_once():
    """Raised or over, also by a timer: the snapshot beside it shows the episode as it is."""
    story = Story(only="repeat_contact").contact().after(minutes=30).contact()
    assert [one["kind"] for one in told(story)[-1]["episodes"]] == ["repeat_contact"]

    before = len(told(story))
    story.after(minutes=5).tell("case.opened", case_id="s-1", contact_id="k-2", channel="email")
    story.tell("promise.made", promise_id="p", kind="callback", due_at=story.now_ms + HOUR_MS)
    story.quiet(hours=2)
    assert told(story)[before:][-1]["as_of"] == "2026-01-01T01:50:00.000Z"


def test_who_answers_gets_the_whole_journey():
    """The context pack: published at the instant the contact is answered (S1-21, S0-24)."""
    story = Story().contact().after(minutes=2)
    story.tell("contact.answered", contact_id="k-1", wait_s=120, queue="front")
    (_, pack) = told(story)

    assert pack["as_of"] == "2026-01-01T00:02:00.000Z"
    assert [issue["issue_key"] for issue in pack["issues"]] == ["r:/billing/bill"]


def test_a_new_stage_brings_one():
    """Whoever counts customers by stage sees each move."""
    story = Story().tell("trial.started").after(minutes=1).tell("order.placed", order_id="o-1")
    story.after(minutes=1).tell("order.delivered", order_id="o-1")

    assert [one["stage"] for one in told(story)] == ["prospect", "purchase", "active"]


def test_history_publishes_none():
    """What a backfill tells is remembered; the first live touchpoint publishes all of it."""
    story = Story().contact(origin="backfill").after(days=1).contact(origin="backfill")
    assert told(story) == []

    story.after(days=1).tell("trial.started")
    assert [issue["contacts"] for issue in told(story)[0]["issues"]] == [2]


def test_it_can_be_switched_off_or_made_frequent():
    """By the policy: none at all, or with each touchpoint."""
    off = Story(policy_of(snapshots={"enabled": False})).contact().after(days=1).contact()
    assert told(off) == [] and off.alerts

    each = Story(policy_of(snapshots={"every_s": 0})).contact()
    for _ in range(3):
        each.after(minutes=1).tell("digital.friction", kind="timeout", page="p")
    assert len(told(each)) == 4


def test_crash_or_not_the_same_ones_are_published():
    """When the last one was is part of the journey: who restores it publishes the next."""
    stories = [Story(), Story()]
    for number, story in enumerate(stories):
        story.contact().after(minutes=20)
        if number:
            story.crash()
        story.tell("trial.started").after(minutes=50).tell("digital.friction", kind="timeout")

    whole, torn = (s.house.sends for s in stories)
    assert [s.value for s in whole] == [s.value for s in torn]
    assert len(told(stories[0])) == 2


def test_a_late_touchpoint_is_in_it_and_does_not_turn_time_back():
    """It is as of the customer's latest event time, whatever brought it."""
    story = Story().contact().after(hours=5).tell("trial.started")
    story.after(hours=-2).contact().tell("contact.answered", contact_id="k-2", wait_s=5)

    assert hours(story)[-1] == 5


def test_it_keeps_the_contract_with_everything_in_it():
    """Scores by their names, health by domain, ratings with their distances, moments, promises."""
    policy = policy_of(scores={"segment_means": {"smb": {"csat": 0.8}}})
    story = Story(policy).tell("customer.profile_changed", segment="smb", tier="1")
    story.tell("onboarding.started").after(days=2).tell("onboarding.completed")
    story.after(days=1).contact()
    for score in (5, 2):
        story.after(days=1).contact().tell(
            "survey.responded",
            kind="csat",
            score=score,
            scale_min=1,
            scale_max=5,
            higher_is_better=True,
        )
    story.tell("promise.made", promise_id="p", kind="fix", due_at=story.now_ms + HOUR_MS)
    story.after(minutes=1).tell("contact.answered", contact_id="k-3", wait_s=5)
    last = JourneySnapshot.model_validate(told(story)[-1], extra="forbid")

    assert last.stage == "active" and last.tier == "1"
    assert {last.scores.outcome, last.scores.effort, last.scores.interaction} & {None} == set()
    assert last.scores.consistency == pytest.approx(43.75, abs=0.1)
    assert last.health["support"] < 50
    (csat,) = last.ratings
    assert (csat.value, csat.n, csat.from_own_mean, csat.from_segment_mean) == (25, 2, -75, -55)
    assert last.moments[0].moment == "first_contact_after_onboarding"
    assert [promise.promise_id for promise in last.promises] == ["p"]


def test_stages_of_the_promise_are_those_of_the_machine():
    """What is stamped can be read: alerts and snapshots name the engine's stages and no other."""
    from typing import get_args

    from schemas.alerts import Stage

    assert get_args(Stage) == STAGES


def test_a_tombstone_takes_it_away():
    """Under the same key, without a value: compaction then forgets the customer."""
    gone = snapshot.tombstone(b"c-1", 5)

    assert (gone.topic, gone.key, gone.value) == (snapshot.TOPIC, b"c-1", None)


def test_it_is_small():
    """A customer to whom much has happened fits into six kilobytes."""
    story = Story()
    for number in range(40):
        story.after(hours=7).contact(reason=f"billing/{number % 5}")
        story.tell("contact.answered", contact_id=f"k-{number + 1}", wait_s=5)
        story.tell("promise.made", promise_id=f"p-{number}", kind="fix", due_at=story.now_ms + 1)

    assert max(len(s.value) for s in story.house.sends if s.topic == snapshot.TOPIC) <= 6_144
