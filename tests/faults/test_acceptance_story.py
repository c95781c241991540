"""Acceptance story 12 on a real Kafka: all other stories, with kills and restores in the middle."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import streams
from streams import policy
from streams.engine.record import Record
from streams.kafka import topics
from streams.replay.house import ReplayHouse
from tests.faults import script as do
from tests.faults.bench import Run
from tests.faults.broker import FaultyKafka
from tests.faults.chapters import BOTH
from tests.faults.stories import END_MS, PARTITIONS, SHAPE, Stories, of_customers
from tests.faults.watch import read_topic
from tests.story import DAY_MS, START_MS, House

pytestmark = pytest.mark.timeout(600)

_POLICY = Path(streams.__file__).with_name("policy.toml")
_HALF_AN_HOUR_MS = 30 * 60_000
#: Story 3 waits until the 60th minute, story 9 for its third day.
_IN_STORY_3, _IN_STORY_9 = START_MS + _HALF_AN_HOUR_MS, START_MS + DAY_MS


def _outline(alert: dict[str, Any]) -> tuple[Any, ...]:
    """An alert without the places where its evidence lies."""
    names = ("customer_id", "kind", "action", "severity", "occurred_at", "resolved_reason")
    return (*(alert[name] for name in names), alert["reason"]["code"], alert["reason"]["text"])


def _alone() -> Counter:
    """What each story says when it is told alone, in memory, undisturbed."""
    said: Counter = Counter()
    for touchpoints in of_customers().values():
        house = House()
        house.hear(*touchpoints)
        house.wait_until(END_MS)
        said.update(map(_outline, house.alerts))
    return said


def _script(stories: Stories, delivery: str) -> list[do.Step]:
    """Killed while story 3 waits, killed while story 9 waits, and killed in the middle of a commit;
    each time a fresh worker restores and goes on."""
    first, second = stories.before(_IN_STORY_3), stories.before(_IN_STORY_9)
    script: list[do.Step] = [do.Tell(first), do.Start(0), do.Told(), do.CaughtUp(), do.Kill(0)]
    script += [
        do.Start(0),
        do.Tell(second - first),
        do.Told(),
        do.CaughtUp(),
        do.Kill(0, wipe=True),
    ]
    step = "journeys.acked" if delivery == "exactly_once" else "sends.acked"
    script += [do.Tell(stories.more - second, wait=True), do.Start(0, die_at=f"{step}:6")]
    script += [do.Ended(0), do.Start(0), do.CaughtUp()]
    return [*script, do.Tell(len(stories.told)), do.Told(), do.CaughtUp(), do.Wait(2)]


@pytest.mark.parametrize("delivery", BOTH)
def test_story_12_killed_in_the_middle_of_stories_3_and_9(tmp_path: Path, delivery: str):
    """Alerts are those of each story told alone, and story 4's of Jakarta; they and every journey are
    the replay's, byte for byte; the replay says the same twice; no timer is lost or fires twice."""
    stories = Stories()
    # Time comes from the touchpoints alone: nobody is woken by the clock while a story waits.
    settings: dict[str, Any] = {
        "policy": str(_POLICY),
        "idle_after_s": 3_600.0,
        "batch_records": 20,
    }
    with FaultyKafka() as broker:
        run = Run(
            broker, tmp_path, SHAPE, "story 12", live=False, source=stories,
            delivery=delivery, **settings,
        )  # fmt: skip
        verdict = run.play(_script(stories, delivery)).verdict
        assert not verdict.wrong, verdict
        alerts, of_the_crowd = _alerts(run), _of_the_crowd(run)
        records = _records(run)

    once = Counter({_outline(alert): 1 for alert in alerts.values()})
    assert once == _alone()
    codes = Counter((alert["kind"], alert["reason"]["code"]) for alert in alerts.values())
    assert (
        codes["delay_without_notice", "not_announced"]
        and codes["silent_sufferer", "suffers_in_silence"]
    )
    assert {"green_ops_red_outcome", "speed_not_the_cause"} <= of_the_crowd
    assert verdict.repeated == 0 or delivery == "effectively_once"
    assert _replayed(run, records) == _replayed(run, records)


def _alerts(run: Run) -> dict[tuple[str, int], dict[str, Any]]:
    """Every alert of a story, by id and revision."""
    found = {}
    for family in topics.CUSTOMER_FAMILIES:
        for message in read_topic(
            run.broker.bootstrap, run.place.settings.topic(f"alerts.{family}.v1")
        ):
            alert = json.loads(message.value())
            if alert["customer_id"].startswith("story-"):
                found[alert["alert_id"], alert["revision"]] = alert
    return found


def _of_the_crowd(run: Run) -> set[str]:
    """Kinds of alerts about Jakarta."""
    topic = run.place.settings.topic(topics.COHORT_ALERTS)
    found = [json.loads(message.value()) for message in read_topic(run.broker.bootstrap, topic)]
    return {alert["kind"] for alert in found if alert["cohort_id"] == "region=jakarta"}


def _records(run: Run) -> list[tuple[int, Record]]:
    return [
        (m.partition(), Record(m.offset(), m.timestamp()[1], m.key(), m.value()))
        for m in read_topic(run.broker.bootstrap, run.place.source)
    ]


def _replayed(run: Run, records: list[tuple[int, Record]]) -> list[Any]:
    house = ReplayHouse(policy.load(_POLICY), PARTITIONS, run.place.source, {}, crowd=True)
    return [*house.run(records), *house.finish()]
