"""Scenarios that once were a loss, many times over: none of them is one any more."""

import pytest

from tests.simulation.dangers import DANGERS
from tests.simulation.story import failure
from tests.simulation.world import simulate


@pytest.mark.parametrize("name", DANGERS)
def test_a_known_danger_is_met_unharmed(name):
    """What the simulation found stays mended, at whichever instant it happens."""
    for plan in DANGERS[name]():
        world = simulate(plan)
        assert not world.violations, failure(world)
