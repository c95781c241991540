"""What was heard before is not heard again."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.admission import identities, identity_of, is_duplicate
from streams.engine.journey import Journey


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30)), max_size=60))
def test_as_many_as_are_remembered_are_recognised(told):
    """Within the last so many distinct ones each is known; the memory never holds more."""
    journey, recent = Journey("c-1", 0, 0), []
    for source, number in told:
        identity = (source, number)
        assert is_duplicate(journey, source, f"e-{number}", 8) is (identity in recent)
        if identity not in recent:
            recent = [*recent, identity][-8:]
        assert identities(journey.seen) == [identity_of(s, f"e-{n}") for s, n in recent]


def test_what_lies_across_two_identities_is_none_of_them():
    """They are packed one behind the other: the end of one and the beginning of the next is unheard."""
    journey, known = Journey("c-1", 0, 0), identity_of("a", "e-1")
    journey.seen = b"\0" + known + b"\0" * 5

    assert not is_duplicate(journey, "a", "e-1", 8)
    assert is_duplicate(journey, "a", "e-1", 8)


def test_the_same_id_of_another_source_is_another_touchpoint():
    """Ids are unique within their source, never across."""
    journey = Journey("c-1", 0, 0)

    assert not is_duplicate(journey, "urn:crm", "1", 8)
    assert not is_duplicate(journey, "urn:billing", "1", 8)
    assert is_duplicate(journey, "urn:crm", "1", 8)


def test_source_and_id_do_not_run_together():
    """ "ab" + "c" is not "a" + "bc"."""
    journey = Journey("c-1", 0, 0)

    assert not is_duplicate(journey, "ab", "c", 8)
    assert not is_duplicate(journey, "a", "bc", 8)
