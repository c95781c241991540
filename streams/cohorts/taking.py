"""Taking in at a tick what was heard before it."""

from collections.abc import Mapping

from streams.cohorts.cell import Cell
from streams.cohorts.desk import LATE, CrowdDesk, Where
from streams.cohorts.dimensions import is_published, kind_of
from streams.cohorts.fanning import Fan
from streams.cohorts.marks import fold_marks
from streams.cohorts.portion import DAY, HOUR

RHYTHM_HOURS = 8 * 168
"""Hours of a cohort's own rhythm that are kept: eight weeks."""


class Changed:
    """Windows that a tick changed.

    Attributes:
        hours: hours, oldest first.
        during: days to which something of their hours was added.
        after: days of which more is known by now.
    """

    def __init__(self) -> None:
        self.hours: dict[Where, None] = {}
        self.during: dict[Where, None] = {}
        self.after: dict[Where, None] = {}

    @property
    def cohorts(self) -> set[str]:
        """Whose hours changed."""
        return {cohort for _, _, cohort in self.hours}


def take_in(desk: CrowdDesk, tick: int, fan: Fan, rhythms: Mapping[str, str]) -> Changed:
    """Merge what was heard before an hour into the windows it belongs to.

    Args:
        desk: of the second stage.
        tick: the hour.
        fan: which cohorts a place belongs to.
        rhythms: by kind of cohort, the count whose hours are kept.
    """
    changed = Changed()
    parts: dict[Where, list[Cell]] = {}
    for heard in desk.arrivals.hours(tick):
        for where, cell in fan.out(desk, heard, tick).items():
            parts.setdefault(where, []).append(cell)
    for where in sorted(parts):
        for cell in parts[where]:
            _merge(desk, where, cell, rhythms, changed)
        desk.touch(where)
    return changed


def _merge(
    desk: CrowdDesk, where: Where, cell: Cell, rhythms: Mapping[str, str], changed: Changed
) -> None:
    kind, at, cohort = where
    if cell.marks:
        fold_marks(desk, cohort, cell.marks)
        cell.marks = []
    desk.window(where).sums.merge(cell)
    if kind == DAY:
        (changed.during if cell[LATE] else changed.after)[where] = None
        return
    changed.hours[where] = None
    code = rhythms.get(kind_of(cohort))
    if code is not None and cell[code]:
        _keep_rhythm(desk, cohort, at, cell[code])
    if is_published(cohort):
        day = (DAY, at // 24, cohort)
        desk.window(day).sums.merge(cell)
        desk.touch(day)
        changed.during[day] = None


def _keep_rhythm(desk: CrowdDesk, cohort: str, hour: int, count: int) -> None:
    head = desk.heads[cohort]
    rhythm = head.rhythm
    if not rhythm or hour - head.rhythm_hour > RHYTHM_HOURS:
        head.rhythm = rhythm = [0]
        head.rhythm_hour = hour
    if hour > head.rhythm_hour:
        rhythm.extend([0] * (hour - head.rhythm_hour))
        del rhythm[:-RHYTHM_HOURS]
        head.rhythm_hour = hour
    index = len(rhythm) - 1 - (head.rhythm_hour - hour)
    if index >= 0:
        rhythm[index] += count
    elif len(rhythm) - index <= RHYTHM_HOURS and index > -168:
        rhythm[:0] = [count, *[0] * (-index - 1)]
    desk.touch_head(cohort)


def rhythm_until(desk: CrowdDesk, cohort: str, hour: int) -> list[int]:
    """Counts of a cohort's hours, the last one for that hour."""
    head = desk.heads[cohort]
    if not head.rhythm:
        return []
    ahead = hour - head.rhythm_hour
    return head.rhythm + [0] * ahead if ahead >= 0 else head.rhythm[:ahead]


__all__ = ["HOUR", "Changed", "rhythm_until", "take_in"]
