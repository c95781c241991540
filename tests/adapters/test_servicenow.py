"""The ServiceNow log: rows of updates in, the touchpoints they show out, nothing lost."""

import gzip
import json
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.instants import instant_ms
from streams.adapters.servicenow import SOURCE, UNKNOWN_CALLER, read
from streams.engine.record import Record
from streams.wire import jsonl
from streams.wire.touchpoint import Unreadable, read_strictly

EXCERPT = Path(__file__).parent / "data" / "servicenow_excerpt.csv"
Touchpoints = list[dict[str, Any]]


@pytest.fixture(scope="module")
def touchpoints() -> Touchpoints:
    """The excerpt, read."""
    return list(read(EXCERPT))


@pytest.fixture
def story(touchpoints: Touchpoints) -> Callable[[str], list[str]]:
    """What an incident tells: ``day hour:minute type`` and what it is about, in order."""

    def told(number: str) -> list[str]:
        mine = [t for t in touchpoints if t["case_id"] == number]
        return [f"{t['occurred_at'][8:16].replace('T', ' ')} {_said(t)}" for t in mine]

    return told


def _said(touchpoint: dict[str, Any]) -> str:
    kind = touchpoint["type"]
    if kind == "case.reassigned":
        return f"{kind} {touchpoint['from_group']} > {touchpoint['to_group']}"
    return f"{kind} {touchpoint['status']}" if kind == "case.status_changed" else kind


def test_plain_incident(story: Callable[[str], list[str]]) -> None:
    """Opened at opened_at, not at its first update; resolved at the first of two resolved rows."""
    assert story("INC0000045") == [
        "29 01:16 contact.started",
        "29 01:16 case.opened",
        "29 08:53 case.resolved",
        "05 12:00 case.closed",
        "05 12:00 sla.result",
    ]


def test_group_change_is_a_transfer_and_comes_before_the_state_it_led_to(
    story: Callable[[str], list[str]],
) -> None:
    """One row may show several things: handed on first, then the new state."""
    assert story("INC0000047") == [
        "29 04:40 contact.started",
        "29 04:40 case.opened",
        "29 05:30 case.reassigned Group 70 > Group 24",
        "29 05:30 case.status_changed active",
        "01 09:14 case.status_changed awaiting_user_info",
        "01 09:52 case.resolved",
        "06 10:00 case.closed",
        "06 10:00 sla.result",
    ]


def test_unknown_group_is_not_a_group(story: Callable[[str], list[str]]) -> None:
    """Group 55, ?, Group 70 is one transfer, at the moment the new group is known."""
    assert story("INC0006380")[2:4] == [
        "14 13:56 case.reassigned Group 55 > Group 70",
        "14 13:56 case.resolved",
    ]


def test_first_known_group_is_no_transfer(
    story: Callable[[str], list[str]], touchpoints: Touchpoints
) -> None:
    """?, Group 69 is no transfer: nobody handed anything on."""
    assert not [line for line in story("INC0000687") if "reassigned" in line]
    assert "group" not in _one(touchpoints, "INC0000687", "case.opened")


def test_unknown_state_is_not_a_state(story: Callable[[str], list[str]]) -> None:
    """-100 is a gap in the log: New, -100, Resolved is one change."""
    assert story("INC0028089")[2:3] == ["16 12:03 case.resolved"]


def test_reopened_by_the_systems_own_counter(story: Callable[[str], list[str]]) -> None:
    """Each rise of reopen_count is a reopening, before the state it led to."""
    assert story("INC0000715")[3:10] == [
        "03 08:36 case.resolved",
        "04 12:42 case.reopened",
        "04 12:42 case.status_changed active",
        "10 12:16 case.resolved",
        "10 12:47 case.reopened",
        "10 12:47 case.status_changed active",
        "10 15:36 case.resolved",
    ]


def test_incident_stored_out_of_time_order_is_read_in_time_order(
    story: Callable[[str], list[str]], touchpoints: Touchpoints
) -> None:
    """INC0000137: its last-but-one update stands first in the file, and its counter stays at 0."""
    assert story("INC0000137")[2:] == [
        "29 11:03 case.resolved",
        "29 11:10 case.status_changed new",
        "05 12:00 case.closed",
        "05 12:00 sla.result",
    ]
    ids = [t["event_id"] for t in touchpoints if t["case_id"] == "INC0000137"]
    assert ids[3] == "INC0000137-1.1-status_changed"


def test_nothing_happens_to_a_case_before_it_is_opened(story: Callable[[str], list[str]]) -> None:
    """INC0000130 has an opening after its first update: the first update is taken."""
    assert story("INC0000130")[:3] == [
        "29 07:27 contact.started",
        "29 07:27 case.opened",
        "29 09:59 case.reassigned Group 72 > Group 73",
    ]


def test_case_closed_without_being_resolved(story: Callable[[str], list[str]]) -> None:
    """New, Closed has no resolution, and none is made up."""
    assert [line[9:] for line in story("INC0119241")] == [
        "contact.started", "case.opened", "case.closed", "sla.result",
    ]  # fmt: skip


def _one(touchpoints: Touchpoints, number: str, kind: str) -> dict[str, Any]:
    (found,) = (t for t in touchpoints if t["case_id"] == number and t["type"] == kind)
    return found


def test_contact_tells_channel_reason_and_direction(touchpoints: Touchpoints) -> None:
    """What the row says about the contact is in the touchpoint; what it does not say is not."""
    contact = _one(touchpoints, "INC0003749", "contact.started")
    assert contact == {
        "event_id": "INC0003749-0-started",
        "source": SOURCE,
        "type": "contact.started",
        "schema_version": 1,
        "customer_id": "caller-4741",
        "occurred_at": "2016-03-07T16:05:00Z",
        "case_id": "INC0003749",
        "contact_id": "INC0003749-contact",
        "direction": "inbound",
        "channel": "email",
        "medium": "async_text",
        "reason": {"l1": "Category 41"},
    }
    case = _one(touchpoints, "INC0003749", "case.opened")
    assert (case["channel"], case["contact_id"], case["priority"]) == (
        "email", "INC0003749-contact", 3,
    )  # fmt: skip
    assert "channel" not in _one(touchpoints, "INC0118042", "contact.started")
    assert _one(touchpoints, "INC0119241", "contact.started")["channel"] == "ivr"
    assert "reason" not in _one(touchpoints, "INC0000687", "contact.started")


def test_agents_are_named_where_they_are_known(touchpoints: Touchpoints) -> None:
    """A hand-over names the agents on either side of it, as far as there were any."""
    handed = _one(touchpoints, "INC0000047", "case.reassigned")
    assert (handed["from_agent"], handed["to_agent"]) == ("Resolver 89", "Resolver 31")
    handed = _one(touchpoints, "INC0006380", "case.reassigned")
    assert "from_agent" not in handed and handed["to_agent"] == "Resolver 186"


def test_verdict_on_the_service_level(touchpoints: Touchpoints) -> None:
    """Met or not is the source's verdict; the time taken runs from opening to its resolved_at."""
    verdict = _one(touchpoints, "INC0000715", "sla.result")
    assert (verdict["met"], verdict["actual_s"]) == (False, (9 * 24 + 2) * 3600 + 33 * 60)
    verdict = _one(touchpoints, "INC0000093", "sla.result")
    assert verdict["met"] and "actual_s" not in verdict


def test_customer_is_the_first_known_caller_of_the_whole_incident(touchpoints: Touchpoints) -> None:
    """A case does not change hands between customers: INC0005103 names two callers."""
    assert {t["customer_id"] for t in touchpoints if t["case_id"] == "INC0005103"} == {
        "caller-3505"
    }


def test_unknown_caller_is_nobody_else(touchpoints: Touchpoints) -> None:
    """An incident without a caller stands for its own, so that strangers are not one customer."""
    assert {t["customer_id"] for t in touchpoints if t["case_id"] == "INC0005690"} == {
        f"{UNKNOWN_CALLER}INC0005690"
    }


def test_touchpoints_come_in_order_of_time_with_unique_ids(touchpoints: Touchpoints) -> None:
    """Sorted by occurred_at, and no event_id twice."""
    instants = [instant_ms(t["occurred_at"]) for t in touchpoints]
    assert instants == sorted(instants)
    assert max(Counter(t["event_id"] for t in touchpoints).values()) == 1


def test_every_touchpoint_is_as_its_producer_must_send_it(touchpoints: Touchpoints) -> None:
    """Read back from the JSONL file, under the strict contract: no dead letters."""
    for touchpoint in touchpoints:
        carried = jsonl.read(json.dumps(touchpoint).encode())
        record = Record(0, carried.timestamp_ms, carried.key, carried.value, carried.headers)
        verdict = read_strictly(record)
        assert not isinstance(verdict, Unreadable), (verdict, touchpoint)


def test_compressed_log_is_read_alike(tmp_path: Path, touchpoints: Touchpoints) -> None:
    """A name ending in .gz is unpacked on the way."""
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(EXCERPT.read_bytes()))
    assert list(read(packed)) == touchpoints


def test_another_file_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    """Not this log: says which columns are missing."""
    other = tmp_path / "other.csv"
    other.write_text("number,opened_at\n1,2\n")
    with pytest.raises(ValueError, match="no column assigned_to, assignment_group"):
        list(read(other))


@pytest.mark.parametrize(
    ("before", "after"), [("29/2/2016 01:23", "yesterday"), (",true,0,0,0,true", "")]
)
def test_unreadable_row_is_named_by_its_line(tmp_path: Path, before: str, after: str) -> None:
    """A row that cannot be read is not skipped: the file and line are said."""
    lines = EXCERPT.read_text().splitlines()
    broken = tmp_path / "log.csv"
    broken.write_text("\n".join([lines[0], lines[1].replace(before, after)]))
    with pytest.raises(ValueError, match=r"log\.csv: line 2"):
        list(read(broken))


def test_memory_stays_modest(tmp_path: Path) -> None:
    """The log must be sorted as a whole; a row and its touchpoints cost at most 2 kB meanwhile."""
    header, *rows = EXCERPT.read_text().splitlines()
    big = tmp_path / "log.csv"
    copies = (row.replace("INC", f"INC{copy}") for copy in range(100) for row in rows)
    big.write_text("\n".join([header, *copies]))
    tracemalloc.start()
    count = sum(1 for _ in read(big))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 100 * len(rows)
    assert peak_bytes < 100 * len(rows) * 2_000
