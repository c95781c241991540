"""A cohort detector asked about periods written down by hand."""

from collections.abc import Sequence

from streams.cohorts.cell import Cell, Mark
from streams.cohorts.detector import Answer, CohortDetector, CohortFinding, Seen
from streams.cohorts.dimensions import dimensions_of
from streams.cohorts.rules import CohortRules

DAY_MS = 86_400_000


def cell(customers: int = 0, **counts: int) -> Cell:
    """Sums; a dot in a count's name is written as two underscores."""
    named = {name.replace("__", "."): count for name, count in counts.items()}
    return Cell(named, {number: f"c-{number}" for number in range(customers)})


def ask(
    detector: CohortDetector,
    *periods: Cell,
    cohort: str = "channel=phone",
    rhythm: Sequence[int] = (),
    marks: Sequence[Mark] = (),
    end_ms: int = 20_000 * DAY_MS + 3_600_000,
    open_reason: str | None = None,
) -> Answer:
    """What it answers; periods are given oldest first, earlier ones are empty."""
    newest_first = list(reversed(periods))

    def period(back: int) -> Cell:
        return newest_first[back] if back < len(newest_first) else Cell()

    seen = Seen(cohort, dimensions_of(cohort), CohortRules(), end_ms, period)
    seen.rhythm, seen.marks, seen.open_reason = rhythm, marks, open_reason
    return detector.judge(seen)


def reason(answer: Answer) -> str:
    """The reason found."""
    assert isinstance(answer, CohortFinding), answer
    return answer.reason
