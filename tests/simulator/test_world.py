"""A simulated log: the same for the same seed, in order of arrival, true to what it planted."""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from schemas.instants import instant_ms
from streams import catalogue, policy
from streams.engine.record import Record
from streams.replay.house import ReplayHouse
from streams.simulator.kinds import words
from streams.simulator.noise import NONE, Noise
from streams.simulator.stories import stories
from streams.simulator.telling import DAY_MS
from streams.simulator.world import BACKGROUND, World, simulate
from streams.wire import jsonl
from streams.wire.touchpoint import Unreadable, read_strictly

START_MS = 1_767_571_200_000  # Monday 2026-01-05T00:00:00Z
NO_STORIES: dict[str, float] = {}


def world(**changes: Any) -> World:
    """A small world of four weeks."""
    given = {"seed": 7, "customers": 200, "start_ms": START_MS, "duration_ms": 28 * DAY_MS}
    return World(**(given | changes))


def occurred_ms(touchpoint: dict[str, Any]) -> int:
    """When it happened, epoch ms."""
    return instant_ms(touchpoint["occurred_at"])


def test_same_seed_same_bytes() -> None:
    """A log can be made again, byte for byte, in order."""
    first, again = (json.dumps(list(world().arrivals())) for _ in range(2))
    assert first == again


def test_another_seed_another_log() -> None:
    """The seed is all the chance there is."""
    assert list(world(seed=8).arrivals()) != list(world().arrivals())


def test_simulate_is_the_world_as_a_function() -> None:
    """For who needs no truth."""
    assert list(simulate(7, 20, START_MS, 7 * DAY_MS)) == list(
        world(customers=20, duration_ms=7 * DAY_MS).arrivals()
    )


def test_log_is_in_order_of_arrival_and_within_its_time() -> None:
    """Arrivals never go back, nothing arrives before it occurred or after the end."""
    arrivals = list(world().arrivals())
    assert len(arrivals) > 3_000
    for (before_ms, _), (after_ms, _) in pairwise(arrivals):
        assert before_ms <= after_ms
    for arrival_ms, touchpoint in arrivals:
        assert START_MS <= occurred_ms(touchpoint) < arrival_ms < START_MS + 28 * DAY_MS


def test_every_touchpoint_is_as_its_producer_must_send_it() -> None:
    """Through a JSONL line and the strict contract: no dead letter, every source and thread."""
    for _, touchpoint in world().arrivals():
        carried = jsonl.read(json.dumps(touchpoint).encode())
        verdict = read_strictly(Record(0, carried.timestamp_ms, carried.key, carried.value, ()))
        assert not isinstance(verdict, Unreadable), (verdict, touchpoint)


def test_without_noise_everything_arrives_once_and_in_order() -> None:
    """Silence on the line: per customer, order of arrival is order of occurrence; no id twice."""
    last_ms: dict[str, int] = {}
    seen = set()
    for _, touchpoint in world(noise=NONE).arrivals():
        customer = touchpoint["customer_id"]
        assert occurred_ms(touchpoint) >= last_ms.get(customer, 0)
        last_ms[customer] = occurred_ms(touchpoint)
        assert (touchpoint["source"], touchpoint["event_id"]) not in seen
        seen.add((touchpoint["source"], touchpoint["event_id"]))


def test_duplicates_are_the_same_touchpoint_again() -> None:
    """As many as asked for, each equal to its first arrival and within the time asked for."""
    noise = Noise(
        duplicate_share=0.1, duplicate_s=60, disorder_share=0, late_share=0, night_imports=False
    )
    first: dict[str, tuple[int, Any]] = {}
    duplicates = 0
    for arrival_ms, touchpoint in world(noise=noise).arrivals():
        event_id = touchpoint["event_id"]
        if event_id in first:
            assert first[event_id][1] == touchpoint
            assert arrival_ms - first[event_id][0] <= 60_000
            duplicates += 1
        first.setdefault(event_id, (arrival_ms, touchpoint))
    assert duplicates == pytest.approx(len(first) * 0.1, rel=0.2)


def test_disorder_stays_below_its_limit_and_lateness_beyond() -> None:
    """Out of order: at most ``disorder_s`` behind. Late: between the two limits."""
    noise = Noise(0, 900, 0.1, 540, 0.05, (3_600, 7_200), night_imports=False)
    delays_s = [
        (arrival_ms - occurred_ms(touchpoint)) / 1000
        for arrival_ms, touchpoint in world(noise=noise, mix=NO_STORIES).arrivals()
    ]
    disordered = [d for d in delays_s if 1 < d <= 541]
    late = [d for d in delays_s if 3_600 <= d <= 7_200]
    assert len(disordered) == pytest.approx(0.1 * len(delays_s), rel=0.2)
    assert len(late) == pytest.approx(0.05 * len(delays_s), rel=0.2)
    assert len(disordered) + len(late) == sum(d > 1 for d in delays_s)


def test_planted_stories_are_spared_disorder_unless_asked() -> None:
    """What is expected of a story must not hang on chance; but noise can be put on it too."""

    def delayed(spare_stories: bool) -> int:
        noise = Noise(0, disorder_share=0.5, late_share=0, spare_stories=spare_stories)
        here = world(noise=noise)
        return sum(
            arrival_ms - occurred_ms(touchpoint) > 1_000
            for arrival_ms, touchpoint in here.arrivals()
            if here.story_of(touchpoint["customer_id"]) != BACKGROUND
        )

    assert delayed(spare_stories=True) == 0
    assert delayed(spare_stories=False) > 0


def test_truth_names_every_planted_customer() -> None:
    """story_of and truth agree; at least one customer per story that fits, others background."""
    here = world(duration_ms=160 * DAY_MS)
    truth = list(here.truth())
    assert {planted.story for planted in truth} == set(stories())
    for planted in truth:
        assert here.story_of(planted.customer_id) == planted.story
        assert planted.expects == stories()[planted.story].expects
    names = {f"c-{index:06d}" for index in range(200)}
    background = {name for name in names if here.story_of(name) == BACKGROUND}
    assert background == names - {planted.customer_id for planted in truth}


def test_truth_can_be_written_down() -> None:
    """Plain JSON values, the same for the same seed."""
    lines = [json.dumps(planted.as_json()) for planted in world().truth()]
    assert lines == [json.dumps(planted.as_json()) for planted in world().truth()]
    told = json.loads(lines[0])
    assert told["customer_id"].startswith("c-") and told["starts_at"].endswith("Z")


def test_story_settles_before_the_world_ends() -> None:
    """A story begins in the world and has come due in it; one that is too long is left out."""
    for planted in world().truth():
        assert planted.starts_ms >= START_MS
        assert planted.settles_ms <= START_MS + 28 * DAY_MS
    planted = {p.story for p in world().truth()}
    assert "billing_loop" not in planted and "masked_effort" in planted


def test_mix_gives_each_story_its_share() -> None:
    """A tenth of 200 customers are 20; nobody else has a story."""
    here = world(mix={"long_wait": 0.1, "happy_path": 0}, duration_ms=90 * DAY_MS)
    assert Counter(planted.story for planted in here.truth()) == {"long_wait": 20}


def test_few_customers_get_one_story_each() -> None:
    """More stories than customers: each customer one, no story twice."""
    told = Counter(planted.story for planted in world(customers=5).truth())
    assert told.total() == 5 and max(told.values()) == 1


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"mix": {"long_weight": 0.1}}, "no story 'long_weight'; there are: .*long_wait"),
        ({"mix": {"long_wait": 1.5}}, "share of long_wait"),
        ({"customers": 0}, "at least one customer"),
        ({"duration_ms": 0}, "some time"),
    ],
)
def test_impossible_world_is_refused(changes: dict[str, Any], what: str) -> None:
    """Says what is wrong with it."""
    with pytest.raises(ValueError, match=what):
        world(**changes)


def test_people_have_a_rhythm() -> None:
    """What customers begin is rare at night and at the weekend, bills come from a nightly run."""
    here = world(mix=NO_STORIES, customers=600, noise=NONE)
    begun = [
        occurred_ms(t)
        for _, t in here.arrivals()
        if t["type"] in ("contact.started", "task.started")
    ]
    hours = Counter((at_ms // 3_600_000) % 24 for at_ms in begun)
    assert sum(hours[h] for h in range(9, 17)) > 5 * sum(hours[h] for h in range(6))
    days = Counter((at_ms // DAY_MS + 3) % 7 for at_ms in begun)
    assert days[5] + days[6] < days[0]


def test_bills_come_from_a_nightly_run_on_four_days_of_the_month_and_are_dearer_in_winter() -> None:
    """Everybody's bill has its day; January costs more than July, and no jump is a shock."""
    here = world(mix=NO_STORIES, customers=60, duration_ms=250 * DAY_MS, noise=NONE)
    bills = [t for _, t in here.arrivals() if t["type"] == "invoice.issued"]
    assert all(occurred_ms(bill) % DAY_MS < 3 * 3_600_000 for bill in bills)
    assert {bill["occurred_at"][8:10] for bill in bills} == {"01", "08", "15", "22"}
    by_customer: dict[str, list[dict[str, Any]]] = {}
    for bill in bills:
        by_customer.setdefault(bill["customer_id"], []).append(bill)
    winter = summer = 0
    for months in by_customer.values():
        dates = [bill["occurred_at"] for bill in months]
        assert len({date[:7] for date in dates}) == len(dates), "one bill a month"
        amounts = [bill["amount_minor"] for bill in months]
        assert max(amounts) < 1.5 * min(amounts)
        winter += sum(bill["amount_minor"] for bill in months if "-02-" in bill["occurred_at"])
        summer += sum(bill["amount_minor"] for bill in months if "-07-" in bill["occurred_at"])
    assert winter > 1.05 * summer


def test_branches_tell_by_night_of_what_was_in_the_day() -> None:
    """A system that hands over once a night: hours late, every time, and nothing else with it."""
    arrivals = list(world(mix=NO_STORIES, customers=400).arrivals())
    visits = [(at_ms, t) for at_ms, t in arrivals if t["type"] == "visit.recorded"]
    assert len(visits) > 10
    for arrival_ms, visit in visits:
        assert arrival_ms // DAY_MS > occurred_ms(visit) // DAY_MS


def test_some_are_new_some_renew_and_some_leave() -> None:
    """All stages of belonging; who has left does nothing more."""
    arrivals = list(world(mix=NO_STORIES, customers=500, duration_ms=120 * DAY_MS).arrivals())
    by_type: dict[str, set[str]] = {}
    for _, touchpoint in arrivals:
        by_type.setdefault(touchpoint["type"], set()).add(touchpoint["customer_id"])
    assert 0.15 < len(by_type["onboarding.completed"]) / 500 < 0.35
    assert by_type["onboarding.completed"] <= by_type["onboarding.milestone_reached"]
    assert by_type["renewal.window_opened"] and by_type["renewal.decided"]
    assert 1 <= len(by_type["cancel.requested"]) < 25
    for customer in by_type["customer.churned"]:
        told = [t for _, t in arrivals if t["customer_id"] == customer]
        left_ms = max(occurred_ms(t) for t in told if t["type"] == "customer.churned")
        begun = [t for t in told if t["type"] in ("contact.started", "task.started")]
        assert all(occurred_ms(t) <= left_ms for t in begun)


def test_most_of_what_can_happen_happens_to_somebody() -> None:
    """Everyday traffic is broad: detectors have something to be silent about."""
    told = {t["type"] for _, t in world(mix=NO_STORIES, customers=500).arrivals()}
    assert len(told) > 40


def test_few_customers_make_much_of_the_traffic() -> None:
    """Heavy tail: the busiest twentieth make more than a sixth of what customers begin."""
    here = world(mix=NO_STORIES, customers=1_000)
    begun = Counter(
        t["customer_id"]
        for _, t in here.arrivals()
        if t["type"] in ("contact.started", "task.started")
    )
    busiest = sum(count for _, count in begun.most_common(50))
    assert busiest > begun.total() / 6


def test_optional_fields_are_missing_here_and_there() -> None:
    """Time zones, regions and reasons are known for many touchpoints and not for others."""
    contacts = [t for _, t in world().arrivals() if t["type"] == "contact.started"]
    for name in ("timezone", "region", "reason"):
        share = sum(name in t for t in contacts) / len(contacts)
        assert 0.2 < share < 0.98, name
    assert len({t["source"] for _, t in world().arrivals()}) > 8


def test_every_planted_story_comes_true_among_strangers_and_duplicates() -> None:
    """The whole log through the line: each planted customer raises what is expected of them."""
    here = world(customers=120, duration_ms=160 * DAY_MS)
    house = ReplayHouse(policy.with_everything(policy.load()), partitions=1)
    records = (
        (0, Record(n, occurred_ms(t), t["customer_id"].encode(), json.dumps(t).encode()))
        for n, (_, t) in enumerate(here.arrivals())
    )
    raised: dict[str, set[str]] = {}
    for send in [*house.run(records), *house.pass_time(here.end_ms)]:
        assert not send.topic.endswith(".dlq")
        alert = json.loads(send.value)
        if send.topic.startswith("alerts.") and alert["action"] in ("trigger", "update"):
            said = words(alert["kind"], alert["reason"]["code"])
            raised.setdefault(alert["customer_id"], set()).update(said)
    assert house.counts["duplicate"] > 0
    there = {entry.kind for entry in catalogue.entries()}
    for planted in here.truth():
        found = raised.get(planted.customer_id, set())
        expected = {word for word in planted.expects if word.partition(":")[0] in there}
        assert expected <= found, planted
        assert not planted.silent & found, planted
