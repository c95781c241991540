"""The committed examples are what the simulator and the adapter make, byte for byte.

To make them anew after a change: ``python tests/simulator/test_examples.py``.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

from streams.adapters import servicenow
from streams.simulator.spoiled import faults, spoil
from streams.simulator.telling import DAY_MS
from streams.simulator.world import World
from streams.wire import jsonl

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
EXCERPT = ROOT / "tests" / "adapters" / "data" / "servicenow_excerpt.csv"
MONDAY_MS = 1_767_571_200_000  # 2026-01-05T00:00:00Z


# Named one by one: a story that is added later does not change a file that people look at.
IN_THE_WEEK = (
    "announced_delay", "asked_once", "broken_callback", "company_calls_back",
    "conflicting_answers", "escalation_ladder", "fair_wait", "false_resolution", "kept_callback",
    "long_wait", "masked_effort", "noticed_sufferer", "onboarding_errors", "onboarding_slip",
    "one_warm_transfer", "prompt_reply", "silent_sufferer", "stalled_onboarding",
    "supervisor_helps", "told_it_three_times", "transfer_ping_pong", "unannounced_delay",
    "unanswered_inquiry",
)  # fmt: skip


def _week() -> World:
    mix = dict.fromkeys(IN_THE_WEEK, 0.005)
    return World(seed=7, customers=150, start_ms=MONDAY_MS, duration_ms=7 * DAY_MS, mix=mix)


def week() -> Iterator[bytes]:
    """One simulated week."""
    return (msgspec.json.encode(touchpoint) for _, touchpoint in _week().arrivals())


def week_truth() -> Iterator[bytes]:
    """What was planted in it."""
    return (msgspec.json.encode(planted.as_json()) for planted in _week().truth())


def service_desk() -> Iterator[bytes]:
    """The excerpt of the real log, imported."""
    return (msgspec.json.encode(touchpoint) for touchpoint in servicenow.read(EXCERPT))


def unreadable() -> Iterator[bytes]:
    """One record of each fault, but for those that are only large."""
    for spoiled in spoil(Random(7), len(faults()), MONDAY_MS):
        line = jsonl.write(*spoiled[:4])
        if len(line) < 10_000:
            yield line.rstrip(b"\n")


MADE: dict[str, Callable[[], Iterator[bytes]]] = {
    "week.jsonl": week,
    "week.truth.jsonl": week_truth,
    "service_desk.jsonl": service_desk,
    "unreadable.jsonl": unreadable,
}


@pytest.mark.parametrize("name", MADE)
def test_example_is_not_stale(name: str) -> None:
    """Made again it is the same file."""
    assert (EXAMPLES / name).read_bytes() == b"".join(line + b"\n" for line in MADE[name]())


def test_examples_are_small_enough_to_commit() -> None:
    """All of them together below 1 MB, and none without a line in the README."""
    readme = (EXAMPLES / "README.md").read_text()
    assert sum((EXAMPLES / name).stat().st_size for name in MADE) < 1_000_000
    assert all(f"`{name}`" in readme for name in MADE)


if __name__ == "__main__":
    for file, make in MADE.items():
        (EXAMPLES / file).write_bytes(b"".join(line + b"\n" for line in make()))
        print(f"examples/{file}", file=sys.stderr)
