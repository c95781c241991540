"""How far absences are believed: up to where every watched source was heard, and not for ever."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.rules import TimeRules
from streams.engine.sources import NEVER_MS, SOURCES_MAX, Sources
from streams.engine.units import DAY_MS, HOUR_MS

RULES = TimeRules(lateness_s=600, give_up_h=12, watched=("urn:desk",))
LATE_MS = 600_000


def heard(**at_ms: int) -> Sources:
    """Sources that sent a heartbeat then."""
    sources = Sources()
    for name, ms in at_ms.items():
        sources.hear(name, ms, True, 0, RULES)
    return sources


def test_without_a_watched_source_time_is_the_watermarks():
    """Who has no heartbeats and names nobody notices nothing of this."""
    sources = Sources()
    sources.hear("urn:shop", HOUR_MS, False, 0, RULES)
    sources.advance(5 * HOUR_MS, RULES)

    assert (sources.heard, sources.gaps) == ({}, [])
    assert sources.reach_ms(5 * HOUR_MS, RULES) == 5 * HOUR_MS
    assert sources.held_ms(5 * HOUR_MS, RULES) == NEVER_MS


def test_a_source_is_watched_by_its_heartbeat_or_by_name():
    """The policy names one, another says itself that it is there."""
    sources = Sources()
    for name, beats in (("urn:desk", False), ("urn:shop", True), ("urn:web", False)):
        sources.hear(name, HOUR_MS, beats, 0, RULES)

    assert list(sources.heard) == ["urn:desk", "urn:shop"]


def test_absences_are_believed_up_to_the_slowest_of_them():
    """Less its lateness: what it still has to tell of that time may be on its way."""
    sources = heard(one=5 * HOUR_MS, two=2 * HOUR_MS)
    sources.advance(6 * HOUR_MS, RULES)

    assert sources.ms == 2 * HOUR_MS - LATE_MS
    assert sources.held_ms(6 * HOUR_MS, RULES) == 2 * HOUR_MS


def test_what_was_believed_stays_so():
    """Another source that turns out to be far behind takes nothing back."""
    sources = heard(one=5 * HOUR_MS)
    sources.advance(5 * HOUR_MS, RULES)
    before_ms = sources.ms
    sources.hear("two", HOUR_MS, True, 5 * HOUR_MS, RULES)
    sources.advance(6 * HOUR_MS, RULES)

    assert sources.ms == before_ms


def test_who_begins_to_be_watched_does_not_turn_time_back():
    """Up to then the watermark alone was believed."""
    sources = Sources()
    sources.hear("one", HOUR_MS, True, 9 * HOUR_MS, RULES)

    assert sources.ms == 9 * HOUR_MS


def test_a_long_silence_is_given_up_and_remembered():
    """After twelve hours time goes on without it; timers due in between know without whom."""
    sources = heard(one=0, two=12 * HOUR_MS)
    sources.advance(12 * HOUR_MS, RULES)
    assert sources.ms == 0 and sources.gaps == []
    sources.hear("two", 13 * HOUR_MS, True, 0, RULES)
    sources.advance(13 * HOUR_MS, RULES)

    assert sources.ms == 13 * HOUR_MS - LATE_MS
    assert [gap.source for gap in sources.without(HOUR_MS)] == ["one"]
    assert sources.without(0) == []


def test_a_source_that_returns_is_waited_for_again():
    """The gap ends where time had come without it."""
    sources = heard(one=0, two=13 * HOUR_MS)
    sources.advance(13 * HOUR_MS, RULES)
    passed_ms = sources.ms
    sources.hear("one", 14 * HOUR_MS, False, 0, RULES)
    sources.hear("two", 20 * HOUR_MS, True, 0, RULES)
    sources.advance(20 * HOUR_MS, RULES)

    assert sources.ms == 14 * HOUR_MS - LATE_MS
    assert sources.without(passed_ms) and sources.without(passed_ms + 1) == []


def test_a_source_that_never_returns_is_forgotten():
    """A producer that was switched off for good leaves no word on everything said ever after."""
    sources = heard(one=0, two=8 * DAY_MS)
    sources.advance(8 * DAY_MS, RULES)
    sources.hear("two", 9 * DAY_MS, True, 0, RULES)
    sources.advance(9 * DAY_MS, RULES)

    assert list(sources.heard) == ["two"]
    assert sources.without(9 * DAY_MS) == []


def test_there_are_not_more_than_the_partition_can_remember():
    """Heartbeats under ever new names are not all kept."""
    sources = heard(**{f"s{n}": HOUR_MS for n in range(SOURCES_MAX + 10)})

    assert len(sources.heard) == SOURCES_MAX


STEP = st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 100), st.integers(0, 100))


@given(st.lists(STEP, max_size=40))
def test_time_never_goes_back_and_never_beyond_the_watermark(steps):
    """Whatever is heard in whatever order."""
    sources, watermark_ms, before_ms = Sources(), 0, 0
    for source, at_h, to_h in steps:
        sources.hear(source, at_h * HOUR_MS, True, watermark_ms, RULES)
        watermark_ms = max(watermark_ms, to_h * HOUR_MS)
        reach_ms = sources.reach_ms(watermark_ms, RULES)
        sources.advance(watermark_ms, RULES)
        if sources.heard:
            assert before_ms <= sources.ms <= watermark_ms
            assert sources.ms == reach_ms
            before_ms = sources.ms
