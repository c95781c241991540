"""A run as a story a person can read: who, when in virtual milliseconds, what."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.world import World

_HERE = Path(__file__).parent


def command(world: "World") -> str:
    """What replays it."""
    plan = world.plan
    return "python -m tests.simulation " + (plan.again or f"{plan.seed} --delivery {plan.delivery}")


def version() -> str:
    """The git hash of the sources, with a plus when they were changed since."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(_HERE), *words], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = "+" if git("status", "--porcelain", "--", "../../streams", "..") else ""
    return (git("rev-parse", "--short", "HEAD") or "no git") + changed


def failure(world: "World") -> str:
    """What is wrong with a run, and how to see it again."""
    lines = [f"seed {world.plan.seed}, {world.plan.delivery}, sources {version()}"]
    lines += [f"  fault: {fault}" for fault in (*world.plan.at, *world.plan.upon)]
    lines += [f"  {found.oracle}: {found.text}" for found in world.violations[:6]]
    if len(world.violations) > 6:
        lines.append(f"  and {len(world.violations) - 6} more")
    return "\n".join([*lines, f"  replay: {command(world)}"])


def told(world: "World") -> str:
    """The whole story, the oracles' verdict at its end."""
    plan = world.plan
    faults = [str(fault) for fault in (*plan.at, *plan.upon)]
    lines = [
        f"seed {plan.seed}, {plan.delivery}, sources {version()}",
        (
            f"{plan.workers} workers, {plan.partitions} partitions, {len(plan.sent)} records, batches "
            f"of {plan.limits.batch_records}, clocks wrong by {plan.skew_ms} ms"
        ),
        "faults: " + ("; ".join(faults) or "none"),
        "",
    ]
    lines += [f"{line.at_ms:>9.1f}  {line.who:<6} {line.text}" for line in world.story]
    lines.append("")
    lines += [f"{found.oracle}: {found.text}" for found in world.violations]
    lines.append(f"verdict: {'FAILED' if world.violations else 'nothing to object to'}")
    return "\n".join(lines)
