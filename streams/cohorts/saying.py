"""Saying what was measured: the records of a window that has closed, or has changed since."""

from collections.abc import Iterable

from streams.cohorts import agents, insights, measures
from streams.cohorts.cell import Cell, total
from streams.cohorts.desk import CrowdDesk, Where
from streams.cohorts.dimensions import kind_of
from streams.cohorts.portion import DAY
from streams.cohorts.rules import CohortRules
from streams.engine.outcome import Outcome
from streams.engine.record import Send
from streams.engine.units import DAY_MS, HOUR_MS

ROLLED_D = (7, 30)
_SPAN_MS = (HOUR_MS, DAY_MS)
_DURING = (("service", "during"), ("experience", "during"))
_AFTER = (("service", "after"),)


class Saying:
    """Publishes windows of one tick.

    Args:
        desk: of the second stage.
        tick: the hour every partition has reached.
        rules: standards.
        policy: label of the policy in force.
        outcome: where records go.
    """

    def __init__(
        self, desk: CrowdDesk, tick: int, rules: CohortRules, policy: str, outcome: Outcome
    ) -> None:
        self._desk, self._at_ms = desk, tick * HOUR_MS
        self._rules, self._policy, self._outcome = rules, policy, outcome

    def window(self, where: Where) -> None:
        """An hour or a day, for the first time or amended."""
        kind, at, cohort = where
        window = self._desk.window(where)
        window.said += 1
        self._desk.touch(where)
        self._outcome.count("windows_amended" if window.said > 1 else "windows_closed")
        span_ms = (at * _SPAN_MS[kind], (at + 1) * _SPAN_MS[kind])
        self._records(cohort, span_ms, _DURING, window.sums, window.said)
        if kind == DAY and kind_of(cohort) == insights.KIND:
            self._learned(
                insights.insight(
                    cohort, at, window.sums, window.said, self._at_ms, self._rules, self._policy
                )
            )

    def agents(self, day: int) -> None:
        """What became of the contacts that agents ended on a day, once it is known; then it is
        forgotten."""
        for cohort in sorted(self._desk.by_kind.get(agents.KIND, ())):
            head = self._desk.heads[cohort]
            self._learned(agents.feedback(cohort, day, head, self._at_ms, self._policy))
            if agents.told(head, day):
                self._desk.touch_head(cohort)

    def _learned(self, send: Send | None) -> None:
        if send is not None:
            self._outcome.sends.append(send)
            self._outcome.count(send.topic.partition(".")[0])

    def after(self, day: int, cohort: str) -> None:
        """What has become of a day's contacts and attempts by now."""
        where = (DAY, day, cohort)
        window = self._desk.window(where)
        window.said_after += 1
        self._desk.touch(where)
        span_ms = (day * DAY_MS, (day + 1) * DAY_MS)
        self._records(cohort, span_ms, _AFTER, window.sums, window.said_after)

    def rolled(self, day: int, cohort: str, length: int, amended: bool = False) -> None:
        """So many days that end with this one, as one window."""
        days = (self._desk.sums(DAY, at, cohort) for at in range(day - length + 1, day + 1))
        cells = [cell for cell in days if cell is not None and cell.counts]
        if not cells:
            return
        revision = 1
        if amended:
            window = self._desk.window((DAY, day, cohort))
            window.rolled = window.rolled or [0] * len(ROLLED_D)
            window.rolled[ROLLED_D.index(length)] += 1
            revision += window.rolled[ROLLED_D.index(length)]
            self._desk.touch((DAY, day, cohort))
        span_ms = ((day - length + 1) * DAY_MS, (day + 1) * DAY_MS)
        self._records(cohort, span_ms, _DURING, total(cells), revision)

    def _records(
        self,
        cohort: str,
        span_ms: tuple[int, int],
        families: Iterable[tuple[str, str]],
        cell: Cell,
        revision: int,
    ) -> None:
        for family in families:
            value = measures.record(
                cohort, span_ms, family, cell, revision, self._at_ms, self._rules, self._policy
            )
            if value is not None:
                send = Send(measures.TOPIC, cohort.encode(), value, (), self._at_ms)
                self._outcome.sends.append(send)
                self._outcome.count("metrics")
