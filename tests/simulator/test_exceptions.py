"""Written exceptions are of stories and kinds there are, say why, and are still needed."""

import pytest

from streams.simulator.exceptions import MISSED, RAISED
from streams.simulator.stories import stories


@pytest.mark.parametrize("excused", [MISSED, RAISED], ids=["missed", "raised"])
def test_an_exception_names_its_story_and_says_why(excused: dict[tuple[str, str], str]) -> None:
    """No exception outlives its story, none is without a reason."""
    for (story, kind), why in excused.items():
        promised = stories()[story].expects if excused is MISSED else stories()[story].silent
        assert kind in promised, (story, kind)
        assert len(why) > 20, (story, kind)
