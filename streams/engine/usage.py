"""How much the customer uses the product, against their own four weeks before.

Summaries come by the day or by the week; they are added up in weeks of seven days by their
beginning, so that one quiet Sunday is no fall. Amounts are the sum of the key actions where told,
else the active users. Nothing is concluded from summaries that do not come: a producer that falls
silent is no customer who does.
"""

from typing import Any

from msgspec import Struct

from streams.engine.units import DAY_MS

WEEKS_MAX = 5
"""The week in question and the four (28 days) it is compared with."""
WEEK_MS = 7 * DAY_MS
COVERED_MIN_S = 302_400
"""Half a week: less than that told of a week is no word about it."""


class Week(Struct, array_like=True, gc=False):
    """What was told of one week: its number since 1970, how much, of how many seconds."""

    number: int
    amount: int = 0
    covered_s: int = 0

    def joined(self, other: "Week") -> "Week":
        """The same week of one customer who was known as two."""
        return Week(self.number, self.amount + other.amount, self.covered_s + other.covered_s)


def fold(weeks: list[Week], touchpoint: Any) -> None:
    """Add one ``product.usage_summary`` to the weeks remembered, oldest first."""
    seconds = int(touchpoint.period_s)
    if not seconds:
        return
    number = touchpoint.period_start // WEEK_MS
    known = weeks and weeks[-1].number == number  # nearly always
    week = weeks[-1] if known else _week(weeks, number)
    actions = touchpoint.key_actions
    week.amount += sum(actions.values()) if actions else touchpoint.active_users or 0
    week.covered_s += seconds


def _week(weeks: list[Week], number: int) -> Week:
    for one in weeks:
        if one.number == number:
            return one
    week = Week(number)
    weeks.append(week)
    weeks.sort(key=lambda one: one.number)
    del weeks[:-WEEKS_MAX]
    return week


def fallen(weeks: list[Week], since_ms: int = 0) -> float | None:
    """By what share (0 to 1) use has fallen: the last week told of against the 28 days before.

    Args:
        weeks: as kept by ``fold``.
        since_ms: only a week that began at or after this instant counts as the last.

    Returns:
        None if either side is not known; negative if use has grown.
    """
    known = [one for one in weeks if one.covered_s >= COVERED_MIN_S]
    if not known or known[-1].number * WEEK_MS + WEEK_MS <= since_ms:
        return None
    last = known[-1]
    before = [one for one in known[:-1] if one.number >= last.number - 4]
    amount, covered_s = sum(one.amount for one in before), sum(one.covered_s for one in before)
    if not amount:
        return None
    return 1.0 - (last.amount / last.covered_s) / (amount / covered_s)
