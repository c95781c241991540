"""Every step of the protocol x every time it is reached: die there, and stop there.

Two scenarios a delivery: one worker (whoever comes next restores what it left), and two (the other
takes over while this one is dead, or paused beyond the session timeout and then wakes as a zombie).
First the scenario runs in peace and counts how often each step is reached; then it runs once for
each of those times with a death there, and once with a stop.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from streams.kafka.ports import Limits
from streams.kafka.steps import STEPS
from tests.simulation import plan as plans
from tests.simulation.faults import KILL, RESTART, STOP, At, Upon
from tests.simulation.load import traffic
from tests.simulation.plan import Plan
from tests.simulation.story import failure
from tests.simulation.world import World, simulate

_RECORDS, _PARTITIONS = 24, 2


@dataclass
class Report:
    """What was covered.

    Args:
        reached: how often each step was reached in peace, by (delivery, workers, step).
        runs: how many simulations that made.
        failed: what went wrong, told.
        seconds: how long it took.
    """

    reached: Counter = field(default_factory=Counter)
    runs: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def text(self) -> str:
        """As a table."""
        lines = [f"{'step':<24} {'times reached':>14}"]
        for step in STEPS:
            times = sum(n for (_, _, name), n in self.reached.items() if name == step)
            lines.append(f"{step:<24} {times:>14}")
        lines += self.failed
        points = sum(self.reached.values())
        lines.append(
            f"{points} crash points x (death, short stop, zombie): {self.runs} runs, "
            f"{len(self.failed)} failed, {self.seconds:.0f} s"
        )
        return "\n".join(lines)


def scenario(delivery: str, workers: int, *upon: Upon) -> Plan:
    """The scenario, with those faults. One worker more or less comes and goes in its midst."""
    rng = Random(7)
    limits = Limits(
        batch_records=6, idle_after_s=0.6, swallowed_after_s=1.0,
        alive_within_s=plans.SESSION_S / 2, patrol_s=plans.PATROL_S,
    )  # fmt: skip
    return Plan(
        7, delivery, workers, _PARTITIONS, traffic(rng, _RECORDS, _PARTITIONS, 6.0),
        [At(2.5, RESTART, workers - 1)], list(upon), limits, 4, 100_000, [0] * workers,
        " ".join(
            [f"--delivery {delivery} --workers {workers}"]
            + [f"--at {fault.what}:{fault.nth}:{fault.seconds:g}" for fault in upon]
        ),
    )  # fmt: skip


def every_step(
    deliveries: tuple[str, ...] = (plans.EXACTLY, plans.EFFECTIVELY),
    counts: tuple[int, ...] = (1, 2),
    scenario: Callable[..., Plan] = scenario,
) -> Report:
    """Run them all.

    Args:
        deliveries, counts: which, and with how many workers.
        scenario: what happens, by delivery, workers and faults.
    """
    report, began_s = Report(), time.monotonic()
    for delivery in deliveries:
        for workers in counts:
            peace = _run(report, scenario(delivery, workers))
            for step in STEPS:
                times = peace.faults.counts[step]
                report.reached[delivery, workers, step] += times
                for nth in range(1, times + 1):
                    _run(report, scenario(delivery, workers, Upon(step, nth, KILL)))
                    _run(report, scenario(delivery, workers, Upon(step, nth, STOP, 0.4)))
                    zombie = Upon(step, nth, STOP, 2 * plans.SESSION_S)
                    _run(report, scenario(delivery, workers, zombie))
    report.seconds = time.monotonic() - began_s
    return report


def _run(report: Report, plan: Plan) -> World:
    world = simulate(plan)
    report.runs += 1
    if world.violations:
        report.failed.append(failure(world))
    return world
