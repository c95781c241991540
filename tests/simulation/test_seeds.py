"""Thousands of schedules, drawn from seeds: none of them loses, doubles, forgets or stops.

``make simulate`` runs tens of thousands. A failure names the command that tells its story.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.plan import EFFECTIVELY, EXACTLY, drawn
from tests.simulation.story import failure, told
from tests.simulation.world import simulate

_SEEDS = 1_500
_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("delivery", [EXACTLY, EFFECTIVELY])
def test_no_schedule_breaks_a_promise(delivery):
    """O1 to O5, after faults of every kind, alone and together."""
    met = 0
    for seed in range(_SEEDS):
        world = simulate(drawn(seed, delivery))
        assert not world.violations, failure(world)
        met += sum(world.faults.met.values())
    assert met > _SEEDS, "the faults of the plans did not come about"


def digest() -> str:
    """Of the whole stories of some seeds."""
    whole = hashlib.sha256()
    for seed in range(12):
        whole.update(repr(simulate(drawn(seed), tracing=True).story).encode())
    return whole.hexdigest()


@pytest.mark.parametrize("hashes", ["0", "77"])
def test_a_seed_is_one_schedule(hashes):
    """The same seed tells the same story in another process, whatever its hash seed."""
    done = subprocess.run(
        [sys.executable, "-c", "from tests.simulation.test_seeds import digest; print(digest())"],
        cwd=_ROOT,
        env={**os.environ, "PYTHONHASHSEED": hashes},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest()


def test_a_story_says_who_when_and_what():
    """Workers by name, virtual milliseconds, and how to see it again."""
    world = simulate(drawn(3, EFFECTIVELY), tracing=True)
    story = told(world)
    assert "w0     starts" in story
    assert "· journeys.acked" in story
    assert story.endswith("verdict: nothing to object to")
    assert "python -m tests.simulation 3 --delivery effectively_once" in failure(world)
