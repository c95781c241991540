"""Scenarios that once were a loss, many times over: none of them is one any more."""

import pytest

from tests.simulation import dangers
from tests.simulation.story import failure
from tests.simulation.world import simulate


@pytest.mark.parametrize(
    "danger",
    [
        dangers.torn_wakes,
        dangers.stale_hand_overs,
        dangers.tight_batches,
        dangers.cut_off_and_back,
    ],
)
def test_a_known_danger_is_met_unharmed(danger):
    """What the simulation found stays mended, at whichever instant it happens."""
    for plan in danger():
        world = simulate(plan)
        assert not world.violations, f"{danger.__name__}\n{failure(world)}"
