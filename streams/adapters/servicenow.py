"""ServiceNow incident audit log, as published by UCI (data set 498, CC BY 4.0).

"Incident management process enriched event log", Amaral, Fantinato, Peres, 2018, UCI Machine
Learning Repository. One CSV row is one update of an incident; ``?`` means missing; times are
``d/m/Y H:M`` of an unknown zone, taken as UTC.

What becomes what, row by row in the order of update (ties: modification count, file row):

* first row: ``contact.started`` and ``case.opened``, at ``opened_at``. That is when the customer
  began to wait and what every age is measured from. Where the source wrote an opening *after* its
  own first update (5 incidents) the first update is taken: nothing happens to a case before it.
  Several incidents of one call are several cases and one contact (``_incident_calls``).
* another known group: ``case.reassigned``. A missing group is not known, not a group, so A, ?, B
  is one transfer from A to B.
* a higher ``reopen_count``: ``case.reopened``. Only the source's own counter says so.
* another known state: ``case.resolved``, ``case.closed`` or ``case.status_changed``.
* last row: ``sla.result`` with the source's verdict; ``actual_s`` runs from the opening to
  the source's own ``resolved_at`` and is left out where it has none (1,556 incidents).

The customer is the caller, for the whole incident the first one known. Where none ever is (3
incidents) the incident stands for its caller, under an id that says so.
"""

import csv
import gzip
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import IO, NamedTuple

from streams.adapters import Counted, Touchpoint
from streams.adapters import _incident_calls as calls
from streams.adapters._incident_calls import Opened
from streams.adapters._incident_census import IncidentCensus

SOURCE = "urn:servicenow:uci498"
UNKNOWN_CALLER = "unknown-caller-of-"
"""Begins the customer id of an incident whose caller nobody knows."""

_MISSING = "?"
# Contact type -> channel and medium. "Direct opening" names no channel, so none is claimed.
_CHANNELS = {
    "Phone": {"channel": "phone", "medium": "voice"},
    "IVR": {"channel": "ivr", "medium": "voice"},
    "Email": {"channel": "email", "medium": "async_text"},
    "Self service": {"channel": "portal", "medium": "async_text"},
    "Direct opening": {},
}
# "-100" (5 rows) is no state of a case but a gap in the log, like "?".
_STATES = {
    "New": "new",
    "Active": "active",
    "Awaiting User Info": "awaiting_user_info",
    "Awaiting Vendor": "awaiting_vendor",
    "Awaiting Problem": "awaiting_problem",
    "Awaiting Evidence": "awaiting_evidence",
    "Resolved": "resolved",
    "Closed": "closed",
}
_TURNS = {"resolved": "case.resolved", "closed": "case.closed"}


class _Update(NamedTuple):
    """One row. In sorted order: by time, then modification count, then file row."""

    at_ms: int
    modification: int
    row: int
    number: str
    caller: str
    opened_at: str
    contact_type: str
    category: str
    subcategory: str
    priority: str
    state: str
    group: str
    agent: str
    reopens: str
    made_sla: str
    resolved_at: str
    closed_code: str
    opened_by: str


_COLUMNS = (
    "number", "caller_id", "opened_at", "contact_type", "category", "subcategory", "priority",
    "incident_state", "assignment_group", "assigned_to", "reopen_count", "made_sla", "resolved_at",
    "closed_code", "opened_by",
)  # fmt: skip


def read(path: Path) -> Iterator[Touchpoint]:
    """The log's touchpoints in order of ``occurred_at``.

    Args:
        path: the CSV file, plain or ``.gz``.

    Raises:
        ValueError: not this log, or a row that cannot be read, with its line.
    """
    dated: list[tuple[int, int, int, int, Touchpoint]] = []
    incidents = [_Incident(sorted(updates)) for updates in _incidents(path).values()]
    told_in_another = calls.told_in_another(incident.opened for incident in incidents)
    for incident in incidents:
        incident.has_contact = incident.first.number not in told_in_another
        for order, (at_ms, update, touchpoint) in enumerate(incident.touchpoints()):
            dated.append((at_ms, update.modification, update.row, order, touchpoint))
    dated.sort(key=itemgetter(0, 1, 2, 3))
    for *_, touchpoint in dated:
        yield touchpoint


def census(touchpoints: Iterable[Touchpoint]) -> list[Counted]:
    """Transfers, returns, bursts, reopenings and repeat contacts among imported touchpoints.

    Args:
        touchpoints: what ``read`` gave, in its order.
    """
    count = IncidentCensus(anonymous=UNKNOWN_CALLER)
    for touchpoint in touchpoints:
        count.take(touchpoint)
    return count.table()


def _incidents(path: Path) -> dict[str, list[_Update]]:
    """The rows of each incident, in file order."""
    incidents: dict[str, list[_Update]] = {}
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        for update in _updates(lines, path):
            incidents.setdefault(update.number, []).append(update)
    return incidents


def _updates(lines: IO[str], path: Path) -> Iterator[_Update]:
    rows = csv.reader(lines)
    header = next(rows, [])
    missing = {*_COLUMNS, "sys_updated_at", "sys_mod_count"} - set(header)
    if missing:
        raise ValueError(f"{path}: not the incident log: no column {', '.join(sorted(missing))}")
    pick = itemgetter(*(header.index(column) for column in _COLUMNS))
    updated_at, modification = header.index("sys_updated_at"), header.index("sys_mod_count")
    for row, values in enumerate(rows):
        try:
            order = (_epoch_ms(values[updated_at]), int(values[modification]), row)
            # The same few thousand texts fill all rows: kept once, not once a row.
            yield _Update(*order, *map(intern, pick(values)))
        except (ValueError, IndexError) as fault:
            raise ValueError(f"{path}: line {rows.line_num}: {fault}") from None


class _Incident:
    """The touchpoints of one incident, from its updates in order."""

    def __init__(self, updates: list[_Update]) -> None:
        self.updates = updates
        self.first, self.last = updates[0], updates[-1]
        self.opened_ms = min(_epoch_ms(self.first.opened_at), self.first.at_ms)
        callers = [update.caller for update in updates if update.caller != _MISSING]
        self.customer_id = (
            callers[0].lower().replace(" ", "-") if callers else UNKNOWN_CALLER + self.first.number
        )
        self.has_contact = True
        self.modifications: dict[int, int] = {}

    @property
    def opened(self) -> Opened:
        """What tells whether it has a call of its own."""
        first, channel = self.first, _CHANNELS.get(self.first.contact_type, {})
        by_call = channel.get("medium") == "voice" and first.opened_by != _MISSING
        return Opened(
            self.customer_id,
            self.opened_ms,
            first.number,
            first.opened_by if by_call else None,
            (first.category, first.subcategory),
        )

    def touchpoints(self) -> Iterator[tuple[int, _Update, Touchpoint]]:
        """Instant, the update that shows it, and the touchpoint."""
        state, group, agent, reopens = "new", "", "", 0
        for update in self.updates:
            tag = self._tag(update)
            told: list[Touchpoint] = []
            if update is self.first:
                for touchpoint in self._opening(tag):
                    yield self.opened_ms, update, touchpoint
            if int(update.reopens) > reopens:
                reopens = int(update.reopens)
                told.append(self._case(update, tag, "case.reopened"))
            if group and update.group not in (_MISSING, group):
                told.append(self._handed_on(update, tag, group, agent))
            now = _STATES.get(update.state, state)
            if now != state:
                told.append(self._turned(update, tag, now))
            for touchpoint in told:
                yield update.at_ms, update, touchpoint
            group = group if update.group == _MISSING else update.group
            state, agent = now, update.agent
        yield self.last.at_ms, self.last, self._verdict(tag)

    def _tag(self, update: _Update) -> str:
        """The modification count, which names an update of an incident; a repeated one says so."""
        times = self.modifications.get(update.modification, 0)
        self.modifications[update.modification] = times + 1
        return f"{update.modification}.{times}" if times else str(update.modification)

    def _touchpoint(self, at_ms: int, tag: str, kind: str) -> Touchpoint:
        number = self.first.number
        return {
            "event_id": f"{number}-{tag}-{kind.partition('.')[2]}",
            "source": SOURCE,
            "type": kind,
            "schema_version": 1,
            "customer_id": self.customer_id,
            "occurred_at": _rfc3339(at_ms),
            "case_id": number,
        }

    def _opening(self, tag: str) -> Iterator[Touchpoint]:
        first, channel = self.first, _CHANNELS.get(self.first.contact_type, {})
        case = self._touchpoint(self.opened_ms, tag, "case.opened")
        # Not the id of the call it was opened in: that would say it is about the same issue.
        if self.has_contact:
            contact = self._touchpoint(self.opened_ms, tag, "contact.started")
            contact |= {"contact_id": f"{first.number}-contact", "direction": "inbound"}
            contact |= channel
            contact |= _reason(first)
            yield contact
            case["contact_id"] = contact["contact_id"]
        if "channel" in channel:
            case["channel"] = channel["channel"]
        case |= _reason(first)
        if first.priority[:1].isdigit():
            case["priority"] = int(first.priority[:1])
        if first.group != _MISSING:
            case["group"] = first.group
        yield case

    def _case(self, update: _Update, tag: str, kind: str) -> Touchpoint:
        return self._touchpoint(update.at_ms, tag, kind)

    def _handed_on(self, update: _Update, tag: str, group: str, agent: str) -> Touchpoint:
        touchpoint = self._case(update, tag, "case.reassigned")
        touchpoint |= {"from_group": group, "to_group": update.group}
        if agent not in ("", _MISSING):
            touchpoint["from_agent"] = agent
        if update.agent != _MISSING:
            touchpoint["to_agent"] = update.agent
        return touchpoint

    def _turned(self, update: _Update, tag: str, state: str) -> Touchpoint:
        touchpoint = self._case(update, tag, _TURNS.get(state, "case.status_changed"))
        touchpoint["status"] = state
        if state == "closed" and update.closed_code != _MISSING:
            touchpoint["resolution_code"] = update.closed_code
        return touchpoint

    def _verdict(self, tag: str) -> Touchpoint:
        touchpoint = self._case(self.last, tag, "sla.result")
        touchpoint |= {"metric": "resolution", "met": self.last.made_sla == "true"}
        if self.last.resolved_at != _MISSING:
            actual_ms = _epoch_ms(self.last.resolved_at) - self.opened_ms
            touchpoint["actual_s"] = actual_ms // 1000
        return touchpoint


def _reason(update: _Update) -> Touchpoint:
    if update.category == _MISSING:
        return {}
    if update.subcategory == _MISSING:
        return {"reason": {"l1": update.category}}
    return {"reason": {"l1": update.category, "l2": update.subcategory}}


@lru_cache(maxsize=100_000)
def _epoch_ms(text: str) -> int:
    return int(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC).timestamp()) * 1000


@lru_cache(maxsize=100_000)
def _rfc3339(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
