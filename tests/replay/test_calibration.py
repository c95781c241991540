"""Calibration: planted weights are found again, noise is called noise, little is called little.

Requirement: S0-13 S4-12
"""

from collections.abc import Iterator
from random import Random

import pytest

from streams.engine.rules import EffortPoints
from streams.replay.answers import Answer
from streams.replay.calibration import ANSWERS_MIN, SEEN_MIN, Calibration, components

POINTS = EffortPoints()
# Hardness per point in force: the truth a calibration is to find.
TRUTH = {"transfer_cold": 0.02, "information_repeated": 0.008, "wait": 0.002, "first_contact": 0.0}


def answers(count: int, noise: float, seed: int = 3) -> Iterator[Answer]:
    """Customers who mean what the truth says, but for some noise."""
    rng = Random(seed)
    for number in range(count):
        parts = {name: rng.choice((0.0, 6.0, 12.0, 18.0)) for name in TRUTH}
        hardness = 0.1 + sum(TRUTH[name] * points for name, points in parts.items())
        hardness = min(1.0, max(0.0, hardness + rng.gauss(0, noise)))
        jei = 100 * (1 - 2.718281828 ** (-sum(parts.values()) / 30))
        yield Answer(f"c-{number}".encode(), 1 - hardness, jei, parts)


def calibrated(count: int, noise: float = 0.1, seed: int = 3) -> Calibration:
    """After so many of them."""
    taken = Calibration()
    for answer in answers(count, noise, seed):
        taken.take(answer)
    return taken


def test_planted_weights_are_found() -> None:
    """Without noise the weights themselves; with it their order."""
    assert calibrated(400, noise=0).fit().weights == pytest.approx(TRUTH, abs=1e-6)
    noisy = calibrated(400).fit().weights
    assert sorted(noisy, key=noisy.__getitem__) == sorted(TRUTH, key=TRUTH.__getitem__)


def test_suggested_points_stand_to_one_another_as_the_weights_do() -> None:
    """A component that weighs more a point gets more points for each of its own."""
    suggested = {s.name: s for s in calibrated(400, noise=0).suggestions(POINTS) or ()}
    factor = {
        name: one.suggested / one.points
        for name, one in suggested.items()
        if one.seen and name != "first_contact"
    }
    assert factor["transfer_cold"] / factor["information_repeated"] == pytest.approx(2.5, rel=0.01)
    assert factor["wait_minute"] / factor["information_repeated"] == pytest.approx(0.25, rel=0.05)
    assert factor["wait_minute"] == pytest.approx(factor["wait_max"], rel=0.05)
    assert suggested["first_contact"].suggested == 0


def test_all_answers_together_keep_their_points() -> None:
    """Only the shares change: the same traffic carries as much effort as before."""
    taken = calibrated(400)
    by_name = {s.name: s.suggested / s.points for s in taken.suggestions(POINTS) or ()}
    before = after = 0.0
    for answer in answers(400, 0.1):
        for component, points in answer.parts.items():
            before += points
            after += points * by_name[components()[component][0]]
    assert after == pytest.approx(before, rel=0.01)


def test_what_is_seldom_seen_keeps_its_points() -> None:
    """Nineteen answers are too few to say anything about a component."""
    taken = calibrated(400)
    for number in range(SEEN_MIN - 1):
        taken.take(Answer(b"r-%d" % number, 0.0, 50.0, {"promise_broken": 8.0}))
    rare = {s.name: s for s in taken.suggestions(POINTS) or ()}["promise_broken"]
    assert (rare.seen, rare.suggested) == (SEEN_MIN - 1, POINTS.promise_broken)
    taken.take(Answer(b"r", 0.0, 50.0, {"promise_broken": 8.0}))
    often = {s.name: s for s in taken.suggestions(POINTS) or ()}["promise_broken"]
    assert often.suggested > POINTS.promise_broken


def test_below_two_hundred_nothing_is_suggested() -> None:
    """The correlation is told at any time, points are not."""
    assert calibrated(ANSWERS_MIN - 1).suggestions(POINTS) is None
    assert calibrated(ANSWERS_MIN - 1).correlation() is not None
    assert calibrated(ANSWERS_MIN).suggestions(POINTS) is not None


def test_relation_is_seen() -> None:
    """Where effort is what customers speak of, the interval lies well below zero."""
    found = calibrated(400).correlation()
    assert found is not None and found.high < -0.4


def test_noise_is_called_noise() -> None:
    """Answers that have nothing to do with effort: the interval holds zero, and no points come."""
    rng, taken = Random(8), Calibration()
    for answer in answers(400, 0.1):
        taken.take(answer._replace(ease=rng.randint(0, 6) / 6))
    found = taken.correlation()
    assert found is not None and found.low < 0 < found.high
    assert taken.suggestions(POINTS) is None


def test_noise_is_seldom_taken_for_cause() -> None:
    """Of a hundred logs of noise, about five at most would have been answered with points."""
    fooled = 0
    for seed in range(100):
        rng, taken = Random(seed), Calibration()
        for answer in answers(ANSWERS_MIN, 0.1, seed):
            taken.take(answer._replace(ease=rng.randint(0, 6) / 6))
        fooled += taken.suggestions(POINTS) is not None
    assert fooled <= 8


def test_share_explained() -> None:
    """All of it without noise, none of it where every answer is the same."""
    assert calibrated(300, noise=0).fit().share == pytest.approx(1)
    alike = Calibration()
    for answer in answers(300, 0):
        alike.take(answer._replace(ease=0.5))
    assert alike.fit().share == 0
    assert alike.suggestions(POINTS) is None


def test_answers_that_are_easier_the_harder_it_was_suggest_nothing() -> None:
    """No weight above zero explains them, so there is nothing to suggest."""
    taken = Calibration()
    for answer in answers(400, 0):
        taken.take(answer._replace(ease=1 - answer.ease))
    assert taken.suggestions(POINTS) is None


def test_order_of_answers_does_not_matter() -> None:
    """Taken backwards they amount to the same."""
    back = Calibration()
    for answer in reversed(list(answers(300, 0.1))):
        back.take(answer)
    assert back.suggestions(POINTS) == calibrated(300).suggestions(POINTS)
    assert back.correlation() == calibrated(300).correlation()


def test_every_component_has_its_keys() -> None:
    """Each of the policy's points belongs to exactly one component of effort."""
    keys = [name for names in components().values() for name in names]
    assert sorted(keys) == sorted(EffortPoints.__dataclass_fields__)
