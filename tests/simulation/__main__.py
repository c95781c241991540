"""Replay one seed and tell it as a story: ``python -m tests.simulation 380 --delivery exactly_once``.

Without a seed, many are run: ``python -m tests.simulation --seeds 0:20000``.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.dangers import DANGERS
from tests.simulation.exhaustive import every_step, scenario
from tests.simulation.faults import KILL, STOP, Upon
from tests.simulation.plan import EFFECTIVELY, EXACTLY, Plan, drawn
from tests.simulation.planted import BUGS
from tests.simulation.story import failure, told
from tests.simulation.world import simulate


def main() -> int:
    """The exit code: 1 when an oracle objects."""
    asked = _asked()
    if asked.steps:
        report = every_step()
        print(report.text())
        return 1 if report.failed else 0
    plan = _plan(asked)
    if plan is None:
        return _many(asked)
    if asked.planted is None:
        world = simulate(plan, tracing=True)
    else:
        with BUGS[asked.planted].planted() as line:
            world = simulate(plan, tracing=True, line=line(plan))
    print(told(world))
    return 1 if world.violations else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    one = parser.add_argument_group("one run, told as a story")
    one.add_argument("seed", nargs="?", type=int)
    one.add_argument("--delivery", choices=(EXACTLY, EFFECTIVELY))
    one.add_argument("--danger", metavar="NAME:NUMBER", help="one of " + ", ".join(DANGERS))
    one.add_argument("--at", metavar="STEP:NTH:SECONDS", help="stopped there; 0 s is death")
    one.add_argument("--workers", type=int, help="with --at")
    one.add_argument("--planted", choices=sorted(BUGS), help="with this bug in the product")
    many = parser.add_argument_group("many runs, in silence")
    many.add_argument("--seeds", metavar="FROM:TO")
    many.add_argument("--jobs", type=int, default=1, help="in so many processes")
    many.add_argument("--seconds", type=float, help="stop after so long")
    many.add_argument("--steps", action="store_true", help="every step at every batch")
    return parser.parse_args()


def _plan(asked: argparse.Namespace) -> Plan | None:
    """The one plan that is asked for, if it is one."""
    if asked.danger:
        name, _, number = asked.danger.partition(":")
        return list(DANGERS[name]())[int(number)]
    if asked.workers:
        upon = []
        if asked.at:
            step, nth, seconds = asked.at.split(":")
            upon = [Upon(step, int(nth), STOP if float(seconds) else KILL, float(seconds))]
        return scenario(asked.delivery or EXACTLY, asked.workers, *upon)
    if asked.seed is not None:
        return drawn(asked.seed, asked.delivery)
    return None


def _many(asked: argparse.Namespace) -> int:
    first, _, last = (asked.seeds or "0:20000").partition(":")
    began_s = time.monotonic()
    until_s = began_s + asked.seconds if asked.seconds else None
    shares = [
        (range(int(first) + job, int(last), asked.jobs), asked.delivery, until_s)
        for job in range(asked.jobs)
    ]
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(asked.jobs) as pool:
        for share, failures in pool.map(_run, shares):
            counts.update(share)
            for text in failures:
                print(text, flush=True)
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    seconds = time.monotonic() - began_s
    print(f"{counts['seeds']} seeds, {counts['failed']} failed, {seconds:.0f} s")
    return 1 if counts["failed"] else 0


def _run(share: tuple[range, str | None, float | None]) -> tuple[Counter[str], list[str]]:
    """One process's share of the seeds: what happened in them, and what failed."""
    seeds, delivery, until_s = share
    counts: Counter[str] = Counter()
    failures: list[str] = []
    for seed in seeds:
        if until_s is not None and time.monotonic() > until_s:
            break
        world = simulate(drawn(seed, delivery))
        counts["seeds"] += 1
        counts[f"seeds {world.plan.delivery}"] += 1
        counts["deaths and ends of workers"] += world.deaths
        counts["alerts said again"] += world.repeats
        counts["rebalances"] += world.group.rebalances
        counts.update({f"fault: {kind}": times for kind, times in world.faults.met.items()})
        counts.update(f"stopped: {refusal.name}" for _, refusal, _ in world.refusals)
        if world.violations:
            counts["failed"] += 1
            failures.append(failure(world))
    return counts, failures


if __name__ == "__main__":
    sys.exit(main())
