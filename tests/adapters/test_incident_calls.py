"""Several incidents of one call are one contact; found on the log by reading it by hand."""

import random
from pathlib import Path

import pytest

from streams.adapters._incident_calls import Opened, told_in_another
from streams.adapters.servicenow import read

EXCERPT = Path(__file__).parent / "data" / "servicenow_excerpt.csv"
MINUTE_MS, DAY_MS = 60_000, 86_400_000


def opened(
    number: str, minutes: float, opener: str | None = "Opened by 17", reason: str = "a",
    customer: str = "caller-1",
) -> Opened:  # fmt: skip
    """An incident opened so many minutes into a log."""
    return Opened(customer, round(minutes * MINUTE_MS), number, opener, (reason, ""))


def test_three_things_reported_in_one_call() -> None:
    """Caller 831: 08:41, 08:48 and 08:53, written down by the same employee, is one contact."""
    call = [opened("1", 0, reason="a"), opened("2", 7, reason="b"), opened("3", 12, reason="c")]
    assert told_in_another(call) == {"2", "3"}


@pytest.mark.parametrize(("minutes", "same"), [(0, True), (15, True), (15.1, False)])
def test_quarter_of_an_hour_is_the_limit(minutes: float, same: bool) -> None:
    """Limit included; after that it is another call."""
    told = told_in_another([opened("1", 0), opened("2", minutes)])
    assert told == ({"2"} if same else set())


def test_call_goes_on_from_one_incident_to_the_next() -> None:
    """Each is held against the one before, not against the beginning of the call."""
    assert told_in_another([opened("1", 0), opened("2", 14), opened("3", 28)]) == {"2", "3"}


@pytest.mark.parametrize(
    "other",
    [
        opened("2", 5, opener="Opened by 24"),
        opened("2", 5, opener=None),
        opened("2", 5, customer="caller-2"),
    ],
)
def test_who_wrote_it_down_for_whom_must_agree(other: Opened) -> None:
    """Another employee, an unknown one, no telephone, or another caller: a contact of its own."""
    assert told_in_another([opened("1", 0), other]) == set()
    assert told_in_another([opened("1", 0, opener=None), opened("2", 5, opener=None)]) == set()


def test_call_taken_by_somebody_else_in_between() -> None:
    """Two employees write down at the same time: each goes on with a call of their own."""
    log = [opened("1", 0), opened("2", 5, opener="Opened by 24"), opened("3", 10)]
    assert told_in_another(log) == {"3"}


def test_call_stands_for_what_was_reported_before() -> None:
    """Of two things in one call, the one reported yesterday makes it a repeat contact."""
    yesterday = opened("1", 0, reason="b")
    call = [opened("2", 1440, reason="a"), opened("3", 1445, reason="b")]
    assert told_in_another([yesterday, *call]) == {"2"}
    long_ago = opened("1", 1440 - 31 * 1440, reason="b")
    assert told_in_another([long_ago, *call]) == {"3"}


def test_order_of_the_log_does_not_matter() -> None:
    """Shuffled, the calls are the same."""
    log = [
        opened(str(n), 5 * n + 40 * (n // 7), reason="abc"[n % 3], customer=f"caller-{n % 2}")
        for n in range(60)
    ]
    mixed = list(log)
    random.Random(1).shuffle(mixed)
    assert told_in_another(mixed) == told_in_another(log) != set()


def test_an_incident_without_a_contact_is_a_case_all_the_same(tmp_path: Path) -> None:
    """Two rows of one caller, five minutes apart by the same opener: two cases, one contact, and
    the second names no contact, for it may be about something else."""
    header, *rows = EXCERPT.read_text().splitlines()
    column = dict(zip(header.split(","), range(99), strict=False))
    one = next(row for row in rows if "INC0000045" in row)

    def row(number: str, at: str) -> str:
        cells = one.split(",")
        for name, value in (
            ("number", number), ("opened_at", at), ("sys_updated_at", at),
            ("opened_by", "Opened by  17"), ("contact_type", "Phone"),
        ):  # fmt: skip
            cells[column[name]] = value
        return ",".join(cells)

    log = tmp_path / "log.csv"
    log.write_text(
        "\n".join([header, row("INC1", "1/3/2016 10:00"), row("INC2", "1/3/2016 10:05")])
    )
    told = list(read(log))
    started = [t for t in told if t["type"] == "contact.started"]
    cases = [t for t in told if t["type"] == "case.opened"]
    assert [t["contact_id"] for t in started] == ["INC1-contact"]
    assert [t.get("contact_id") for t in cases] == ["INC1-contact", None]
    assert [t["channel"] for t in cases] == ["phone", "phone"]
