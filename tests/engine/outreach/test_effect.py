"""Does reaching out help? Intervals as published, verdicts that dare to say nothing.

Requirement: S2-17 S2-18
"""

from random import Random

import pytest

from streams.engine.outreach.effect import EVERY, Sample, compare, means, newcombe, wilson
from tests.engine.outreach.telling import candidates, observed, reachable, trouble


def observation(number, arm, value, measure="repeat_contact", kind="probe"):
    """One of a customer of that number."""
    days = {"repeat_contact": 7, "jei": 14, "churn": 30}[measure]
    return {
        "alert_id": f"a-{number}", "started_at": "2026-01-01T00:00:00Z", "kind": kind, "arm": arm,
        "measure": measure, "horizon_d": days, "value": value,
    }  # fmt: skip


def verdict(told, measure="repeat_contact"):
    """That of all detectors together."""
    return next(c.verdict for c in compare(told) if (c.kind, c.measure) == (EVERY, measure))


@pytest.mark.parametrize(
    ("count", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611), (0, 0, 0, 1)]
)
def test_wilsons_interval(count, n, low, high):
    """As in Newcombe's tables (1998, 17:857): 81 of 263 is 0.2553 to 0.3662."""
    assert wilson(count, n) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090)],
)
def test_newcombes_interval(counts, low, high):
    """As in his table II, method 10: 56/70 less 48/80 is 0.0524 to 0.3339."""
    assert newcombe(*counts) == pytest.approx((low, high), abs=1e-4)


def test_the_interval_of_means():
    """Means 1 and 3, variances 1 each, 100 each: -2 ± 1.96 × 0.1414."""
    first, second = Sample(100, 100.0, 199.0), Sample(100, 300.0, 999.0)

    assert means(first, second) == pytest.approx((-2.2772, -1.7228), abs=1e-4)


def test_nothing_told_gives_nothing():
    """No observations, no comparison."""
    assert compare([]) == []


def test_one_arm_alone_is_inconclusive():
    """There is nothing to compare it with; the interval says so."""
    (one, _) = compare([observation(n, "treat", 0.0) for n in range(100)])

    assert (one.verdict, one.low, one.high) == ("inconclusive", -1.0, 1.0)


def test_a_clear_difference_of_few_is_inconclusive():
    """29 in an arm are too few whatever they did; 30 are enough."""

    def told(n):
        return [
            observation(f"{arm}{i}", arm, value)
            for arm, value in (("treat", 0.0), ("hold_out", 1.0))
            for i in range(n)
        ]

    assert verdict(told(29)) == "inconclusive"
    assert verdict(told(30)) == "helps"


def test_harm_is_called_harm():
    """More contacts after outreach than without it."""
    told = [observation(f"t{i}", "treat", 1.0) for i in range(50)]
    told += [observation(f"h{i}", "hold_out", float(i % 5 == 0)) for i in range(50)]

    assert verdict(told) == "harms"


def test_what_is_told_twice_counts_once():
    """An observation read again after a crash is the same observation."""
    told = [observation(1, "treat", 1.0)] * 3

    assert compare(told)[0].treat_n == 1


def test_detectors_are_told_apart_and_together():
    """All first, then each by its name."""
    told = [observation(1, "treat", 1.0), observation(2, "treat", 0.0, kind="other")]

    assert [(c.kind, c.treat_n) for c in compare(told)] == [("all", 2), ("other", 1), ("probe", 1)]


# From the customers' lives


def test_a_customer_is_observed_on_four_days():
    """Contact within a week, the index after two, leaving after one month and three."""
    story = trouble(reachable().contact(channel="email")).after(days=3).contact().quiet(days=100)
    seen = [(o["measure"], o["horizon_d"], o["arm"]) for o in observed(story)]

    assert seen == [
        ("repeat_contact", 7, "treat"),
        ("jei", 14, "treat"),
        ("churn", 30, "treat"),
        ("churn", 90, "treat"),
    ]
    assert [o["value"] for o in observed(story)][::2] == [1.0, 0.0]
    assert observed(story)[0]["observed_at"].startswith("2026-01-08T00:00:00")
    assert candidates(story)[0]["alert_id"] == observed(story)[0]["alert_id"]


def test_what_led_to_it_is_no_repeat_and_a_later_contact_is_none_either():
    """Only what comes after the offer and within seven days counts."""
    story = trouble(reachable().contact(channel="email")).after(days=7, minutes=1)

    assert observed(story.contact())[0]["value"] == 0.0


def test_who_left_has_left():
    """Churned on day 20, back on day 40: churned at both horizons."""
    story = trouble(reachable()).after(days=20).tell("customer.churned", voluntary=True)
    story.after(days=20).tell("customer.reactivated").quiet(days=60)

    assert [o["value"] for o in observed(story) if o["measure"] == "churn"] == [1.0, 1.0]


def test_one_customer_is_watched_once_at_a_time_per_detector():
    """Another alert of the same detector meanwhile is the same experiment."""
    story = trouble(reachable())
    story.tell("outreach.responded", alert_id=story.alerts[-1]["alert_id"])
    trouble(story.after(days=1), "b").quiet(days=100)

    assert len(candidates(story)) == 2
    assert len({o["alert_id"] for o in observed(story)}) == 1


def lived(customers: int, helped: float) -> list[dict]:
    """Customers in trouble, of whom half call again; outreach spares that many of those a call."""
    chance, told = Random(7), []
    for number in range(customers):
        story = trouble(reachable(customer=f"c-{number}", hold_out=0.5))
        calls = chance.random() < 0.5
        spared = chance.random() < helped and story.alerts[0]["arm"] == "treat"
        if calls and not spared:
            story.after(days=2).contact()
        told += observed(story.quiet(days=15))
    return told


def test_a_planted_effect_is_found():
    """160 customers; outreach keeps four of five from calling again."""
    told = lived(160, helped=0.8)
    found = next(c for c in compare(told) if c.measure == "repeat_contact")

    assert found.verdict == "helps"
    assert found.low <= -0.4 <= found.high
    assert 60 <= found.hold_out_n <= 100


def test_without_an_effect_none_is_found():
    """The same customers, whom it does not help: nothing is concluded."""
    assert verdict(lived(160, helped=0.0)) == "inconclusive"


def test_of_few_nothing_is_concluded_even_if_it_helps():
    """Twenty customers."""
    assert verdict(lived(20, helped=0.8)) == "inconclusive"
