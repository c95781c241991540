"""What a plan of chapters comes to, before anything is played: does the hour hold what it must?"""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults import script as do
from tests.faults.catalogue import FAULTS, plan_of
from tests.faults.chapters import Chapter

#: What ``make faults-long`` must hold at least.
MUST = {
    "kills": 200,
    "clean restarts with something pending": 200,
    "scale events": 50,
    "broker faults": 30,
}


def planned(chapters: Iterable[Chapter]) -> Counter[str]:
    """Over all chapters; touchpoints are left out, they follow from how long it takes."""
    found: Counter[str] = Counter()
    for chapter in chapters:
        if chapter.fault in FAULTS:  # the others are not played from one script
            found += counted(plan_of(chapter).script, scaling=chapter.fault == "03-scale")
    return found


def counted(script: Sequence[do.Step], scaling: bool) -> Counter[str]:
    """What one script holds.

    Args:
        script: the steps.
        scaling: workers that start and end beside others are what it is about.
    """
    found: Counter[str] = Counter()
    up: set[int] = set()
    before: list[do.Step] = [do.Hush(), do.Hush()]
    for step in script:
        if isinstance(step, do.Start):
            found["kills"] += step.die_at.count(":") == 1
            found["scale events"] += scaling and bool(up)
            found["clean restarts with something pending"] += (
                isinstance(before[-1], do.Tell)
                and before[-1].wait
                and before[-1].records > 0
                and isinstance(before[-2], do.Term)
            )
            up.add(step.number)
        elif isinstance(step, do.Kill):
            found["kills"] += 1
            up.discard(step.number)
        elif isinstance(step, do.Term):
            up.discard(step.number)
            found["scale events"] += scaling and bool(up)
        elif isinstance(step, do.Broker):
            found["broker faults"] += step.what in ("freeze", "kill", "stop")
        before.append(step)
    return found
