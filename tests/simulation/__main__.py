"""Replay one seed and tell it as a story: ``python -m tests.simulation 380 --delivery exactly_once``.

Without a seed, many are run: ``python -m tests.simulation --seeds 0:20000``.
"""

import argparse
import sys
import time
from collections import Counter

from tests.simulation.exhaustive import every_step
from tests.simulation.plan import EFFECTIVELY, EXACTLY, drawn
from tests.simulation.planted import BUGS
from tests.simulation.story import failure, told
from tests.simulation.world import simulate


def main() -> int:
    """The exit code: 1 when an oracle objects."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, help="tell this one as a story")
    parser.add_argument("--delivery", choices=(EXACTLY, EFFECTIVELY))
    parser.add_argument("--planted", choices=sorted(BUGS), help="with this bug in the product")
    parser.add_argument("--seeds", metavar="FROM:TO", help="run these, in silence")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--steps", action="store_true", help="every step x every batch")
    asked = parser.parse_args()
    if asked.steps:
        return _steps()
    if asked.seed is not None:
        return _story(asked.seed, asked.delivery, asked.planted)
    return _many(asked)


def _story(seed: int, delivery: str | None, planted: str | None) -> int:
    plan = drawn(seed, delivery)
    if planted is None:
        world = simulate(plan, tracing=True)
    else:
        with BUGS[planted].planted() as line:
            world = simulate(plan, tracing=True, line=line(plan))
    print(told(world))
    return 1 if world.violations else 0


def _many(asked: argparse.Namespace) -> int:
    start, _, end = (asked.seeds or "0:20000").partition(":")
    began_s, failed, ran = time.monotonic(), 0, 0
    counts: Counter[str] = Counter()
    for seed in range(int(start), int(end)):
        if asked.seconds and time.monotonic() - began_s > asked.seconds:
            break
        world = simulate(drawn(seed, asked.delivery))
        ran += 1
        counts.update(
            {
                "deaths": world.deaths,
                "alerts said again": world.repeats,
                "rebalances": world.group.rebalances,
            }
        )
        counts.update(f"stopped: {refusal.name}" for _, refusal, _ in world.refusals)
        if world.violations:
            failed += 1
            print(failure(world), flush=True)
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    print(f"{ran} seeds, {failed} failed, {time.monotonic() - began_s:.0f} s")
    return 1 if failed else 0


def _steps() -> int:
    report = every_step()
    print(report.text())
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
