"""The demo's company: the same every time, and never at an end."""

from itertools import islice

from streams.console import company
from streams.engine.record import Record
from streams.wire.touchpoint import Unreadable, read_strictly


def test_company_never_closes_and_never_says_a_thing_twice_by_mistake() -> None:
    """After one season the next, with other customers, later, and event ids of their own."""
    told = list(islice(company.touchpoints(7, 30), 4_000))
    season_ms = company.SEASON_DAYS * 86_400_000
    first = [one for one in told if one[1].timestamp_ms < company.START_MS + season_ms]
    later = told[len(first) :]
    assert first and later
    assert not {record.key for _, record in first} & {record.key for _, record in later}
    assert not {event for event, _ in first} & {event for event, _ in later}


def test_company_is_the_same_every_time() -> None:
    """Same seed, same records; another seed, others."""
    first = list(islice(company.touchpoints(7, 30), 500))
    assert list(islice(company.touchpoints(7, 30), 500)) == first
    assert list(islice(company.touchpoints(8, 30), 500)) != first


def test_company_sends_what_producers_may_send() -> None:
    """Every record, renamed customers too, passes the strict check."""
    for _, one in islice(company.touchpoints(7, 30), 0, 4_000, 7):
        record = Record(0, one.timestamp_ms, one.key, one.value, one.headers)
        verdict = read_strictly(record)
        assert not isinstance(verdict, Unreadable), verdict
