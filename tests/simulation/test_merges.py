"""Merges across partitions and workers: nothing is lost, doubled or left behind, whoever dies."""

import pytest

from tests.simulation.merges import FAR, NEAR, merges_at_every_step, scenario
from tests.simulation.oracles import restored
from tests.simulation.plan import EFFECTIVELY, EXACTLY
from tests.simulation.story import failure
from tests.simulation.world import simulate

both_deliveries = pytest.mark.parametrize("delivery", [EXACTLY, EFFECTIVELY])


@both_deliveries
@pytest.mark.parametrize("workers", [1, 2])
def test_in_peace_everybody_ends_where_they_belong(delivery, workers):
    """Aliases are aliases, the circle has one journey, the forgotten are forgotten."""
    world = simulate(scenario(delivery, workers))
    assert not world.violations, failure(world)
    kept = {}
    for tp in world.sources:
        for key, value in restored(world.broker.log(world.changelog_of(tp))).journeys.items():
            kept[key.decode()] = world.line.codec.decode(value)
    into = {name: one.into for name, one in kept.items() if hasattr(one, "into")}
    stays, joins = sorted((NEAR[3], FAR[3]))
    assert into[NEAR[0]] == FAR[0]
    assert into[FAR[0]] == NEAR[2]
    assert into[joins] == stays
    assert stays not in into
    assert NEAR[1] not in into
    assert FAR[2] not in into


@both_deliveries
def test_merges_at_every_step_at_every_batch(delivery):
    """Each named step, each time it is reached: killed there, stopped for a moment, and stopped for
    so long that another has taken over."""
    report = merges_at_every_step((delivery,))
    print(report.text())
    assert not report.failed, "\n".join(report.failed[:3])
    assert report.runs > 300
