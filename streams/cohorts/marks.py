"""What is known of an account or an agent one by one, and not as a sum."""

from collections.abc import Sequence

from streams.cohorts.cell import Mark
from streams.cohorts.desk import CrowdDesk
from streams.engine.units import DAY_MS

MARKS_MAX = 1_000
"""Remembered of one account or agent; the oldest are forgotten first."""
KEPT_MS = 40 * DAY_MS


def fold_marks(desk: CrowdDesk, cohort: str, marks: Sequence[Mark]) -> None:
    """Take marks in, in an order of their own: by event time, whoever told them first."""
    kept = desk.heads[cohort].marks
    for mark in sorted(marks, key=lambda m: (m.at_ms, m.customer, m.about, m.what)):
        name = f"{mark.customer}\x1f{mark.about}"
        if mark.what == "shut":
            kept.pop(name, None)
        elif mark.what == "open":
            before = kept.get(name)
            if before is not None and before.at_ms < mark.at_ms:
                mark.at_ms = before.at_ms
            kept[name] = mark
        else:
            kept[f"{name}\x1f{mark.what}"] = mark
    last_ms = max((mark.at_ms for mark in kept.values()), default=0)
    for name in [n for n, mark in kept.items() if mark.at_ms < last_ms - KEPT_MS]:
        del kept[name]
    while len(kept) > MARKS_MAX:
        del kept[min(kept, key=lambda name: (kept[name].at_ms, name))]
    desk.touch_head(cohort)
