"""Time in the second stage: what happens when every partition has passed another hour.

At each tick, an hour ``T``: what was heard before ``T`` is taken in; the hour before it closes; at
midnight the day does, and what only shows later is said of the days 1, 7 and 30 days back. A window
that changes after it was said is said again with the next revision. Order: windows by age, cohorts
by name; so what comes out depends on what was heard and on nothing else.
"""

from collections.abc import Iterable

from streams.cohorts import agents
from streams.cohorts.asking import Asking, Everybody
from streams.cohorts.desk import CrowdDesk
from streams.cohorts.detector import DAY as DAILY
from streams.cohorts.detector import WEEK as WEEKLY
from streams.cohorts.detector import CohortQuestion
from streams.cohorts.dimensions import is_published
from streams.cohorts.fanning import Fan
from streams.cohorts.marks import KEPT_MS
from streams.cohorts.portion import DAY, HOUR
from streams.cohorts.rules import CohortRules
from streams.cohorts.saying import ROLLED_D, Saying
from streams.cohorts.state import Head
from streams.cohorts.taking import RHYTHM_HOURS, Changed, take_in
from streams.engine.outcome import Outcome
from streams.engine.rules import Rules
from streams.engine.units import HOUR_MS

RIPE_D = (1, 7, 30)
"""Days after which it is said again what became of a day's contacts."""


def week_ends(day: int) -> bool:
    """Whether an epoch day is a Sunday (the first one was a Thursday)."""
    return day % 7 == 3


class Ticks:
    """The work of a tick.

    Args:
        rules: the policy's judgement calls.
        chosen: those about cohorts.
        questions: the cohort detectors.
        fan: which cohorts a place belongs to.
        everybody: the partitions to be told of incidents.
    """

    def __init__(
        self,
        rules: Rules,
        chosen: CohortRules,
        questions: Iterable[CohortQuestion],
        fan: Fan,
        everybody: Everybody,
    ) -> None:
        self.rules, self.chosen, self._fan = rules, chosen, fan
        self._asking = Asking(rules, chosen, questions, everybody)
        self._rhythms = self._asking.rhythms

    def advance(self, desk: CrowdDesk, outcome: Outcome) -> None:
        """Every tick that is now due, one after the other."""
        until = desk.watermark_ms // HOUR_MS
        while (tick := self._next(desk, until)) is not None:
            desk.tick = tick
            self._tick(desk, tick, outcome)
        desk.tick = max(desk.tick, until)

    def _next(self, desk: CrowdDesk, until: int) -> int | None:
        """The next hour; the first one is that after the first of which anything was heard."""
        if desk.tick >= until:
            return None
        if desk.tick:
            return desk.tick + 1
        return min((heard + 1 for heard in desk.arrivals.hours(until)), default=None)

    def _tick(self, desk: CrowdDesk, tick: int, outcome: Outcome) -> None:
        say = Saying(desk, tick, self.chosen, self.rules.label, outcome)
        changed = take_in(desk, tick, self._fan, self._rhythms)
        self._hours(desk, tick, changed, say)
        self._asking.hour(desk, tick - 1, changed.cohorts, outcome)
        if tick % 24 == 0:
            self._midnight(desk, tick // 24 - 1, changed, say, outcome)
        self._amend_days(tick // 24 - 1, changed, say)
        desk.forget(HOUR, tick - self.chosen.hours_kept)

    def _hours(self, desk: CrowdDesk, tick: int, changed: Changed, say: Saying) -> None:
        closing = {(HOUR, tick - 1, cohort) for cohort in desk.filled(HOUR, tick - 1)}
        late = {where for where in changed.hours if where[1] < tick - 1}
        for where in sorted(closing | late):
            if is_published(where[2]):
                say.window(where)
            else:
                desk.drop(where)

    def _midnight(
        self, desk: CrowdDesk, day: int, changed: Changed, say: Saying, outcome: Outcome
    ) -> None:
        for cohort in sorted(desk.filled(DAY, day)):
            say.window((DAY, day, cohort))
            changed.during.pop((DAY, day, cohort), None)
        for cohort in sorted(desk.heads):
            if is_published(cohort):
                for length in ROLLED_D:
                    say.rolled(day, cohort, length)
        for ripe_d in (0, *RIPE_D):
            ripe = day - ripe_d
            if ripe_d:
                for cohort in sorted(desk.filled(DAY, ripe)):
                    say.after(ripe, cohort)
            self._asking.days(desk, DAILY, ripe_d, ripe, outcome)
            if week_ends(ripe):
                self._asking.days(desk, WEEKLY, ripe_d, ripe, outcome)
        say.agents(day - agents.RIPE_D)
        desk.forget(DAY, day + 1 - self.chosen.days_kept)
        desk.forget_heads(lambda head: _is_idle(head, (day + 1) * 24))

    def _amend_days(self, last: int, changed: Changed, say: Saying) -> None:
        """Days that were said and have changed are said again, and what was rolled from them."""
        for where in sorted(where for where in changed.during if where[1] <= last):
            _, day, cohort = where
            say.window(where)
            for length in ROLLED_D:
                for end in range(day, min(day + length - 1, last) + 1):
                    say.rolled(end, cohort, length, amended=True)
        for _, day, cohort in sorted(changed.after):
            if last - day > RIPE_D[-1]:
                say.after(day, cohort)


def _is_idle(head: Head, hour: int) -> bool:
    head.marks = {
        name: mark for name, mark in head.marks.items() if mark.at_ms > hour * HOUR_MS - KEPT_MS
    }
    opened = any(not episode.resolved_ms for episode in head.episodes.values())
    return not (opened or head.marks or head.rhythm_hour > hour - RHYTHM_HOURS)
