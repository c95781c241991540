"""O6 can fail: what it must notice is planted in the portions of a small log, without a broker."""

import json

import pytest

from streams import policy
from streams.cohorts import portion
from streams.engine.record import Record
from streams.replay.house import ReplayHouse
from tests.faults.crowd import KeptCrowd, Told, heard_by, numbered, sums_differ, sums_of

_START_MS, _HOUR_MS = 1_767_571_200_000, 3_600_000
_HEARD = 30


@pytest.fixture(scope="module")
def told() -> Told:
    """Portions of thirty contacts in ten hours, heard in rounds of three."""
    house = ReplayHouse(policy.load(), 1, crowd=True)
    house.crowd = kept = KeptCrowd(policy.load(), 1)
    records = []
    for number in range(_HEARD):
        at_ms, customer = _START_MS + number * _HOUR_MS // 3, f"c-{number % 7}"
        contact = {
            "event_id": f"e-{number}", "source": "urn:test", "type": "contact.started",
            "customer_id": customer, "occurred_at": at_ms,
            "contact_id": f"k-{number}", "channel": "phone", "direction": "inbound",
        }  # fmt: skip
        value = json.dumps(contact).encode()
        records.append((0, Record(number, at_ms, customer.encode(), value)))
    assert list(house.run(records, round_records=3))
    list(house.finish())
    return kept.told


def test_what_is_as_it_was_is_not_blamed(told: Told):
    """Whole, in another order, and sent twice: nothing is wrong, and everything was heard."""
    again, wrong = numbered([*reversed(told.values()), *told.values()])
    assert (wrong, again, heard_by(again.values())) == ([], told, _HEARD)
    assert sums_differ(sums_of(again.values()), sums_of(told.values())) == []


@pytest.mark.parametrize("place", [0, 4, 9])
def test_a_portion_that_is_lost_is_missed(told: Told, place: int):
    """By the sums, and by the count of what was heard."""
    left = [value for number, value in enumerate(told.values()) if number != place]
    assert sums_differ(sums_of(left), sums_of(told.values()))
    assert heard_by(left) < _HEARD


def test_a_portion_counted_under_two_numbers_is_too_much(told: Told):
    """By the sums, and by the count of what was heard."""
    twice = [*told.values(), next(iter(told.values()))]
    assert sums_differ(sums_of(twice), sums_of(told.values()))
    assert heard_by(twice) > _HEARD


def test_two_texts_of_one_number_are_told(told: Told):
    """Whichever comes first, the other is lost to the second stage."""
    (source, number), first = next(iter(told.items()))
    forged = portion.decode(next(reversed(told.values())))
    forged.number = number
    _, wrong = numbered([first, portion.encode(forged)])
    assert wrong == [f"two portions of source {source} are number {number}"]
