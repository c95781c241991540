"""How things stood, week by week: the index and the four scores at the turn of each week.

So that an outcome (renewed, churned ...) can be told with how the customer fared 7, 30 and 90 days
before (S0-25, S1-28): five bytes a week, ``WEEKS_MAX`` weeks, 80 bytes a journey. A week turns on
Thursday 00:00 UTC, as 1970 began. It is written when the first touchpoint after it is heard, as of
the turn itself and before that touchpoint is taken in: between touchpoints effort only decays.
"""

from typing import NamedTuple

from streams.engine import effort
from streams.engine.journey import Journey
from streams.engine.long_run import ENTRY, UNKNOWN, WEEKS_MAX, Diary
from streams.engine.rules import Rules
from streams.engine.scores import Scores, scores
from streams.engine.units import DAY_MS

WEEK_MS = 7 * DAY_MS
COUNTED_MAX = 104
"""Weeks of silence whose index is summed one by one; before that it has long decayed to nothing."""


class Standing(NamedTuple):
    """How a customer stood.

    Args:
        at_ms: when, epoch milliseconds.
        jei: the index, 0 to 100.
        scores: the four, 0 to 100.
    """

    at_ms: int
    jei: int
    scores: Scores


def turn(journey: Journey, now_ms: int, rules: Rules) -> None:
    """Write the weeks that have turned since the last one written; nothing if none has.

    Args:
        journey: changed in place; as it was before what happens now.
        now_ms: the customer's latest event time, that of what happens now included.
        rules: the policy's.
    """
    diary, week = journey.diary, now_ms // WEEK_MS
    if week <= diary.week:
        return
    if not diary.week:  # nothing was known of the customer before
        diary.week = week
        return
    diary.n, diary.total = summed(journey, now_ms, rules)
    first = max(diary.week + 1, week - WEEKS_MAX + 1)
    new = b"".join(_entry(journey, turned * WEEK_MS, rules) for turned in range(first, week + 1))
    diary.entries = (diary.entries + new)[-WEEKS_MAX * ENTRY :]
    diary.week = week


def summed(journey: Journey, now_ms: int, rules: Rules) -> tuple[int, int]:
    """How many weeks have turned by now since the customer was first heard of, and their indices'
    sum; nothing is written."""
    diary, week = journey.diary, now_ms // WEEK_MS
    n, total = diary.n, diary.total
    if not diary.week or week <= diary.week:
        return n, total
    n += week - diary.week
    for turned in range(diary.week + 1, min(week, diary.week + COUNTED_MAX) + 1):
        total += _jei(journey, turned * WEEK_MS, rules)
    return n, total


def before(diary: Diary, at_ms: int) -> Standing | None:
    """How the customer stood at the last turn of a week at or before an instant; None if unknown.

    Args:
        diary: the customer's.
        at_ms: epoch milliseconds.
    """
    week = at_ms // WEEK_MS
    start = len(diary.entries) - (diary.week - week + 1) * ENTRY
    if week > diary.week or start < 0:
        return None
    jei, *four = diary.entries[start : start + ENTRY]
    if jei == UNKNOWN:
        return None
    return Standing(
        week * WEEK_MS, jei, Scores(*(None if one == UNKNOWN else float(one) for one in four))
    )


def _jei(journey: Journey, at_ms: int, rules: Rules) -> int:
    return round(effort.index(effort.effort_at(journey.effort, at_ms), rules.effort))


def _entry(journey: Journey, at_ms: int, rules: Rules) -> bytes:
    four = scores(journey, at_ms, rules)
    jei = _jei(journey, at_ms, rules)
    return bytes([jei, *(UNKNOWN if one is None else round(one) for one in four)])
