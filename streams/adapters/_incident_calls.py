"""Which incidents were opened in one and the same call: a caller may report several things at once.

The log knows tickets, not calls. But where one employee opens another incident for the same caller
on the telephone soon after the one before, it is hardly another call: within a quarter of an hour
ten times as many such pairs share their opener as do not, among hundreds of openers. Counted as
contacts of their own they would say that a customer who called once came back twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SAME_CALL_MS = 15 * 60_000
"""Within so long of an incident, its opener's next one for the caller is of the same call."""
REPEAT_MS = 30 * 86_400_000
"""A call is about what the caller has reported before in so long, if about anything of the kind."""


class Opened(NamedTuple):
    """An incident as it was opened.

    Args:
        customer_id: for whom.
        opened_ms: when, epoch milliseconds.
        number: its own name.
        opener: who wrote it down on the telephone; None if nobody known did, or not by call.
        reason: what it is about.
    """

    customer_id: str
    opened_ms: int
    number: str
    opener: str | None
    reason: tuple[str, str]


def told_in_another(incidents: Iterable[Opened]) -> set[str]:
    """The numbers of incidents that are no contact of their own.

    Of a call's incidents the one that stands for the call is the first that repeats what the caller
    had reported before; if none does, the first.

    Args:
        incidents: all of them, in any order.
    """
    by_customer: dict[str, list[Opened]] = defaultdict(list)
    for one in incidents:
        by_customer[one.customer_id].append(one)
    told: set[str] = set()
    for opened in by_customer.values():
        opened.sort(key=lambda one: (one.opened_ms, one.number))
        reported_ms: dict[tuple[str, str], int] = {}
        for call in _calls(opened):
            chosen = next((one for one in call if _repeats(one, reported_ms)), call[0])
            told.update(one.number for one in call if one is not chosen)
            reported_ms |= {one.reason: one.opened_ms for one in call}
    return told


def _calls(opened: list[Opened]) -> Iterator[list[Opened]]:
    """Incidents by the call they were opened in, in order of the calls' beginnings."""
    calls: list[list[Opened]] = []
    latest: dict[str, list[Opened]] = {}
    for one in opened:
        call = latest.get(one.opener) if one.opener is not None else None
        if call is not None and one.opened_ms - call[-1].opened_ms <= SAME_CALL_MS:
            call.append(one)
            continue
        calls.append([one])
        if one.opener is not None:
            latest[one.opener] = calls[-1]
    yield from calls


def _repeats(one: Opened, reported_ms: dict[tuple[str, str], int]) -> bool:
    before_ms = reported_ms.get(one.reason)
    return before_ms is not None and one.opened_ms - before_ms <= REPEAT_MS
