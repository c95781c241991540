"""A journey to bytes and back: nothing lost, and nothing misread."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import catalogue
from streams.engine.journey import Contact, Episode, Journey, Mark
from streams.wire.journey import (
    HEADER_BYTES,
    PACKED_ABOVE_BYTES,
    PACKED_VERSION,
    VERSION,
    JourneyCodec,
    UnknownVersion,
    next_due_ms,
    unpacked,
)
from tests.story import Story

QUESTIONS = catalogue.questions()
CODEC = JourneyCodec(QUESTIONS)


@given(
    st.builds(
        Journey,
        st.text(max_size=30),
        *[st.integers(0, 2**53)] * 5,
        seen=st.binary(max_size=60),
        contacts=st.lists(
            st.builds(
                Contact, st.text(), st.text(), st.none() | st.text(), *[st.integers(0, 2**53)] * 2
            ),
            max_size=2,
        ),
        episodes=st.lists(
            st.builds(
                Episode,
                *[st.text()] * 4,
                *[st.integers(0, 5)] * 2,
                st.text(),
                *[st.integers(0, 2**53)] * 2,
            ),
            max_size=2,
        ),
        memories=st.just(CODEC.blank("", 0).memories),
        chain=st.integers(0, 2**64 - 1),
    )
)
def test_it_comes_back_as_it_was(journey):
    """Whatever is in it, it is the same after a round trip, and so are its bytes."""
    encoded = CODEC.encode(journey)

    assert CODEC.decode(encoded) == journey
    assert CODEC.encode(CODEC.decode(encoded)) == encoded


def test_the_due_time_is_read_without_decoding():
    """A restore plans the timers of a million customers from nine bytes each."""
    journey = CODEC.blank("c-1", 0)
    journey.next_due_ms = 1_767_225_600_123
    encoded = CODEC.encode(journey)

    assert next_due_ms(encoded) == 1_767_225_600_123
    assert next_due_ms(CODEC.encode(CODEC.blank("c-1", 0))) == 0
    assert encoded[:1] == VERSION and len(encoded) > HEADER_BYTES


def test_another_version_is_refused_and_named():
    """What a newer program wrote is not guessed at; the error says what to do."""
    encoded = b"\x07" + CODEC.encode(CODEC.blank("c-1", 0))[1:]

    with pytest.raises(UnknownVersion, match=r"format b'\\x07'.*reads b'\\x03'.*restore"):
        CODEC.decode(encoded)


def grown():
    """A journey with all the episodes and evidence that a busy customer has."""
    journey = CODEC.blank("c-1", 0)
    journey.next_due_ms = 1_767_225_600_123
    for n in range(16):
        at_ms = 1_767_225_600_000 + n
        journey.episodes.append(
            Episode("repeat_contact", f"i:issue-{n}", f"{n:0>36d}", "open", 3, 3, "why", at_ms, n)
        )
        journey.recent.append(Mark(n, f"event-{n:0>30d}", "contact.started", at_ms, 3, 10_000 + n))
    return journey


def test_a_grown_journey_is_packed_and_read_the_same():
    """Two fifths smaller, its due time still readable without unpacking, nothing lost."""
    journey = grown()
    encoded = CODEC.encode(journey)
    plain = msgspec.msgpack.encode(journey)

    assert encoded[:1] == PACKED_VERSION and len(plain) > PACKED_ABOVE_BYTES
    assert len(encoded) < 0.6 * len(plain)
    assert next_due_ms(encoded) == journey.next_due_ms
    assert unpacked(encoded) == plain
    assert CODEC.decode(encoded) == journey
    assert CODEC.encode(CODEC.decode(encoded)) == encoded


def test_both_kinds_are_read_whatever_their_size():
    """What was written before there was packing is read, large as it is."""
    journey = grown()
    before = VERSION + bytes(8) + msgspec.msgpack.encode(journey)

    assert CODEC.decode(before) == journey


@pytest.mark.parametrize("damage", [slice(0, -1), slice(0, HEADER_BYTES), slice(0, 200)])
def test_a_packed_one_cut_short_is_an_error(damage):
    """As for one that is not packed."""
    with pytest.raises(msgspec.MsgspecError):
        CODEC.decode(CODEC.encode(grown())[damage])


@pytest.mark.parametrize("damage", [slice(0, -1), slice(0, HEADER_BYTES), slice(0, 20)])
def test_what_is_cut_short_is_an_error(damage):
    """Half a journey is none."""
    encoded = CODEC.encode(CODEC.blank("c-1", 0))

    with pytest.raises(msgspec.MsgspecError):
        CODEC.decode(encoded[damage])


def test_detectors_come_and_go():
    """A detector that is gone leaves its memory behind; a new one begins blank; the rest stays."""
    story = Story().contact().after(days=2).contact().after(days=2).contact()
    encoded = story.house.journeys[b"c-1"]
    fewer = JourneyCodec([q for q in QUESTIONS if q.kind != "contact_frequency"])
    without = fewer.decode(encoded)
    again = CODEC.decode(fewer.encode(without))

    assert not hasattr(without.memories, "contact_frequency")
    assert again.memories.contact_frequency is None
    assert again.memories.cumulative_effort == CODEC.decode(encoded).memories.cumulative_effort
    assert again.issues == CODEC.decode(encoded).issues


def test_fields_added_at_the_end_read_older_journeys():
    """What an older program wrote lacks our newest fields: they begin with their defaults."""
    whole = msgspec.msgpack.decode(CODEC.encode(CODEC.blank("c-1", 5))[HEADER_BYTES:])
    older = VERSION + bytes(8) + msgspec.msgpack.encode(whole[:20])

    assert CODEC.decode(older).customer_id == "c-1"
    assert CODEC.decode(older).chain == 0
