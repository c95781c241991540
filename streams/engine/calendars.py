"""Business time: how long somebody was there, and when so much of it will have passed.

Rules of this file. A calendar is plain values: opening hours of the seven local weekdays, holidays,
and the UTC offsets of its zone as steps (``streams.policy`` reads the zone; nothing is read here).
An opening or closing time is the first instant at which the local clock shows that time or later:
so a time that a change of clocks leaves out is the change itself, and one that comes twice is the
first. Intervals are half-open and follow each other, hence ``add`` is additive and monotone, and a
day that is open throughout has as many hours as the day really had.

What would break it: intervals of one day that overlap or are out of order (``streams.policy``
refuses them).
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from streams.engine.units import DAY_MS, HOUR_MS, MINUTE_MS

Intervals = tuple[tuple[int, int], ...]
"""Opening and closing minute of the local day, 0 to 1440, ascending, not overlapping."""

CLOSED: Intervals = ()
WHOLE_DAY: Intervals = ((0, 1440),)
LOOK_AHEAD_D = 3_660
"""Days searched for open time before a calendar is called never open (ten years)."""

_MAX_OFFSET_MS = 26 * HOUR_MS
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0
_BEGINNING_MS = -(10**15)


class NeverOpen(ValueError):
    """A calendar has no open time within the look-ahead: its name and where the search began."""


@dataclass(frozen=True)
class Calendar:
    """When a team is there.

    Args:
        name: as in the policy.
        week: intervals of Monday to Sunday.
        holidays: closed local days, in days since 1970-01-01.
        zone: IANA name, for showing; what counts are the offsets.
        offsets: (from this UTC ms on, local minus UTC in ms), ascending; the first holds before it
            and the last for ever.
    """

    name: str
    week: tuple[Intervals, ...]
    holidays: frozenset[int] = frozenset()
    zone: str = "UTC"
    offsets: tuple[tuple[int, int], ...] = ((_BEGINNING_MS, 0),)

    @cached_property
    def is_always_open(self) -> bool:
        """Whether business time is simply time."""
        return not self.holidays and all(day == WHOLE_DAY for day in self.week)

    @cached_property
    def day_ms(self) -> int:
        """What one business day is worth: the mean open time of the weekdays with any."""
        days = [sum(close - open_ for open_, close in day) for day in self.week if day]
        return round(sum(days) * MINUTE_MS / len(days)) if days else 0

    def add(self, start_ms: int, duration_ms: int) -> int:
        """The first instant by which the calendar was open for ``duration_ms`` since ``start_ms``.

        Args:
            start_ms: epoch milliseconds; may lie outside opening hours.
            duration_ms: business time in milliseconds; 0 or less gives ``start_ms``.

        Raises:
            NeverOpen: not enough open time within ``LOOK_AHEAD_D`` days.
        """
        if duration_ms <= 0:
            return start_ms
        if self.is_always_open:
            return start_ms + duration_ms
        left_ms = duration_ms
        today = (start_ms + self._offset(start_ms)) // DAY_MS
        for day in range(today - 1, today + LOOK_AHEAD_D):
            for open_ms, close_ms in self._openings(day):
                if close_ms <= start_ms:
                    continue
                from_ms = max(open_ms, start_ms)
                if close_ms - from_ms >= left_ms:
                    return from_ms + left_ms
                left_ms -= close_ms - from_ms
        raise NeverOpen(
            f"calendar {self.name!r} is not open for {duration_ms} ms in the {LOOK_AHEAD_D} days "
            f"after {start_ms}; give it opening hours in [calendars.{self.name}]"
        )

    def add_days(self, start_ms: int, days: float) -> int:
        """The instant so many business days later (see ``day_ms``): Monday 10:00 plus 2 is
        Wednesday 10:00 where every weekday has the same hours.
        """
        return self.add(start_ms, round(days * self.day_ms))

    def add_hours(self, start_ms: int, hours: float) -> int:
        """The instant so many open hours later."""
        return self.add(start_ms, round(hours * HOUR_MS))

    def _openings(self, day: int) -> list[tuple[int, int]]:
        """When it is open that local day, in UTC; most are asked for again and again."""
        openings = self._known.get(day)
        if openings is None:
            if len(self._known) > LOOK_AHEAD_D:
                self._known.clear()
            openings = self._known[day] = self._opened(day)
        return openings

    @cached_property
    def _known(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    def _opened(self, day: int) -> list[tuple[int, int]]:
        if day in self.holidays:
            return []
        midnight_ms = day * DAY_MS
        return [
            (
                self._instant(midnight_ms + open_ * MINUTE_MS),
                self._instant(midnight_ms + close * MINUTE_MS),
            )
            for open_, close in self.week[(day + _EPOCH_WEEKDAY) % 7]
        ]

    def _instant(self, local_ms: int) -> int:
        """First UTC instant at which the local clock shows ``local_ms`` or later."""
        offsets = self.offsets
        if len(offsets) == 1:
            return local_ms - offsets[0][1]
        i = self._step(local_ms - _MAX_OFFSET_MS)
        while True:
            from_ms, offset_ms = offsets[i]
            at_ms = max(from_ms, local_ms - offset_ms) if i else local_ms - offset_ms
            i += 1
            if i == len(offsets) or at_ms < offsets[i][0]:
                return at_ms

    def _offset(self, at_ms: int) -> int:
        return self.offsets[self._step(at_ms)][1]

    def _step(self, at_ms: int) -> int:
        return max(0, bisect_right(self.offsets, (at_ms, _MAX_OFFSET_MS)) - 1)


ALWAYS = Calendar("24x7", (WHOLE_DAY,) * 7)
WEEKDAYS = Calendar("weekdays", (WHOLE_DAY,) * 5 + (CLOSED,) * 2)

BUILT_IN: Mapping[str, Calendar] = {ALWAYS.name: ALWAYS, WEEKDAYS.name: WEEKDAYS}
"""``24x7``: the customer's clock. ``weekdays``: Monday to Friday, whole days in UTC."""
