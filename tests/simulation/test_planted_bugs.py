"""A simulation that finds nothing proves nothing: it must catch every bug we plant."""

import pytest

from tests.simulation.planted import BUGS, Bug
from tests.simulation.story import failure
from tests.simulation.world import World, simulate


def first_caught(bug: Bug) -> World | None:
    """The first scenario whose run the bug spoils."""
    with bug.planted() as line:
        for plan in bug.scenarios():
            world = simulate(plan, line=line(plan))
            if world.violations:
                return world
    return None


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name, record_property):
    """Some seed catches it, through an oracle that is meant to; without it, that seed is clean."""
    bug = BUGS[name]
    world = first_caught(bug)
    assert world is not None, f"{bug.text}: not caught"
    found = {violation.oracle for violation in world.violations}
    record_property("caught", f"seed {world.plan.seed} by {', '.join(sorted(found))}")
    print(f"{name}: seed {world.plan.seed}, {bug.delivery}: {world.violations[0]}")
    assert found & set(bug.oracles), failure(world)
    healthy = simulate(world.plan)
    assert not healthy.violations, failure(healthy)
