"""Opening hours as a policy writes them, read into the engine's calendars.

    [calendars.support]
    zone = "Europe/Berlin"
    monday = ["09:00-12:30", "13:30-17:00"]     # and so on; a day left out is closed
    holidays = ["2026-12-25"]

The engine knows no zones, only UTC offsets as steps: they are looked up here, once, in the time
zone data that is locked with the other dependencies and never in the machine's own, so that the
same policy means the same due times everywhere.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from streams.engine.calendars import BUILT_IN, Calendar, Intervals

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONE_FROM, ZONE_TO = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Years whose changes of clocks are known; outside them the nearest offset holds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INTERVAL = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", re.ASCII)


class Unfit(ValueError):
    """Opening hours that cannot be used: what is wrong, at which key, and what to write."""


def read(table: Any) -> dict[str, Calendar]:
    """The built-in calendars and those of the policy's ``[calendars]`` table, by name.

    Raises:
        Unfit: a key or value cannot be used; the text names it.
    """
    if not isinstance(table, dict):
        raise Unfit("calendars: must be tables, [calendars.NAME]")
    for name in table:
        if name in BUILT_IN:
            raise Unfit(f"calendars.{name}: is built in; choose another name")
    return {**BUILT_IN, **{name: _calendar(name, one) for name, one in table.items()}}


def table_of(calendar: Calendar) -> dict[str, Any]:
    """A calendar in the shape of its ``[calendars.NAME]`` table; the inverse of ``read``."""

    def told(minute: int) -> str:
        return f"{minute // 60:02d}:{minute % 60:02d}"

    days = sorted(calendar.holidays)
    return {
        "zone": calendar.zone,
        **{
            day: [f"{told(opens)}-{told(closes)}" for opens, closes in intervals]
            for day, intervals in zip(WEEKDAYS, calendar.week, strict=True)
        },
        "holidays": [date.fromordinal(day + _EPOCH.toordinal()).isoformat() for day in days],
    }


def _calendar(name: str, table: Any) -> Calendar:
    where, known = f"calendars.{name}", ("zone", *WEEKDAYS, "holidays")
    if not isinstance(table, dict):
        raise Unfit(f"{where}: must be a table, [{where}]")
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise Unfit(f"{where}.{unknown[0]}: unknown key; known are {', '.join(known)}")
    week = tuple(_intervals(f"{where}.{day}", table.get(day, [])) for day in WEEKDAYS)
    if not any(week):
        raise Unfit(f'{where}: is never open; give it hours, e.g. monday = ["09:00-17:00"]')
    holidays = frozenset(_holidays(f"{where}.holidays", table.get("holidays", [])))
    zone = table.get("zone")
    if not isinstance(zone, str):
        raise Unfit(f'{where}.zone: must name a time zone, e.g. zone = "Europe/Berlin"')
    return Calendar(name, week, holidays, zone, _offsets(f"{where}.zone", zone))


def _intervals(where: str, texts: Any) -> Intervals:
    if not isinstance(texts, list):
        raise Unfit(f'{where}: must be a list of hours, e.g. ["09:00-12:30", "13:00-17:00"]')
    found: list[tuple[int, int]] = []
    for text in texts:
        match = _INTERVAL.fullmatch(text) if isinstance(text, str) else None
        hours = [int(group) for group in match.groups()] if match else [0, 0, 0, 0]
        opens, closes = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if not opens < closes <= 1440:
            raise Unfit(
                f'{where}: {text!r} is no opening time; write "09:00-17:00", '
                'to the end of the day "09:00-24:00"'
            )
        if found and opens < found[-1][1]:
            raise Unfit(f"{where}: {text!r} begins before the interval before it ends")
        found.append((opens, closes))
    return tuple(found)


def _holidays(where: str, days: Any) -> list[int]:
    if not isinstance(days, list):
        raise Unfit(f'{where}: must be a list of days, e.g. ["2026-12-25"]')
    found = []
    for day in days:
        try:
            holiday = date.fromisoformat(day) if isinstance(day, str) else day
            if type(holiday) is not date:  # a datetime is a date too
                raise ValueError
        except ValueError:
            raise Unfit(f"{where}: {str(day)!r} is no day of the form YYYY-MM-DD") from None
        found.append(holiday.toordinal() - _EPOCH.toordinal())
    return found


def _offsets(where: str, zone: str) -> tuple[tuple[int, int], ...]:
    home = files("tzdata")
    zones = home.joinpath("zones").read_text("ascii").split()
    if zone not in zones:
        near = get_close_matches(zone, zones, n=1)
        hint = f"did you mean {near[0]}?" if near else 'write an IANA name, e.g. "Europe/Berlin"'
        raise Unfit(f"{where}: unknown time zone {zone!r}; {hint}")
    return _steps(zone)


@lru_cache
def locked_zone(name: str) -> ZoneInfo:
    """A zone from the locked data; the machine's own may be older and say otherwise."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, name)


class _Zones(Mapping[str, tuple[tuple[int, int], ...]]):
    """The offsets of every zone of the locked data, by IANA name, each looked up when first wanted.

    Of customers' clocks only the changes from 2015 to 2075 matter, and no zone changes its clocks
    twice within a week: a tenth of the work that a calendar's century takes.
    """

    def __init__(self) -> None:
        self._names = frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}

    def __getitem__(self, name: str) -> tuple[tuple[int, int], ...]:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            first, last = datetime(2015, 1, 1, tzinfo=UTC), datetime(2075, 1, 1, tzinfo=UTC)
            self._known[name] = _steps(name, first, last, timedelta(days=7))
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


@lru_cache
def _steps(
    zone: str,
    first: datetime = ZONE_FROM,
    last: datetime = ZONE_TO,
    step: timedelta = timedelta(days=1),
) -> tuple[tuple[int, int], ...]:
    info = locked_zone(zone)

    def offset(at: datetime) -> timedelta:
        return at.astimezone(info).utcoffset() or timedelta()

    at = first
    found = [(at, offset(at))]
    while at < last:
        if offset(at + step) != found[-1][1]:
            before, after = at, at + step
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) // 2
                if offset(middle) == found[-1][1]:
                    before = middle
                else:
                    after = middle
            moment = after.replace(microsecond=0)
            found.append((moment, offset(moment)))
        at += step
    ms = timedelta(milliseconds=1)
    return tuple(((moment - _EPOCH) // ms, shift // ms) for moment, shift in found)


ZONES = _Zones()
"""Every time zone there is."""
