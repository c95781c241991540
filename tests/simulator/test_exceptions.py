"""Written exceptions are of stories and kinds there are, say why, and are still needed."""

import pytest

from streams import catalogue
from streams.simulator.exceptions import MISSED, NO_LOAD, RAISED
from streams.simulator.stories import stories


@pytest.mark.parametrize("excused", [MISSED, RAISED], ids=["missed", "raised"])
def test_an_exception_names_its_story_and_says_why(excused: dict[tuple[str, str], str]) -> None:
    """No exception outlives its story, none is without a reason."""
    for (story, kind), why in excused.items():
        promised = stories()[story].expects if excused is MISSED else stories()[story].silent
        assert kind in promised, (story, kind)
        assert len(why) > 20, (story, kind)


def test_what_is_no_load_is_a_kind_there_is_and_says_why() -> None:
    """A detector is left out of the sum for a reason that can be read, or not at all."""
    assert set(NO_LOAD) <= {entry.kind for entry in catalogue.entries()}
    assert all(len(why) > 20 for why in NO_LOAD.values())
