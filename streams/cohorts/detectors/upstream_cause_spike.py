"""Is something upstream sending customers to us?

Fires when   contacts about one reason, product or stage in an hour (or a day) stand out from the
             same hour of the week in the weeks before: robust z of ``z`` or more, at least
             ``ratio`` times the usual, from ``customers_min`` customers or more.
Silent when  there are fewer than ``weeks_min`` weeks to compare with.
Forgets      nothing: it looks at eight weeks of hours.

Robust z is (x - median) / scale (Iglewicz and Hoaglin 1993), where the scale is 1.4826 times the
median absolute deviation, but never less than counts scatter by themselves, the square root of the
median. Contacts of an hour scatter enough for z = 3 to fire every day somewhere; hence 4, and twice
the usual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le

from streams.cohorts.cell import Cell, total
from streams.cohorts.detector import (
    HOUR,
    UNKNOWN,
    Answer,
    CohortDetector,
    CohortFinding,
    Seen,
    values_of,
)
from streams.engine.units import DAY_MS

_WEEK_HOURS, _DAY_HOURS = 168, 24


@dataclass(frozen=True)
class UpstreamCauseSpike(CohortDetector):
    """Thresholds: how far out, how many customers, how much history, and what is grave."""

    period: ClassVar = HOUR
    kinds: ClassVar = ("reason", "product", "stage")
    rhythm: ClassVar = "contacts"
    action: ClassVar = "Find and stop the cause upstream; tell those affected before they call"
    inhibits: ClassVar = True
    requirements: ClassVar = ("S1-01", "S2-13", "S4-24")

    z: Annotated[float, Gt(0)] = 4
    ratio: Annotated[float, Ge(1)] = 2
    customers_min: Annotated[int, Ge(1)] = 10
    weeks_min: Annotated[int, Ge(2), Le(7)] = 3
    contacts_grave: Annotated[int, Ge(1)] = 50
    contacts_critical: Annotated[int, Ge(1)] = 200

    def judge(self, seen: Seen) -> Answer:
        """An hour; at midnight the day as well."""
        rhythm = seen.rhythm
        cell = seen.period()
        hourly = self._spike("hour_spike", _usual(rhythm, 1), cell["contacts"], cell)
        if isinstance(hourly, CohortFinding):
            return hourly
        if seen.end_ms % DAY_MS == 0:
            day = total(seen.period(back) for back in range(_DAY_HOURS))
            return self._spike("day_spike", _usual(rhythm, _DAY_HOURS), day["contacts"], day)
        return UNKNOWN if seen.open_reason == "day_spike" else hourly

    def _spike(self, reason: str, usual: Sequence[int], count: int, cell: Cell) -> Answer:
        if len(usual) < self.weeks_min:
            return UNKNOWN
        middle = median(usual)
        spread = 1.4826 * median(abs(x - middle) for x in usual)
        z = (count - middle) / max(spread, sqrt(middle), 1.0)
        if z < self.z or count < self.ratio * middle or cell.distinct < self.customers_min:
            return None
        severity = 3 + (count >= self.contacts_grave) + (count >= self.contacts_critical)
        span = "this hour" if reason == "hour_spike" else "today"
        text = f"{count} contacts {span} where {middle:.0f} are usual, of {cell.distinct} customers"
        shown = values_of(contacts=count, usual=middle, z=z, customers=cell.distinct, n=count)
        return CohortFinding(severity, reason, text, z, self.z, [shown])


def _usual(rhythm: Sequence[int], hours: int) -> list[int]:
    """The same stretch of the week in each of the weeks before."""
    weeks = []
    end = len(rhythm) - _WEEK_HOURS
    while end - hours >= 0:
        weeks.append(sum(rhythm[end - hours : end]))
        end -= _WEEK_HOURS
    return weeks


DETECTOR = UpstreamCauseSpike()
