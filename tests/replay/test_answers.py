"""CES answers beside the index as it stood when they were given."""

import json
from random import Random

import orjson
import pytest

from streams import policy
from streams.replay.answers import Answer, Answers
from streams.replay.house import ReplayHouse
from streams.replay.places import placed
from streams.simulator.stories import stories
from streams.simulator.world import World
from streams.wire import jsonl
from streams.wire.jsonl import Carried
from tests.replay.files import carried
from tests.story import DAY_MS, START_MS, Story

POLICY = policy.load()
CES_2 = {"scale_min": 1, "scale_max": 7, "higher_is_better": True}


def answered(story: Story, score: float, **scale: object) -> Story:
    """The customer says how easy it was."""
    return story.tell("survey.responded", kind="ces", score=score, **{**CES_2, **scale})


def among(records: list[Carried]) -> list[Answer]:
    """Every answer in a fresh house."""
    return list(Answers(ReplayHouse(POLICY, 4)).among(placed(records, 4)))


def test_an_answer_stands_beside_the_effort_of_its_moment() -> None:
    """One contact is 2 points, JEI 6.4; halved after a half-life of 14 days."""
    at_once, later = among(carried(answered(answered(Story().contact(), 5).after(days=14), 2)))
    assert at_once == (b"c-1", pytest.approx(4 / 6), pytest.approx(6.449, abs=0.001), at_once.parts)
    assert at_once.parts == {"first_contact": pytest.approx(2)}
    assert later.parts == {"first_contact": pytest.approx(1)}
    assert later.ease == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("score", "scale", "ease"),
    [
        (7, {}, 1),
        (1, {}, 0),
        (1, {"scale_max": 5, "higher_is_better": False}, 1),
        (5, {"scale_max": 5, "higher_is_better": False}, 0),
        (3, {"scale_max": 5, "higher_is_better": False}, 0.5),
    ],
)
def test_scale_says_which_way_it_runs(score: float, scale: dict, ease: float) -> None:
    """CES 2.0 calls 7 easy, CES 1.0 calls 1 easy; both are ease from 0 to 1."""
    assert [one.ease for one in among(carried(answered(Story().contact(), score, **scale)))] == [
        ease
    ]


def test_what_comes_afterwards_explains_nothing() -> None:
    """Effort after the answer, however soon and in the same round, is not in it."""
    told = answered(Story().contact(), 6).after(minutes=1)
    told.contact().tell("contact.abandoned", contact_id="k-2", wait_s=900)
    (answer,) = among(carried(told))
    assert answer.parts == {"first_contact": pytest.approx(2)}


def test_answer_behind_the_customers_time_is_left_out_and_counted() -> None:
    """What the customer has been through since would be in it."""
    told = Story().contact()
    told.after(hours=2).contact()
    told.after(hours=-1)
    answered(told, 4)
    found = Answers(ReplayHouse(POLICY, 4))
    assert list(found.among(placed(carried(told), 4))) == []
    assert found.behind == 1


def test_only_ces_and_only_once() -> None:
    """Other surveys are none, and neither is the same answer heard twice, or an unreadable one."""
    told = Story().contact()
    told.tell("survey.responded", **{**CES_2, "kind": "csat", "score": 7})
    answered(told, 6)
    records = carried(told)
    torn = Carried(b"c-1", b'{"type":"survey.responded"', (), START_MS)
    assert [one.ease for one in among([*records, records[-1], torn])] == [pytest.approx(5 / 6)]


def test_somebody_who_only_answers_has_no_effort() -> None:
    """A customer first heard of by an answer: index 0, and that counts too."""
    assert among(carried(answered(Story(), 7))) == [(b"c-1", 1.0, 0.0, {})]


def test_answers_among_traffic_are_those_told_alone() -> None:
    """Among a company's traffic, every answer is as it is with its customer's touchpoints alone."""
    mix = dict.fromkeys(stories(), 0.02)
    world = World(11, 60, START_MS, 20 * DAY_MS, mix).arrivals()
    records = [jsonl.read(orjson.dumps(touchpoint)) for _, touchpoint in world]
    rng = Random(2)
    for at in sorted(rng.sample(range(len(records)), 40), reverse=True):
        one = records[at]
        said = {
            "event_id": f"ces-{at}", "source": "urn:test", "type": "survey.responded",
            "customer_id": (one.key or b"").decode(), "occurred_at": one.timestamp_ms + 1,
            "kind": "ces", "score": rng.randint(1, 7), **CES_2,
        }  # fmt: skip
        records.insert(at + 1, jsonl.read(json.dumps(said).encode()))
    together = among(records)
    assert len(together) > 20
    for customer in sorted({answer.customer for answer in together}):
        alone = among([one for one in records if one.key == customer])
        own = [answer for answer in together if answer.customer == customer]
        assert [a._replace(parts={}) for a in alone] == [
            (customer, o.ease, pytest.approx(o.jei, abs=1e-6), {}) for o in own
        ]
