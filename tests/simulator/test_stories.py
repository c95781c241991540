"""Stories: each is one file, says what must come of it, and comes true."""

import json
from itertools import pairwise
from random import Random

import pytest

from schemas.instants import instant_ms
from streams import catalogue, policy
from streams.engine.record import Record
from streams.replay.house import ReplayHouse
from streams.simulator.kinds import WORDS, words
from streams.simulator.stories import Story, stories
from streams.simulator.telling import DAY_MS
from streams.wire.touchpoint import Unreadable, read_strictly

MONDAY_MS = 1_767_600_000_000  # 2026-01-05T08:00:00Z
CUSTOMER = "c-000412"
every_story = pytest.mark.parametrize("story", stories().values(), ids=stories())


def records(story: Story, seed: int = 1) -> list[Record]:
    """The story's touchpoints as records of one partition."""
    told = story.tell(Random(seed), CUSTOMER, MONDAY_MS)
    return [
        Record(n, instant_ms(t["occurred_at"]), CUSTOMER.encode(), json.dumps(t).encode())
        for n, t in enumerate(told)
    ]


@pytest.mark.parametrize(
    "name",
    [
        "transfer_ping_pong",
        "billing_loop",
        "stalled_onboarding",
        "broken_callback",
        "masked_effort",
        "happy_path",
    ],
)
def test_named_stories_are_there(name: str) -> None:
    """The stories the demo tells by name."""
    assert name in stories()


@every_story
def test_story_says_what_it_is_and_what_must_come_of_it(story: Story) -> None:
    """A text, kinds of the catalogue, nothing both expected and forbidden, something to show."""
    assert len(story.text) > 20
    assert story.expects <= WORDS and story.silent <= WORDS
    assert not story.expects & story.silent
    assert story.expects or story.silent


@every_story
def test_story_is_told_in_order_and_settles_in_its_span(story: Story) -> None:
    """Each touchpoint at least a second after the one before, the last well inside the span."""
    instants_ms = [record.timestamp_ms for record in records(story)]
    assert instants_ms[0] >= MONDAY_MS
    gaps_ms = [b - a for a, b in pairwise(instants_ms)]
    assert all(gap_ms >= 1_000 for gap_ms in gaps_ms)
    assert instants_ms[-1] < MONDAY_MS + story.span_d * DAY_MS


@every_story
def test_story_is_as_its_producers_must_send_it(story: Story) -> None:
    """Every touchpoint stands the strict contract, and no event_id comes twice."""
    told = records(story)
    for record in told:
        verdict = read_strictly(record)
        assert not isinstance(verdict, Unreadable), (verdict, record.value)
    assert len({json.loads(record.value)["event_id"] for record in told}) == len(told)


@every_story
def test_story_is_the_same_for_the_same_chance(story: Story) -> None:
    """Byte for byte; and no story depends on a clock or on the order of a set."""
    assert records(story, seed=3) == records(story, seed=3)


@pytest.mark.parametrize("seed", range(3))
@every_story
def test_story_comes_true(story: Story, seed: int) -> None:
    """Of the detectors there are, those it expects fire and those it forbids do not; all is read.

    Alerts that are neither expected nor forbidden are left open by the story.
    """
    house = ReplayHouse(policy.with_everything(policy.load()), partitions=1)
    told = [(0, record) for record in records(story, seed)]
    sends = [*house.run(told), *house.pass_time(MONDAY_MS + int(story.span_d * DAY_MS))]
    assert house.counts["touchpoints"] == len(told)
    raised = {
        word
        for alert in (json.loads(send.value) for send in sends if send.topic.startswith("alerts."))
        if alert["action"] in ("trigger", "update")
        for word in words(alert["kind"], alert["reason"]["code"])
    }
    there = {entry.kind for entry in catalogue.entries()}
    expected = {word for word in story.expects if word.partition(":")[0] in there}
    assert expected <= raised
    assert not story.silent & raised


def test_every_detector_is_expected_by_one_story_and_forbidden_by_another() -> None:
    """No detector without a planted positive, and none without a story it must not fire in."""
    for entry in catalogue.entries():
        if entry.kind in WORDS:
            assert any(entry.kind in story.expects for story in stories().values()), entry.kind
            assert any(entry.kind in story.silent for story in stories().values()), entry.kind


def test_the_telecom_call_scores_69() -> None:
    """40 min of voice menu, two cold transfers, three repeats: JEI 69 ± 1 (catalogue section 5)."""
    house = ReplayHouse(policy.with_everything(policy.load()), partitions=1)
    sends = house.run((0, record) for record in records(stories()["masked_effort"]))
    alerts = [json.loads(send.value) for send in sends if send.topic.startswith("alerts.")]
    (masked,) = (alert for alert in alerts if alert["kind"] == "masked_effort")
    assert 68 <= masked["jei"]["value"] <= 70
