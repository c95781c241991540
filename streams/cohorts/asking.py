"""Asking the cohort detectors about a period that has closed."""

from collections.abc import Iterable

from streams.cohorts import judgement
from streams.cohorts.cell import Cell, total
from streams.cohorts.desk import CrowdDesk
from streams.cohorts.detector import HOUR as HOURLY
from streams.cohorts.detector import WEEK as WEEKLY
from streams.cohorts.detector import CohortQuestion, Seen, Unknown
from streams.cohorts.dimensions import dimensions_of, is_published, kind_of
from streams.cohorts.incidents import KINDS
from streams.cohorts.portion import DAY, HOUR
from streams.cohorts.rules import CohortRules
from streams.cohorts.taking import rhythm_until
from streams.engine.outcome import Outcome
from streams.engine.record import Send
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS, HOUR_MS
from streams.wire import internal


class Everybody:
    """Every partition of the touchpoints topic.

    Args:
        topic: its full name.
        partitions: how many there are.
    """

    def __init__(self, topic: str, partitions: int) -> None:
        self._topic, self._partitions = topic, partitions

    def told(self, cohort: str, alert_id: str, at_ms: int, over: bool) -> list[Send]:
        """Records that say that a cohort has an incident, or has it no more."""
        made = internal.Incident(
            customer_id=cohort,
            event_id=f"{alert_id}-{at_ms}",
            occurred_at=at_ms,
            alert_id=alert_id,
            over=over,
        )
        send = internal.send(made, self._topic, at_ms)
        return [send._replace(partition=number) for number in range(self._partitions)]


class Asking:
    """The questions, by period and ripeness.

    Args:
        rules: the policy's judgement calls.
        chosen: those about cohorts.
        questions: the cohort detectors.
        everybody: the partitions to be told of incidents.
    """

    def __init__(
        self,
        rules: Rules,
        chosen: CohortRules,
        questions: Iterable[CohortQuestion],
        everybody: Everybody,
    ) -> None:
        self._rules, self._chosen, self._everybody = rules, chosen, everybody
        self._asked: dict[tuple[str, int], list[CohortQuestion]] = {}
        for question in sorted(questions, key=lambda question: question.kind):
            when = (question.detector.period, question.detector.ripe_d)
            self._asked.setdefault(when, []).append(question)

    @property
    def rhythms(self) -> dict[str, str]:
        """By kind of cohort, the count whose hours some detector needs."""
        return {
            kind: question.detector.rhythm
            for asked in self._asked.values()
            for question in asked
            if question.detector.rhythm
            for kind in question.detector.kinds
        }

    def hour(self, desk: CrowdDesk, hour: int, changed: set[str], outcome: Outcome) -> None:
        """An hour has closed.

        Asked is about cohorts of which something was heard, those with an open episode, and
        sources, of which silence is told too.
        """
        for question in self._asked.get((HOURLY, 0), ()):
            cohorts = changed | set(desk.opened.get(question.kind, ()))
            cohorts |= set(desk.by_kind.get("source", ()))
            for cohort in sorted(cohorts):
                if question.asks(kind_of(cohort), is_published(cohort)):
                    self._ask(desk, cohort, question, HOURLY, hour, outcome)

    def days(self, desk: CrowdDesk, period: str, ripe_d: int, day: int, outcome: Outcome) -> None:
        """A day, or the week that ends with it, closed so many days ago."""
        for question in self._asked.get((period, ripe_d), ()):
            for cohort in sorted(desk.heads):
                if question.asks(kind_of(cohort), is_published(cohort)):
                    self._ask(desk, cohort, question, period, day, outcome)

    def _ask(
        self,
        desk: CrowdDesk,
        cohort: str,
        question: CohortQuestion,
        period: str,
        at: int,
        outcome: Outcome,
    ) -> None:
        head = desk.heads[cohort]
        seen = self._seen(desk, cohort, period, at)
        episode = head.episodes.get(question.kind)
        if episode is not None and not episode.resolved_ms:
            seen.open_reason = episode.reason
        answer = question.detector.judge(seen)
        if isinstance(answer, Unknown):
            return
        if answer is None:
            send = judgement.cleared(head, question, seen, self._rules)
        else:
            send = judgement.found(head, question, seen, answer, self._rules)
        if send is not None:
            desk.touch_head(cohort)
            if answer is None:
                desk.opened[question.kind].pop(cohort, None)
            else:
                desk.opened.setdefault(question.kind, {})[cohort] = None
            outcome.sends.append(send)
            if question.detector.inhibits and kind_of(cohort) in KINDS:
                episode = head.episodes[question.kind]
                outcome.sends += self._everybody.told(
                    cohort, episode.alert_id, seen.end_ms, over=answer is None
                )
            action = "resolve" if answer is None else "trigger"
            outcome.count("alert." + action)
            outcome.count(f"kind.{question.kind}.{action}")

    def _seen(self, desk: CrowdDesk, cohort: str, period: str, at: int) -> Seen:
        def cell_of(back: int) -> Cell:
            if period == WEEKLY:
                end = at - 7 * back
                days = (desk.sums(DAY, day, cohort) for day in range(end - 6, end + 1))
                return total(cell for cell in days if cell is not None)
            return desk.sums(HOUR if period == HOURLY else DAY, at - back, cohort) or Cell()

        end_ms = (at + 1) * (HOUR_MS if period == HOURLY else DAY_MS)
        seen = Seen(cohort, dimensions_of(cohort), self._chosen, end_ms, cell_of)
        seen.marks = list(desk.heads[cohort].marks.values())
        if period == HOURLY:
            seen.rhythm = rhythm_until(desk, cohort, at)
        return seen
