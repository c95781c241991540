"""A desk that fetches its timers a few at a time fires as one that holds them all."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine import far_desk
from streams.engine.desk import Desk
from streams.engine.far_desk import FarDesk, FarJourneys, Timer, fitting
from streams.engine.watermark import Watermark

CUSTOMERS = [b"c%02d" % n for n in range(12)]


class Shelved(FarJourneys):
    """Journeys that are nothing but their next due time, and keep their timers in order."""

    live_max = 5

    def __init__(self) -> None:
        self.held: dict[bytes, bytes] = {}

    def timers(self, after: Timer | None, most: int) -> tuple[list[Timer], Timer | None]:
        every = sorted((due(v), k) for k, v in self.held.items() if due(v))
        found = [timer for timer in every if after is None or timer > after][:most]
        return found, found[-1] if len(found) == most else None

    def __getitem__(self, key: bytes) -> bytes:
        return self.held[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.held[key] = value

    def __delitem__(self, key: bytes) -> None:
        del self.held[key]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


class Reminder:
    """A live journey: when it is due next, 0 for never."""

    def __init__(self, due_ms: int) -> None:
        self.next_due_ms = due_ms


def due(encoded: bytes) -> int:
    """Its next due time."""
    return int.from_bytes(encoded, "big")


def decode(encoded: bytes) -> Reminder:
    """The live one."""
    return Reminder(due(encoded))


class Told:
    """One desk, worked as the line works it."""

    def __init__(self, journeys) -> None:
        for n, key in enumerate(CUSTOMERS[:6]):
            journeys[key] = (10 * n).to_bytes(8, "big")
        fit, timers = fitting(journeys, due)
        self.desk: Desk = fit(0, 0, Watermark(), journeys, timers)

    def move(self, key: bytes, due_ms: int) -> None:
        journey = self.desk.journey(key, decode) or Reminder(0)
        journey.next_due_ms = due_ms
        self.desk.dirty[key] = self.desk.live[key] = journey
        self.desk.schedule(key, journey)

    def erase(self, key: bytes) -> None:
        self.desk.put(key, None)

    def fire(self, until_ms: int, again_ms: int) -> list[Timer]:
        fired = []
        while (key := self.desk.take_due(until_ms)) is not None:
            journey = self.desk.journey(key, decode)
            if journey is None:
                continue
            if 0 < journey.next_due_ms <= until_ms:
                fired.append((journey.next_due_ms, key))
                self.desk.dirty[key] = journey
                journey.next_due_ms = journey.next_due_ms + again_ms if again_ms else 0
            self.desk.schedule(key, journey)
        return fired

    def settle(self) -> None:
        changed = {
            key: None if journey is None else journey.next_due_ms.to_bytes(8, "big")
            for key, journey in self.desk.dirty.items()
        }
        self.desk.settle(changed, 0, 5)


MOVES = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(CUSTOMERS), st.integers(0, 90)),
    st.tuples(st.just("erase"), st.sampled_from(CUSTOMERS)),
    st.tuples(st.just("fire"), st.integers(0, 120), st.sampled_from([0, 7, 130])),
    st.tuples(st.just("settle")),
    st.tuples(st.just("rollback")),
)


@given(moves=st.lists(MOVES, max_size=40), fetched=st.integers(1, 4), kept=st.integers(2, 6))
def test_it_fires_the_same_timers_in_the_same_order(moves, fetched, kept):
    """However few are fetched and kept at a time, and whatever was moved, erased, settled or
    forgotten before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(far_desk, "FETCHED", fetched)
        patch.setattr(far_desk, "KEPT_MAX", kept)
        near, far = Told({}), Told(Shelved())
        assert isinstance(far.desk, FarDesk)
        for what, *rest in [*moves, ("fire", 1_000, 0)]:
            if what == "fire":
                assert near.fire(*rest) == far.fire(*rest)
            elif what == "rollback":
                near.desk.rollback()
                far.desk.rollback()
            else:
                getattr(near, what)(*rest)
                getattr(far, what)(*rest)


def test_it_holds_few_timers_and_few_journeys(monkeypatch):
    """Beyond the limit, later timers and journeys not touched lately are left where they lie."""
    monkeypatch.setattr(far_desk, "KEPT_MAX", 100)
    told = Told(Shelved())
    for portion in range(20):
        for n in range(50):
            told.move(b"x%d" % (portion * 50 + n), 1_000 + n)
        told.settle()
    assert len(told.desk._entered) <= 100
    assert list(told.desk.live) == [b"x%d" % n for n in range(995, 1_000)]
    fired = told.fire(2_000, 0)
    assert len(fired) == 1_005
    assert fired == sorted(fired)
