"""Business time: deadlines run while somebody is there, by the clock on their wall."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import opening_hours
from streams.engine.calendars import ALWAYS, BUILT_IN, WEEKDAYS, Calendar, NeverOpen
from streams.engine.units import DAY_MS, HOUR_MS, MINUTE_MS
from streams.opening_hours import locked_zone

NINE_TO_FIVE = {
    day: ["09:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
}


def calendar(zone: str = "UTC", holidays: tuple[str, ...] = (), **week: list[str]) -> Calendar:
    """A calendar as a policy would write it; nine to five on weekdays unless told."""
    table = {"zone": zone, "holidays": list(holidays), **(week or NINE_TO_FIVE)}
    return opening_hours.read({"test": table})["test"]


def ms(text: str, zone: str = "UTC") -> int:
    """Epoch milliseconds of a local time; ``zone`` names whose."""
    return round(datetime.fromisoformat(text).replace(tzinfo=locked_zone(zone)).timestamp() * 1000)


def told(at_ms: int, zone: str = "UTC") -> str:
    """Weekday, day and time on the wall clock of that zone."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(locked_zone(zone))
    return at.strftime("%a %d %H:%M")


def test_a_deadline_within_the_day_is_plain_addition():
    """Asked at ten, two hours: due at noon."""
    assert told(calendar().add_hours(ms("2026-03-04T10:00"), 2)) == "Wed 04 12:00"


def test_what_does_not_fit_today_goes_on_when_the_office_opens():
    """Asked an hour before closing, two hours: due an hour after the next opening."""
    assert told(calendar().add_hours(ms("2026-03-04T16:00"), 2)) == "Thu 05 10:00"


def test_the_weekend_does_not_count():
    """Asked on Friday afternoon: the rest of the time begins on Monday."""
    assert told(calendar().add_hours(ms("2026-03-06T16:00"), 2)) == "Mon 09 10:00"


def test_asked_while_closed_is_asked_at_opening():
    """Asked on Saturday night, four hours: due on Monday at one."""
    assert told(calendar().add_hours(ms("2026-03-07T23:00"), 4)) == "Mon 09 13:00"


def test_a_deadline_that_ends_with_the_day_is_due_at_closing():
    """Eight hours from opening are due at closing time, not at the next opening."""
    assert told(calendar().add_hours(ms("2026-03-04T09:00"), 8)) == "Wed 04 17:00"


def test_a_lunch_break_stands_between_two_intervals():
    """A day may have several intervals; the break between them does not count."""
    lunch = calendar(monday=["09:00-12:00", "13:00-17:00"])
    assert told(lunch.add_hours(ms("2026-03-02T11:30"), 1)) == "Mon 02 13:30"


def test_intervals_that_touch_are_one():
    """Closing at noon and opening at noon is no break."""
    touching = calendar(monday=["09:00-12:00", "12:00-17:00"])
    assert told(touching.add_hours(ms("2026-03-02T11:30"), 1)) == "Mon 02 12:30"


def test_a_holiday_is_closed_in_the_zone_of_the_office():
    """Christmas is the office's own day, whatever the day is elsewhere."""
    office = calendar("Pacific/Auckland", ("2026-12-25",))
    start_ms = ms("2026-12-24T16:00", "Pacific/Auckland")
    assert told(office.add_hours(start_ms, 2), "Pacific/Auckland") == "Mon 28 10:00"


def test_opening_hours_follow_the_wall_clock_through_summer_time():
    """Nine o'clock is nine o'clock on the wall, before and after the clocks change."""
    berlin = calendar("Europe/Berlin")
    due_ms = berlin.add_hours(ms("2026-03-27T16:00", "Europe/Berlin"), 2)
    assert told(due_ms) == "Mon 30 08:00"
    due_ms = berlin.add_hours(ms("2026-10-23T16:00", "Europe/Berlin"), 2)
    assert told(due_ms) == "Mon 26 09:00"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_open_throughout_is_as_long_as_it_really_was(day, hours):
    """The Sunday the clocks change has 23 or 25 hours of open time, not 24."""
    sundays = calendar("Europe/Berlin", sunday=["00:00-24:00"])
    start_ms = ms(f"{day}T00:00", "Europe/Berlin")
    assert told(sundays.add_hours(start_ms, hours), "Europe/Berlin").endswith("00:00")
    assert sundays.add_hours(start_ms, hours) - start_ms == hours * HOUR_MS


def test_an_opening_time_that_the_clocks_skip_is_the_change_itself():
    """There is no 02:30 on that Sunday: the night shift begins at what is now 03:00."""
    nights = calendar("Europe/Berlin", sunday=["02:30-04:00"])
    due_ms = nights.add(ms("2026-03-29T00:00", "Europe/Berlin"), 1)
    assert due_ms - 1 == ms("2026-03-29T01:00")


def test_an_opening_time_that_comes_twice_is_the_first():
    """02:30 comes twice on that Sunday: open at the first, closed at the first 02:45."""
    nights = calendar("Europe/Berlin", sunday=["02:30-02:45"], monday=["09:00-10:00"])
    start_ms = ms("2026-10-25T00:00", "Europe/Berlin")
    assert nights.add(start_ms, 15 * MINUTE_MS) == ms("2026-10-25T00:45")
    assert told(nights.add(start_ms, 15 * MINUTE_MS + 1), "Europe/Berlin") == "Mon 26 09:00"


def test_business_days_are_days_of_the_office():
    """Monday at ten plus two business days is Wednesday at ten; plus five, next Monday at ten."""
    assert told(calendar().add_days(ms("2026-03-02T10:00"), 2)) == "Wed 04 10:00"
    assert told(calendar().add_days(ms("2026-03-02T10:00"), 5)) == "Mon 09 10:00"


def test_weekdays_is_built_in_and_knows_no_hours():
    """Without an office of one's own, a business day is a whole Monday to Friday."""
    assert told(WEEKDAYS.add_days(ms("2026-03-06T10:00"), 2)) == "Tue 10 10:00"
    assert told(WEEKDAYS.add_days(ms("2026-03-07T10:00"), 1)) == "Tue 10 00:00"


def test_the_customers_clock_is_built_in_and_never_stops():
    """``24x7`` is there without being written, and adds as numbers add."""
    assert BUILT_IN["24x7"] is ALWAYS
    assert ALWAYS.add_days(ms("2026-03-06T10:00"), 3) == ms("2026-03-09T10:00")


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever():
    """The look-ahead is bounded; the error names the calendar and what to write."""
    never = Calendar("ghosts", ((),) * 7)
    with pytest.raises(NeverOpen, match=r"'ghosts' is not open .* \[calendars.ghosts\]"):
        never.add(0, 1)


def test_nothing_to_wait_for_is_due_at_once():
    """No duration, no movement, even while closed."""
    night_ms = ms("2026-03-07T23:00")
    assert calendar().add(night_ms, 0) == calendar().add(night_ms, -1) == night_ms


zones = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Auckland",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Africa/Casablanca",
        "Pacific/Apia",
    ]
)
instants = st.integers(ms("2009-01-01"), ms("2037-12-31"))
near_changes = st.sampled_from(
    [
        ms("2026-03-29T01:00"),
        ms("2026-10-25T01:00"),
        ms("2026-03-08T07:00"),
        ms("2026-11-01T06:00"),
        ms("2011-12-30T10:00"),
        ms("2026-04-04T15:00"),
        ms("2026-09-06T04:00"),
        ms("2026-02-15T02:00"),
    ]
).flatmap(lambda at: st.integers(at - 2 * DAY_MS, at + 2 * DAY_MS))
starts = instants | near_changes
durations = st.integers(0, 30 * HOUR_MS)


@st.composite
def weeks(draw) -> dict[str, list[str]]:
    """Opening hours of any shape, open at least once a week."""
    week = {}
    for day in draw(st.sets(st.sampled_from(opening_hours.WEEKDAYS), min_size=1)):
        turns = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
        week[day] = [
            f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}"
            for a, b in zip(turns[::2], turns[1::2], strict=False)
        ]
    return week


def is_open(table: dict[str, list[str]], zone: str, at_ms: int) -> bool:
    """What the wall clock says, by the minute and by hand; right where no clock is put back."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(locked_zone(zone))
    clock = at.strftime("%H:%M")
    return any(
        one[:5] <= clock < one[6:] for one in table.get(opening_hours.WEEKDAYS[at.weekday()], [])
    )


@settings(deadline=None)
@given(zones, weeks(), starts, durations, durations)
def test_waiting_twice_is_waiting_once_for_both(zone, week, start_ms, first_ms, second_ms):
    """Additive: the deadline of a deadline is the deadline of their sum."""
    office = calendar(zone, **week)
    try:
        both = office.add(start_ms, first_ms + second_ms)
    except NeverOpen:  # a minute a week is too little for hours
        return
    assert office.add(office.add(start_ms, first_ms), second_ms) == both


@settings(deadline=None)
@given(zones, weeks(), starts, st.integers(0, 7 * DAY_MS), durations, durations)
def test_asking_later_is_never_due_earlier(zone, week, start_ms, later_ms, duration_ms, more_ms):
    """Monotone in when it began and in how long it may take; and never due before it began."""
    office = calendar(zone, **week)
    try:
        due_ms = office.add(start_ms, duration_ms)
        assert start_ms + duration_ms <= due_ms <= office.add(start_ms + later_ms, duration_ms)
        assert due_ms <= office.add(start_ms, duration_ms + more_ms)
    except NeverOpen:
        return


@given(starts, durations)
def test_always_open_is_plain_addition(start_ms, duration_ms):
    """``24x7`` and any week of whole days, in whatever zone, is addition of numbers."""
    whole = calendar("America/New_York", **{d: ["00:00-24:00"] for d in opening_hours.WEEKDAYS})
    assert ALWAYS.add(start_ms, duration_ms) == start_ms + duration_ms
    assert whole.add(start_ms, duration_ms) == start_ms + duration_ms


@settings(deadline=None, max_examples=60)
@given(zones, weeks(), starts, st.integers(1, 600))
def test_minutes_counted_by_hand_agree(zone, week, start_ms, minutes):
    """Walking minute by minute and asking the wall clock finds the same deadline.

    Where clocks are put back a wall time comes twice and counts once, so such days are left out.
    """
    start_ms -= start_ms % MINUTE_MS
    office, at_ms, left = calendar(zone, **week), start_ms, minutes
    info = locked_zone(zone)
    before = datetime.fromtimestamp(start_ms / 1000, UTC).astimezone(info).utcoffset()
    while left and at_ms < start_ms + 4 * DAY_MS:
        left -= is_open(week, zone, at_ms)
        at_ms += MINUTE_MS
    after = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(info).utcoffset()
    if not left and after >= before:
        assert told(office.add(start_ms, minutes * MINUTE_MS)) == told(at_ms)
