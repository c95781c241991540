"""Consent: the newest word per purpose, a refusal at a tie, and nothing assumed."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine import consent
from streams.engine.identity_kept import Consent
from streams.engine.journey import Journey
from streams.engine.remember.consents import CONSENTS_MAX, keep
from tests.story import DAY_MS, Story, journey_of


def test_what_was_never_granted_is_not_allowed():
    """Nothing known of a purpose: consent is given, not assumed."""
    story = Story().tell("consent.changed", purpose="service", status="granted")
    journey = journey_of(story)
    assert consent.allows(journey, "service", story.now_ms)
    assert not consent.allows(journey, "marketing", story.now_ms)
    assert consent.standing(journey, "marketing", story.now_ms) == "unknown"


def test_a_grant_ends_when_it_said_it_would():
    """From ``valid_until`` on it allows nothing; a millisecond before, it does."""
    story = Story()
    until_ms = story.now_ms + DAY_MS
    story.tell("consent.changed", purpose="service", status="granted", valid_until=until_ms)
    journey = journey_of(story)
    assert consent.allows(journey, "service", until_ms - 1)
    assert consent.standing(journey, "service", until_ms) == "expired"


def test_what_is_taken_back_or_denied_is_not_allowed():
    """Revoked and denied are told apart, and neither allows."""
    story = Story().tell("consent.changed", purpose="service", status="granted")
    story.after(days=1).tell("consent.changed", purpose="service", status="revoked")
    story.tell("consent.changed", purpose="marketing", status="denied")
    journey = journey_of(story)
    assert consent.standing(journey, "service", story.now_ms) == "revoked"
    assert consent.standing(journey, "marketing", story.now_ms) == "denied"


def test_a_word_told_late_does_not_undo_a_newer_one():
    """By event time: a grant of yesterday told today does not undo this morning's refusal."""
    story = Story().after(days=2).tell("consent.changed", purpose="service", status="revoked")
    story.after(days=-1).tell("consent.changed", purpose="service", status="granted")
    assert not consent.allows(journey_of(story), "service", story.now_ms + 5 * DAY_MS)


def test_a_purpose_too_many_is_forgotten_and_allows_nothing():
    """Bounded; refusals go first, for they say the same as nothing known."""
    kept: list[Consent] = []
    keep(kept, Consent("refused", "denied", 999))
    for number in range(CONSENTS_MAX):
        keep(kept, Consent(f"p{number}", "granted", number))
    assert len(kept) == CONSENTS_MAX
    assert "refused" not in {one.purpose for one in kept}


words = st.builds(
    Consent,
    st.sampled_from("ab"),
    st.sampled_from(["granted", "denied", "revoked"]),
    st.integers(1, 4),
    st.sampled_from([0, 5, 9]),
)


@given(st.lists(words, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_hearing_does_not_matter(said, random):
    """Any order of the same words leaves the same answer for every purpose at every instant."""
    one, other, shuffled = Journey("c", 0, 0), Journey("c", 0, 0), list(said)
    random.shuffle(shuffled)
    for word in said:
        keep(one.consents, word)
    for word in shuffled:
        keep(other.consents, word)
    for purpose in "ab":
        for at_ms in range(10):
            answers = {consent.standing(journey, purpose, at_ms) for journey in (one, other)}
            assert len(answers) == 1
