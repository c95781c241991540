"""Replay: the same records and the same policy give the same bytes, and time passes as it did."""

import json
from collections import defaultdict
from collections.abc import Iterable
from random import Random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import policy
from streams.engine.record import Record, Send
from streams.engine.units import DAY_MS
from streams.replay.house import ReplayHouse
from streams.replay.places import Placed, placed
from streams.simulator.noise import NONE
from streams.simulator.stories import stories
from streams.simulator.world import World
from streams.wire import jsonl
from streams.wire.jsonl import Carried
from tests.story import START_MS, House, Story

POLICY = policy.load()


@pytest.fixture(scope="module")
def world() -> list[Carried]:
    """Twenty-five days of a small company in which every story that fits is told."""
    mix = dict.fromkeys(stories(), 0.02)
    arrivals = World(11, 150, START_MS, 25 * DAY_MS, mix).arrivals()
    return [jsonl.read(orjson.dumps(touchpoint)) for _, touchpoint in arrivals]


def said(
    records: Iterable[Carried], partitions: int = 4, round_records: int = 20_000
) -> list[Send]:
    """Everything a replay of these records says, to the last timer."""
    house = ReplayHouse(POLICY, partitions)
    return [*house.run(placed(records, partitions), round_records), *house.drain()]


def by_customer(sends: Iterable[Send], places: bool = True) -> dict[bytes, list[dict]]:
    """Alerts of each customer in order; without places, evidence has no partition and offset."""
    alerts = defaultdict(list)
    for send in sends:
        if send.topic.startswith("alerts."):
            alert = json.loads(send.value)
            for evidence in alert["evidence"] if not places else ():
                del evidence["partition"], evidence["offset"]
            alerts[send.key].append(alert)
    return dict(alerts)


def test_twice_is_byte_equal(world: list[Carried]) -> None:
    """The same records again: the same sends, byte for byte, in the same order."""
    first = said(world)
    assert said(world) == first
    kinds = {json.loads(send.value)["kind"] for send in first if send.topic.startswith("alerts.")}
    assert len(kinds) >= 10


@pytest.mark.parametrize("round_records", [1, 7, 1_000])
def test_size_of_a_round_changes_no_alert(world: list[Carried], round_records: int) -> None:
    """Rounds are ours alone: whatever their size, every customer gets the same, in their order."""
    some = world[: 600 if round_records == 1 else len(world)]
    assert by_customer(said(some, round_records=round_records)) == by_customer(said(some))


def test_number_of_partitions_changes_nothing_but_places(world: list[Carried]) -> None:
    """Who shares a partition with whom does not matter to anybody."""
    assert by_customer(said(world, 1), places=False) == by_customer(said(world, 7), places=False)


def merged(rng: Random, piles: list[list[Carried]], within_ms: int) -> list[Carried]:
    """All piles as one file: each in its own order, none running ahead of another by more."""
    left = [list(reversed(pile)) for pile in piles if pile]
    out = []
    while left:
        earliest_ms = min(pile[-1].timestamp_ms for pile in left)
        ready = [pile for pile in left if pile[-1].timestamp_ms <= earliest_ms + within_ms]
        pile = rng.choice(ready)
        out.append(pile.pop())
        left = [pile for pile in left if pile]
    return out


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_customers_interleaved_differently(world: list[Carried], seed: int) -> None:
    """Within the allowed lateness, the order among customers changes nothing but places."""
    piles = defaultdict(list)
    for one in world:
        piles[one.key].append(one)
    lateness_ms = int(POLICY.rules.time.lateness_s * 1000)
    other = merged(Random(seed), list(piles.values()), lateness_ms - 1)
    before, after = by_customer(said(world), places=False), by_customer(said(other), places=False)
    assert encoded(after) == encoded(before)


def encoded(alerts: dict[bytes, list[dict]]) -> dict[bytes, bytes]:
    """Alerts as bytes, so that equal means equal to the last digit."""
    return {key: json.dumps(told).encode() for key, told in alerts.items()}


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_partitions_interleaved_differently(world: list[Carried], seed: int) -> None:
    """Partitions are strangers: any merge of them gives the same bytes, places too."""
    piles: dict[int, list[Carried]] = defaultdict(list)
    for (partition, _), one in zip(placed(world, 4), world, strict=True):
        piles[partition].append(one)
    other = merged(Random(seed), list(piles.values()), 10_000 * DAY_MS)
    assert encoded(by_customer(said(other))) == encoded(by_customer(said(world)))


def test_sends_come_in_the_order_of_time() -> None:
    """A file in order of time gives alerts in order of time, whichever partition they are from."""
    mix = dict.fromkeys(stories(), 0.02)
    arrivals = World(5, 100, START_MS, 20 * DAY_MS, mix, NONE).arrivals()
    calm = sorted(
        (jsonl.read(orjson.dumps(touchpoint)) for _, touchpoint in arrivals),
        key=lambda one: one.timestamp_ms,
    )
    times = [send.timestamp_ms for send in ReplayHouse(POLICY, 4).run(placed(calm, 4))]
    assert len(times) > 100 and times == sorted(times)


def test_everything_is_counted(world: list[Carried]) -> None:
    """Each record is accepted, a duplicate, beyond the horizon, or dead; nothing is forgotten."""
    house = ReplayHouse(POLICY, 4)
    list(house.run(placed([*world, Carried(b"c-1", b"nonsense", (), START_MS)], 4)))
    counts = house.counts
    fates = counts["touchpoints"] + counts["duplicate"] + counts["beyond_horizon"]
    assert house.records == len(world) + 1 == fates + counts["dead_letter.invalid_json"]
    assert house.customers == len({one.key for one in world})


def promise() -> list[Carried]:
    """A callback is promised within two hours, and nothing is heard again."""
    story = Story()
    story.contact().tell(
        "promise.made",
        promise_id="p-1",
        kind="callback",
        made_by="service",
        due_at=START_MS + 2 * 3_600_000,
    )
    return [jsonl.read(json.dumps(touchpoint).encode()) for touchpoint in story.told]


def broken(sends: Iterable[Send]) -> list[str]:
    """When promises were found broken."""
    alerts = [json.loads(send.value) for send in sends if send.topic.startswith("alerts.")]
    return [alert["occurred_at"] for alert in alerts if alert["kind"] == "broken_promise"]


def test_time_stands_still_at_the_end_of_a_file() -> None:
    """By event time alone: a promise due after the last touchpoint is not broken yet."""
    house = ReplayHouse(POLICY, 4)
    assert broken(house.run(placed(promise(), 4))) == []


def test_time_can_be_told_to_pass() -> None:
    """Up to a given instant, to the millisecond, timers fire, stamped with their due time."""
    due_ms = START_MS + 2 * 3_600_000 + 15 * 60_000  # with the grace a callback has
    house = ReplayHouse(POLICY, 4)
    list(house.run(placed(promise(), 4)))
    assert broken(house.pass_time(due_ms - 1)) == []
    assert broken(house.pass_time(due_ms)) == ["2026-01-01T02:15:00.000Z"]
    assert broken(house.pass_time(due_ms + 1)) == []


def test_drained_house_waits_for_nothing() -> None:
    """Draining fires what passing the time would have, at the same instants, once."""
    house = ReplayHouse(POLICY, 4)
    list(house.run(placed(promise(), 4)))
    assert broken(house.drain()) == ["2026-01-01T02:15:00.000Z"]
    assert all(desk.next_due_ms is None for desk in house.desks)


def test_steps_of_the_wall_clock_are_taken_where_they_were_taken() -> None:
    """A worker that was idle moved time by the clock; a replay with its steps says the same."""
    told = [json.loads(one.value) for one in promise()]
    back = {**told[0], "event_id": "e-9", "contact_id": "k-9", "occurred_at": START_MS + 3_600_000}
    live = House(POLICY)
    live.hear(*told)
    live.wait_until(START_MS + 5 * 3_600_000)
    live.hear(back)  # late now, as it would not be without the step
    steps = {0: live.desk.watermark.steps}
    lines = [json.dumps(touchpoint).encode() for touchpoint in [*told, back]]
    records: list[Placed] = [
        (0, Record(offset, json.loads(line)["occurred_at"], b"c-1", line))
        for offset, line in enumerate(lines)
    ]
    for round_records in (1, 2, 100):
        house = ReplayHouse(POLICY, 1, steps=steps)
        assert list(house.run(records, round_records)) == live.sends
        assert house.counts["late"] == 1
    assert list(ReplayHouse(POLICY, 1).run(records)) != live.sends


def test_steps_after_the_last_record_are_taken_too() -> None:
    """A topic that ends with an idle worker: the timers it fired are fired."""
    told = [json.loads(one.value) for one in promise()]
    live = House(POLICY)
    live.hear(*told)
    live.wait_until(START_MS + 5 * 3_600_000)
    records = [
        (0, Record(offset, touchpoint["occurred_at"], b"c-1", json.dumps(touchpoint).encode()))
        for offset, touchpoint in enumerate(told)
    ]
    house = ReplayHouse(POLICY, 1, steps={0: live.desk.watermark.steps})
    assert list(house.run(records)) == live.sends
    assert broken(live.sends)


def test_explaining_changes_no_alert(world: list[Carried]) -> None:
    """To keep every contribution is for looking only."""
    house = ReplayHouse(POLICY, 4, explain=True)
    sends = [*house.run(placed(world, 4)), *house.drain()]
    assert by_customer(sends) == by_customer(said(world))
