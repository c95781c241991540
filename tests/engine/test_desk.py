"""A desk knows who is due, and can forget a batch that came to nothing."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.desk import SWEEP_FROM, Desk
from streams.engine.journey import Journey
from streams.engine.watermark import Watermark

keys = st.sampled_from([b"a", b"b", b"c"])
dues = st.integers(0, 20)


def desk_of(due=None):
    """A desk over no encoded journeys."""
    return Desk(0, 0, Watermark(), {}, list(due or []))


def journey(due_ms):
    """A journey that is next due then; 0 for never."""
    return Journey("c", 0, 0, next_due_ms=due_ms)


@given(st.lists(st.tuples(keys, dues), max_size=40), dues)
def test_whoever_is_due_comes_up(moves, until_ms):
    """However often due times move, nobody who is due is overlooked, and nobody comes twice."""
    desk, due = desk_of(), {}
    for key, due_ms in moves:
        due[key] = due_ms
        desk.schedule(key, journey(due_ms))
    came = []
    while (key := desk.take_due(until_ms)) is not None:
        came.append(key)

    assert {key for key, ms in due.items() if 0 < ms <= until_ms} <= set(came)
    assert len(came) == len(set(came))


@given(st.lists(st.tuples(keys, dues), max_size=20), st.lists(st.tuples(keys, dues), max_size=20))
def test_rollback_brings_back_who_was_taken(before, batch):
    """A batch that came to nothing leaves nobody forgotten."""
    desk, due = desk_of(), {}
    for key, due_ms in before:
        due[key] = due_ms
        desk.schedule(key, journey(due_ms))
    desk.settle({}, 1, 10)
    for key, due_ms in batch:
        desk.take_due(10)
        desk.schedule(key, journey(due_ms))
    desk.rollback()
    came = set()
    while (key := desk.take_due(20)) is not None:
        came.add(key)

    assert {key for key, ms in due.items() if ms} <= came


def test_rollback_forgets_journeys_and_time():
    """What was changed is decoded anew, and the watermark stands where it stood."""
    desk = desk_of()
    desk.watermark.step(100, 0)
    desk.journeys[b"a"] = b"encoded"
    decoded = iter([journey(1), journey(2)])
    first = desk.journey(b"a", lambda _: next(decoded))
    desk.settle({}, 5, 10)

    first.n = 99
    desk.dirty[b"a"] = first
    desk.watermark.step(200, 5)
    desk.rollback()

    assert desk.journey(b"a", lambda _: next(decoded)).n == 0
    assert (desk.watermark.ms, desk.watermark.steps, desk.next_offset) == (100, [(0, 100)], 5)
    assert desk.dirty == {}


def test_only_so_many_journeys_stay_decoded():
    """The cache of decoded journeys has a limit; the encoded ones are all there."""
    desk = desk_of()
    for n in range(10):
        key = b"%d" % n
        desk.journeys[key] = b""
        desk.journey(key, lambda _: journey(0))
    desk.settle({}, 1, live_max=4)

    assert len(desk.live) == 4 and len(desk.journeys) == 10


def test_a_tombstone_removes_a_journey():
    """What is changed to nothing is gone from both copies."""
    desk = desk_of()
    desk.journeys[b"a"] = b""
    desk.journey(b"a", lambda _: journey(0))
    desk.settle({b"a": None}, 1, 10)

    assert not desk.knows(b"a")


def test_the_heap_does_not_grow_with_touchpoints():
    """A long timer and a short one, set anew a hundred thousand times, are still one customer."""
    desk, longest = desk_of(), 0
    for n in range(1, 100_000):
        desk.schedule(b"a", journey(n + 10))
        desk.take_due(n + 10)
        desk.schedule(b"a", journey(10**9 + n))
        desk.settle({}, n, 10)
        longest = max(longest, len(desk._heap))

    assert longest <= SWEEP_FROM + 1
    assert desk.next_due_ms is not None
