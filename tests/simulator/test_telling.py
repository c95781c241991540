"""The words of a story: gaps move the clock, saying something takes a second, None says nothing."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schemas.instants import MAX_INSTANT_MS, instant_ms, rfc3339
from streams.simulator.telling import DAY_MS, Telling, instant

START_MS = 1_767_600_000_000


def telling(**always: object) -> Telling:
    """A telling of customer c-1."""
    return Telling(Random(1), "c-1", START_MS, "", **always)


@given(st.integers(0, MAX_INSTANT_MS))
def test_instants_are_written_as_the_contract_writes_them(at_ms: int) -> None:
    """Law: the fast text is the contract's own, and reads back."""
    assert instant(at_ms) == rfc3339(at_ms)
    assert instant_ms(instant(at_ms)) == at_ms


def test_exact_gaps_are_exact_and_rough_ones_within_a_tenth() -> None:
    """``after`` moves the clock by what it says, ``about`` by a tenth more or less."""
    story = telling().after(days=1, hours=2, minutes=3, seconds=4)
    assert story.now_ms == START_MS + DAY_MS + 7_384_000
    story.about(days=10)
    assert 9 * DAY_MS <= story.now_ms - START_MS - DAY_MS - 7_384_000 <= 11 * DAY_MS


def test_saying_something_takes_a_second() -> None:
    """No two touchpoints of a story occur at one instant: their order is never in doubt."""
    story = telling()
    story.say("trial.started")
    story.say("trial.ended", outcome="bought")
    assert story.instants_ms == [START_MS, START_MS + 1_000]
    assert [t["event_id"] for t in story.touchpoints] == ["c-1-0", "c-1-1"]


def test_fields_of_the_telling_stand_in_every_touchpoint_and_none_leaves_out() -> None:
    """What is always so is said always; None is not a value on the wire."""
    story = telling(region="pt", locale=None)
    story.say("trial.started", channel=None, product_id="p-1")
    (touchpoint,) = story.touchpoints
    assert touchpoint["region"] == "pt" and touchpoint["product_id"] == "p-1"
    assert "locale" not in touchpoint and "channel" not in touchpoint


def test_one_customer_is_served_by_one_site_of_a_system() -> None:
    """A source is an instance: it does not change from call to call."""
    for customer_id in ("c-1", "c-2"):
        story = Telling(Random(1), customer_id, START_MS)
        for _ in range(3):
            story.contact("order")
        assert len({touchpoint["source"] for touchpoint in story.touchpoints}) == 1
    assert Telling(Random(1), "c-1", START_MS).site != Telling(Random(1), "c-2", START_MS).site


def test_from_now_and_day_look_ahead_without_moving_the_clock() -> None:
    """Due dates are named relative to the moment in the story."""
    story = telling()
    assert story.from_now(hours=4) == "2026-01-05T12:00:00.000Z"
    assert story.day(10) == "2026-01-15"
    assert story.now_ms == START_MS
