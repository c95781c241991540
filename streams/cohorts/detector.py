"""The shape of a question about a cohort.

A cohort detector is one file ``streams/cohorts/detectors/<kind>.py`` with one frozen dataclass,
whose fields are its thresholds, and one module-level ``DETECTOR`` of it; found by being there. It
is asked once for each cohort and period, when the period has closed (or ``ripe_d`` days later,
where it needs to know what became of it), and keeps nothing: what it wants to know of the past is
in the periods. So its answer cannot depend on how the records were cut or on who was asked before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from streams.cohorts.cell import Cell, Mark
from streams.cohorts.rules import CohortRules

HOUR, DAY, WEEK = "hour", "day", "week"


class Unknown:
    """The answer of a detector that has too little to go by: what is open stays open."""


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class CohortFinding:
    """A detector's claim about a cohort.

    Args:
        severity: 1 (info) to 5 (critical).
        reason: stable reason code; a change of it re-emits the alert.
        text: one sentence for a person, starting with the number that matters.
        number: the measured value that crossed.
        threshold: the value it crossed.
        periods: what it rests on, oldest first: values by name, with ``n``.
        cause: cause class where it differs from the detector's own.
        customers: members it is about, where that is not the sample of the last period.
    """

    severity: int
    reason: str
    text: str
    number: float
    threshold: float
    periods: Sequence[dict[str, float]] = ()
    cause: str | None = None
    customers: Sequence[str] | None = None


Answer = CohortFinding | Unknown | None


class Seen:
    """A cohort as a detector gets to see it.

    Attributes:
        cohort: its name.
        dimensions: what its members have in common.
        rules: standards and causes.
        end_ms: end of the period asked about, epoch milliseconds.
        marks: of an account, what is open in it; of an agent, its contacts.
        open_reason: reason of this detector's open episode about it; None if none is open.
        rhythm: counts of its hours, the last one the hour just closed.
    """

    __slots__ = (
        "_period", "cohort", "dimensions", "end_ms", "marks", "open_reason", "rhythm", "rules",
    )  # fmt: skip

    def __init__(
        self,
        cohort: str,
        dimensions: dict[str, str],
        rules: CohortRules,
        end_ms: int,
        period: Callable[[int], Cell],
    ) -> None:
        self.cohort, self.dimensions, self.rules, self.end_ms = cohort, dimensions, rules, end_ms
        self.marks: Sequence[Mark] = ()
        self.rhythm: Sequence[int] = ()
        self.open_reason: str | None = None
        self._period = period

    def period(self, back: int = 0) -> Cell:
        """The sums of the period asked about, or of the one so many before it."""
        return self._period(back)


@dataclass(frozen=True)
class CohortDetector:
    """Base of every cohort detector; see the module's text.

    Class attributes:
        period: ``HOUR``, ``DAY`` or ``WEEK`` (Monday to Sunday, UTC).
        ripe_d: asked so many days after the period closed: 0, 1, 7 or 30.
        kinds: which cohorts it is asked about: dimensions, pairs joined by ``+``, ``all``; empty:
            every cohort whose metrics are published.
        rhythm: the count whose hours it needs, of cohorts in ``kinds``.
        action: what the reader of an alert should do. Never empty.
        cause: cause class.
        requirements: ids of what asked for it.
        by_default: whether it is asked unless the policy says otherwise.
        inhibits: whether its alert is an incident that explains those of the cohort's members.
    """

    period: ClassVar[str] = DAY
    ripe_d: ClassVar[int] = 0
    kinds: ClassVar[tuple[str, ...]] = ()
    rhythm: ClassVar[str] = ""
    action: ClassVar[str] = ""
    cause: ClassVar[str] = "service_process"
    requirements: ClassVar[tuple[str, ...]] = ()
    by_default: ClassVar[bool] = True
    inhibits: ClassVar[bool] = False

    def judge(self, seen: Seen) -> Answer:
        """Answer for one cohort and period. None: it is not so."""
        raise NotImplementedError


class CohortQuestion:
    """A cohort detector and its name."""

    __slots__ = ("detector", "kind")

    def __init__(self, kind: str, detector: CohortDetector) -> None:
        self.kind, self.detector = kind, detector

    def asks(self, kind: str, published: bool) -> bool:
        """Whether it is asked about cohorts of that kind."""
        return kind in self.detector.kinds if self.detector.kinds else published


def values_of(**values: Any) -> dict[str, float]:
    """Values of a period as they are shown: those that there are, rounded."""
    return {name: round(float(v), 4) for name, v in values.items() if v is not None}
