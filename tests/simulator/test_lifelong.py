"""One customer to whom everything happens: in order, without end, nothing twice."""

import json
from itertools import islice, pairwise

from schemas.instants import instant_ms
from streams.engine.record import Record
from streams.simulator.lifelong import lifelong
from streams.simulator.stories import stories
from streams.wire.touchpoint import Unreadable, read_strictly

MONDAY_MS = 1_767_600_000_000


def test_it_is_one_customers_life_in_order_and_the_same_every_time() -> None:
    """As many touchpoints as asked for, of one customer, each later than the one before."""
    told = list(lifelong(7, "c-1", MONDAY_MS, 1_200))
    assert told == list(lifelong(7, "c-1", MONDAY_MS, 1_200))
    assert len(told) == 1_200 and {t["customer_id"] for t in told} == {"c-1"}
    instants = [instant_ms(t["occurred_at"]) for t in told]
    assert all(before < after for before, after in pairwise(instants))
    assert len({t["event_id"] for t in told}) == 1_200


def test_every_story_has_its_turn_and_may_be_sent() -> None:
    """Long enough, everything that any story tells has been told; all of it is readable."""
    told = list(islice(lifelong(7, "c-1", MONDAY_MS, 5_000), 3_000))
    assert len({t["type"] for t in told}) > 45
    for number, touchpoint in enumerate(told[::7]):
        at_ms = instant_ms(touchpoint["occurred_at"])
        record = Record(number, at_ms, b"c-1", json.dumps(touchpoint).encode(), ())
        assert not isinstance(read_strictly(record), Unreadable), touchpoint
    first_round = {t["event_id"].partition("~")[2].partition("-")[0] for t in told}
    assert {str(number) for number in range(1, len(stories()) + 1)} <= first_round
