"""One customer's way: every touchpoint with what it added, and time that passed between."""

import json

import pytest

from schemas.snapshots import JourneySnapshot
from streams import policy
from streams.engine import effort
from streams.replay.house import ReplayHouse
from streams.replay.places import placed
from streams.replay.snapshot import snapshot
from streams.replay.timeline import Timeline
from streams.wire import jsonl
from streams.wire.jsonl import Carried
from tests.story import START_MS, Story

POLICY = policy.load()
HOUR_MS = 3_600_000


def telecom_call() -> Story:
    """Forty minutes of menus, two cold transfers, three times the same question."""
    story = Story().contact("technical/outage").after(minutes=40)
    story.tell("ivr.segment_ended", contact_id="k-1", duration_s=2400, exit="agent")
    for queue, before in (("general", ""), ("billing", "general"), ("technical", "billing")):
        if before:
            story.tell(
                "contact.transferred", contact_id="k-1", mode="cold", from_queue=before,
                to_queue=queue, by="agent",
            )  # fmt: skip
        story.tell(
            "contact.info_requested", contact_id="k-1", item="account_number", already_given=True
        )
    return story


def carried(*stories: Story) -> list[Carried]:
    """Their touchpoints as one file, in order of time."""
    told = [touchpoint for story in stories for touchpoint in story.told]
    told.sort(key=lambda touchpoint: touchpoint["occurred_at"])
    return [jsonl.read(json.dumps(touchpoint).encode()) for touchpoint in told]


def timeline(customer: str = "c-1") -> Timeline:
    """Of a fresh house."""
    return Timeline(ReplayHouse(POLICY, 4, explain=True), customer)


def test_every_touchpoint_says_what_it_added() -> None:
    """The telecom call of the catalogue: 35.5 points in all, told touchpoint by touchpoint.

    Requirement: S0-25
    """
    told = telecom_call()
    line = timeline()
    heard = list(line.follow(placed(carried(told), 4)))
    assert [one.touchpoint["event_id"] for one in heard] == [t["event_id"] for t in told.told]
    assert all(one.taken for one in heard)
    added = [(c.component, c.points) for one in heard for c in one.contributions]
    assert added == [
        ("first_contact", 2.0),
        ("ivr", 9.5),
        ("information_repeated", 4.0),
        ("transfer_cold", 6.0),
        ("information_repeated", 4.0),
        ("transfer_cold", 6.0),
        ("information_repeated", 4.0),
    ]
    jei = effort.index(effort.effort_at(line.journey.effort, line.as_of_ms), POLICY.rules.effort)
    assert jei == pytest.approx(69, abs=1)


def test_alerts_stand_with_what_caused_them() -> None:
    """Whatever is said because of a touchpoint is told with it."""
    heard = list(timeline().follow(placed(carried(telecom_call()), 4)))
    kinds = [sorted({alert["kind"] for alert in one.alerts}) for one in heard]
    assert "wait_excess" in kinds[1] and "transfer_burden" in kinds[5]


def test_duplicate_is_told_and_not_taken() -> None:
    """What arrives twice is shown twice, and added once."""
    records = carried(telecom_call())
    heard = list(timeline().follow(placed([*records, records[0]], 4)))
    assert [one.taken for one in heard] == [True] * len(records) + [False]
    assert heard[-1].contributions == []


def test_unreadable_record_is_told_and_not_taken() -> None:
    """A record under the customer's key that cannot be read is part of the way, too."""
    bad = Carried(b"c-1", b"{", (), START_MS)
    heard = list(timeline().follow(placed([*carried(telecom_call()), bad], 4)))
    assert heard[-1].record.value == b"{"
    assert (heard[-1].taken, heard[-1].touchpoint) == (False, {})


def test_time_that_passed_is_told_where_it_passed() -> None:
    """A promise broken while others were heard stands before the customer's next touchpoint."""
    story = Story().contact()
    story.tell(
        "promise.made",
        promise_id="p-1",
        kind="callback",
        made_by="service",
        due_at=START_MS + 2 * HOUR_MS,
    )
    story.after(days=2).contact()
    # A neighbour in the same partition, two of whose touchpoints lie in between.
    neighbour = Story(customer=_neighbour("c-1")).after(days=1).contact().after(minutes=1).contact()
    heard = list(timeline().follow(placed(carried(story, neighbour), 4)))
    told = [
        (one.touchpoint.get("type", "time"), [c.component for c in one.contributions])
        for one in heard
    ]
    assert told == [
        ("contact.started", ["first_contact"]),
        ("promise.made", []),
        ("time", ["promise_broken"]),
        ("contact.started", ["repeat_contact_short"]),
    ]
    assert "broken_promise" in [alert["kind"] for alert in heard[2].alerts]


def _neighbour(customer: str) -> str:
    line = timeline(customer)
    names = (f"n-{number}" for number in range(1000))
    return next(name for name in names if timeline(name).partition == line.partition)


def test_time_after_the_last_touchpoint_can_pass() -> None:
    """Asked how it stands later, the timers due by then have fired."""
    story = Story().contact()
    story.tell(
        "promise.made",
        promise_id="p-1",
        kind="callback",
        made_by="service",
        due_at=START_MS + 2 * HOUR_MS,
    )
    line = timeline()
    list(line.follow(placed(carried(story), 4)))
    (later,) = line.pass_time(START_MS + 3 * HOUR_MS)
    assert (later.record, [c.component for c in later.contributions]) == (None, ["promise_broken"])


def test_nobody_known_has_no_journey() -> None:
    """Nothing heard, nothing told."""
    line = timeline("c-2")
    assert list(line.follow(placed(carried(telecom_call()), 4))) == []
    assert line.journey is None


def test_snapshot_is_what_the_contract_promises() -> None:
    """A journey told to others fits the public schema, open episodes, issues and promises in it.

    Requirement: S0-24
    """
    story = telecom_call()
    story.tell(
        "promise.made",
        promise_id="p-1",
        kind="callback",
        made_by="service",
        due_at=START_MS + 9 * HOUR_MS,
    )
    line = timeline()
    list(line.follow(placed(carried(story), 4)))
    told = JourneySnapshot.model_validate_json(
        json.dumps(snapshot(line.journey, line.as_of_ms, POLICY.rules))
    )
    assert told.customer_id == "c-1"
    assert told.jei.value == pytest.approx(69, abs=1)
    assert {episode.kind for episode in told.episodes} >= {"transfer_burden", "cumulative_effort"}
    assert [promise.promise_id for promise in told.promises] == ["p-1"]
    assert [issue.contacts for issue in told.issues] == [1]
