"""History that is told now: it is remembered, and nobody is alarmed by it.

Requirement: S2-21 S4-26
"""

import json
from collections.abc import Sequence

import pytest

from streams import policy
from streams.engine.record import Send
from streams.replay.house import ReplayHouse
from streams.replay.places import Placed, placed
from streams.simulator.stories import stories
from streams.wire import jsonl
from tests.story import DAY_MS, START_MS, House, Story

POLICY = policy.load()
HISTORY = ("backfill", "replay")
LIVE_MS = START_MS + 400 * DAY_MS
HOUR_MS = 3_600_000


def backfilled(touchpoints: Sequence[dict], origin: str, told_ms: int = LIVE_MS) -> list[Placed]:
    """The same as history, written to the log later; a year, unless said otherwise."""
    lines = [json.dumps({**one, "origin": origin}).encode() for one in touchpoints]
    carried = [jsonl.read(line)._replace(timestamp_ms=told_ms) for line in lines]
    return list(placed(carried, 4))


def alerts(sends: Sequence[Send]) -> list[dict]:
    """What was said."""
    return [json.loads(send.value) for send in sends if send.topic.startswith("alerts.")]


@pytest.mark.parametrize("origin", HISTORY)
@pytest.mark.parametrize("name", sorted(stories()))
def test_no_story_alarms_anybody_as_history(name: str, origin: str) -> None:
    """Every story of the simulator, told a year later, is told to its last timer in silence."""
    from random import Random

    told = stories()[name].tell(Random(1), "c-1", START_MS)
    house = ReplayHouse(POLICY, 4)
    sends = list(house.run(backfilled(told, origin)))
    sends += house.pass_time(LIVE_MS - DAY_MS)
    assert alerts(sends) == []
    assert house.counts["touchpoints"] == len({one["event_id"] for one in told})


@pytest.mark.parametrize("origin", HISTORY)
def test_history_makes_the_journey_it_would_have_made(origin: str) -> None:
    """Contacts, issues and effort are those of the same told live."""
    story = Story().contact().after(days=1).contact().after(days=1).contact()
    live, late = ReplayHouse(POLICY, 4), ReplayHouse(POLICY, 4)
    list(live.run(placed([jsonl.read(json.dumps(one).encode()) for one in story.told], 4)))
    list(late.run(backfilled(story.told, origin)))
    (_, then), (_, now) = *live.journeys(), *late.journeys()
    assert (now.issues, now.contacts, now.effort) == (then.issues, then.contacts, then.effort)
    assert len(now.episodes) == len(then.episodes) > 0


@pytest.mark.parametrize("origin", HISTORY)
def test_what_comes_after_history_is_heard_with_it(origin: str) -> None:
    """Two contacts of history and one live: the third is the third, and it is said."""
    house = House()
    story = Story().contact().after(days=1).contact().after(days=1).contact()
    first, second, third = story.told
    said = house.hear({**first, "origin": origin}, {**second, "origin": origin}, third)
    raised = {alert["kind"]: alert for alert in said if alert["action"] == "trigger"}
    assert raised["contact_frequency"]["reason"]["text"].startswith("3 contacts")
    assert all(alert["occurred_at"] >= "2026-01-03" for alert in said)


@pytest.mark.parametrize("origin", HISTORY)
def test_timers_run_on_after_history(origin: str) -> None:
    """History told at five o'clock: a promise in it that was due at two is broken in silence, one due
    at ten is broken aloud, at its own due time."""
    told_ms = START_MS + 5 * HOUR_MS
    promised = [
        {
            "event_id": f"p-{hours}", "source": "urn:test", "type": "promise.made",
            "customer_id": "c-1", "occurred_at": START_MS, "promise_id": f"p-{hours}",
            "kind": "callback", "made_by": "service", "due_at": START_MS + hours * HOUR_MS,
        }
        for hours in (2, 10)
    ]  # fmt: skip
    house = ReplayHouse(POLICY, 4)
    sends = list(house.run(backfilled(promised, origin, told_ms)))
    sends += house.pass_time(START_MS + 12 * HOUR_MS)
    broken = [alert for alert in alerts(sends) if alert["kind"] == "broken_promise"]
    assert [alert["occurred_at"] for alert in broken] == ["2026-01-01T10:15:00.000Z"]
    assert house.counts["wake"] >= 1
