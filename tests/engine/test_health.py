"""The health of each domain, from the alerts open in it."""

import pytest

from streams import catalogue
from streams.engine.health import DOMAINS, OF_KIND, domain, health
from streams.engine.journey import Episode, Journey
from streams.engine.rules import Rules

CAUSES = {"bill_shock": "billing", "repeat_contact": "service_process"}


def episode(kind: str, severity: int, **fields) -> Episode:
    """An open episode of that severity."""
    return Episode(kind, "", "a", "open", severity, severity, "r", 0, 0, **fields)


def of(*episodes: Episode) -> dict[str, float]:
    """The health of somebody with those episodes."""
    return health(Journey("c-1", 0, 0, episodes=list(episodes)), CAUSES, Rules())


def test_where_nothing_is_open_nothing_is_said():
    """A domain that is well is not named, nor one whose trouble is over."""
    assert of() == {}
    assert of(episode("bill_shock", 5, resolved_ms=1)) == {}


def test_the_worst_weighs_as_much_as_the_mean():
    """One critical alert and one mild one in a domain: worse than half-way between them."""
    assert of(episode("bill_shock", 5)) == {"billing": 0}
    assert of(episode("bill_shock", 5), episode("bill_shock", 1)) == {"billing": 20}


def test_the_worst_domain_comes_first():
    """Whoever reads one line reads that one."""
    told = of(episode("repeat_contact", 2), episode("bill_shock", 4))

    assert list(told.items()) == [("billing", 20), ("support", 60)]


def test_an_episode_may_have_a_cause_of_its_own():
    """Its own cause says where it belongs, not its kind's."""
    assert of(episode("repeat_contact", 3, cause="product_quality")) == {"product": 40}


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.kind)
def test_every_alert_belongs_to_a_domain(entry):
    """Whatever its cause class is."""
    assert domain(entry.kind, entry.detector.cause) in DOMAINS


def test_kinds_that_are_named_belong_to_a_domain_there_is():
    """A name mistyped would put an alert nowhere."""
    assert set(OF_KIND.values()) <= set(DOMAINS)
