"""Two policies over the same records: each says what it would alone, and differences add up."""

import json
from collections import Counter
from collections.abc import Iterable

import orjson
import pytest

from streams.policy import Policy
from streams.replay import backtest as module
from streams.replay.backtest import Backtest
from streams.replay.house import ReplayHouse
from streams.replay.places import placed
from streams.simulator.stories import stories
from streams.simulator.world import World
from streams.wire import jsonl
from streams.wire.jsonl import Carried
from tests.replay.files import carried
from tests.story import DAY_MS, START_MS, Story, policy_of

USUAL = policy_of()
STRICT = policy_of(detectors={"contact_frequency": {"week_contacts": 2}})
QUIET = policy_of(detectors={"contact_frequency": {"enabled": False}})


@pytest.fixture(scope="module")
def company() -> list[Carried]:
    """Twenty days of a small company in which every story that fits is told."""
    mix = dict.fromkeys(stories(), 0.02)
    arrivals = World(11, 60, START_MS, 20 * DAY_MS, mix).arrivals()
    return [jsonl.read(orjson.dumps(touchpoint)) for _, touchpoint in arrivals]


def compared(records: Iterable[Carried], a: Policy, b: Policy, sample: int = 2) -> Backtest:
    """After both have heard them."""
    both = Backtest((ReplayHouse(a, 4), ReplayHouse(b, 4)), sample)
    both.run(placed(records, 4))
    return both


def raised(records: Iterable[Carried], policy: Policy) -> Counter[str]:
    """Episodes raised by a replay of its own, by detector."""
    sends = ReplayHouse(policy, 4).run(placed(records, 4))
    alerts = [json.loads(send.value) for send in sends if send.topic.startswith("alerts.")]
    return Counter(alert["kind"] for alert in alerts if alert["action"] == "trigger")


def test_each_side_says_what_it_says_alone(
    company: list[Carried], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Side by side changes nothing for either, however the records are cut into rounds."""
    monkeypatch.setattr(module, "ROUND_RECORDS", 500)
    both = compared(company, USUAL, STRICT)
    for side, policy in enumerate((USUAL, STRICT)):
        alone = raised(company, policy)
        assert {kind: both.differences(kind).fired[side] for kind in alone} == alone
    assert sum(both.by_day.values()) == sum(
        sum(both.differences(q.kind).fired) for q in USUAL.questions
    )


def test_a_policy_does_not_differ_from_itself(company: list[Carried]) -> None:
    """Against itself everything is in both."""
    both = compared(company, USUAL, USUAL)
    assert both.pairing.only == Counter()
    assert both.pairing.both.total() > 50


def test_lower_threshold_adds_and_takes_nothing() -> None:
    """Two contacts in a week are told by the stricter policy alone, three by both: and there the
    stricter one began earlier, about the same."""
    two = Story(customer="c-2").contact().after(days=1).contact("shop/price")
    three = Story(customer="c-3").contact().after(days=1).contact("shop/price")
    three.after(days=1).contact("app/crash")
    found = compared(carried(two, three), USUAL, STRICT)
    differences = found.differences("contact_frequency")
    assert (differences.fired, differences.only, differences.both) == ((1, 2), (0, 1), 1)
    (example,) = found.pairing.samples("contact_frequency", "only_b")
    assert example.key.customer_id == "c-2"
    assert len(example.said.evidence) == 2 and "contact.started" in example.said.evidence[0]


def test_question_not_asked_is_not_answered() -> None:
    """A detector that one side has switched off is only in the other."""
    told = Story().contact().after(days=1).contact("a/b").after(days=1).contact("c/d")
    found = compared(carried(told), USUAL, QUIET).differences("contact_frequency")
    assert (found.fired, found.only, found.both) == ((1, 0), (1, 0), 0)


def test_day_is_that_of_the_episode_in_utc() -> None:
    """Three contacts, the third two days after the first: raised on that day, by both."""
    told = Story().contact().after(days=1).contact("a/b").after(days=1).contact("c/d")
    days = compared(carried(told), USUAL, USUAL).by_day
    day = START_MS // DAY_MS + 2
    assert {key: n for key, n in days.items() if key[0] == "contact_frequency"} == {
        ("contact_frequency", day, 0): 1,
        ("contact_frequency", day, 1): 1,
    }


def test_load_is_per_thousand_customers_and_day() -> None:
    """One episode of two customers in four days: 1,000 ÷ 2 ÷ 4 = 125. A day is the least."""
    told = Story().contact().after(days=4).contact("a/b")
    found = compared(carried(told, Story(customer="c-2").contact()), USUAL, USUAL)
    assert (found.customers, found.days, found.load(1)) == (2, 4.0, 125.0)
    assert compared(carried(Story().contact()), USUAL, USUAL).days == 1


def test_what_is_in_the_file_is_counted_by_type() -> None:
    """Also what is wrapped or unreadable: the first counts, the second does not."""
    records = carried(Story().contact().contact(origin="backfill"))
    wrapped = jsonl.read(jsonl.write(records[0].key, records[0].value, (("h", b"1"),), START_MS))
    torn = Carried(b"c-1", b'{"type":', (), START_MS)
    found = compared([*records, wrapped, torn], USUAL, USUAL)
    assert found.types == {"contact.started": 3}
    assert found.not_live == 1
