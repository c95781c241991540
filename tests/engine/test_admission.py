"""What was heard before is not heard again."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.admission import is_duplicate
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
        assert len(journey.seen) == len(recent)


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
