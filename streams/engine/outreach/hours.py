"""Quiet hours on the customer's own clock.

A quiet interval may run over midnight. Which instant a wall-clock time is, also on a day when the
clocks change, is ``streams.engine.calendars``' business.
"""

from streams.engine.calendars import CLOSED, WHOLE_DAY, Calendar, Intervals
from streams.engine.outreach_rules import Offsets, OutreachRules

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_MIN = 1_440


class Hours:
    """Quiet hours in one zone.

    Args:
        rules: from when to when, and which days.
        offsets: of the zone.
    """

    def __init__(self, rules: OutreachRules, offsets: Offsets) -> None:
        quiet = _quiet(minute(rules.quiet_from), minute(rules.quiet_to))
        days = [WHOLE_DAY if day in rules.quiet_days else quiet for day in WEEKDAYS]
        self._quiet = Calendar("quiet", tuple(days), offsets=offsets)
        self._contact = Calendar("contact", tuple(map(_others, days)), offsets=offsets)
        self._any_quiet = any(days)

    def until_ms(self, at_ms: int) -> int:
        """When quiet hours that are on at that instant end; 0 when they are not on."""
        if not self._any_quiet:
            return 0
        allowed_ms = self._contact.add(at_ms, 1) - 1
        return allowed_ms if allowed_ms > at_ms else 0

    def next_ms(self, at_ms: int) -> tuple[int, int]:
        """When quiet hours begin next, and when they end; (0, 0) where there are none."""
        if not self._any_quiet:
            return 0, 0
        from_ms = self._quiet.add(at_ms, 1) - 1
        return from_ms, self._contact.add(from_ms, 1) - 1


def minute(clock: str) -> int:
    """Minute of the day of a wall-clock time, ``"20:00"``; ``"24:00"`` is 1440."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _quiet(from_min: int, to_min: int) -> Intervals:
    if from_min <= to_min:
        return _filled((from_min, to_min))
    return _filled((0, to_min), (from_min, _DAY_MIN))


def _others(quiet: Intervals) -> Intervals:
    """The rest of the day."""
    if quiet == CLOSED:
        return WHOLE_DAY
    edges = [0, *(edge for interval in quiet for edge in interval), _DAY_MIN]
    return _filled(*zip(edges[::2], edges[1::2], strict=True))


def _filled(*intervals: tuple[int, int]) -> Intervals:
    return tuple(interval for interval in intervals if interval[0] < interval[1])
