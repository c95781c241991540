"""One out of five, on the old scale of ease, where one is the best there is.

Look-alike of a bad experience score: which end is good is a property of the scale.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 8
ALIKE = frozenset({"bad_experience_score"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("account", "address_change")
    story.answered(call, "general", wait_s=20)
    story.solved(call)
    story.after(minutes=5)
    story.say(
        "survey.responded", kind="ces", scope="interaction", score=1, scale_min=1, scale_max=5,
        higher_is_better=False, contact_id=call,
    )  # fmt: skip
    return story.touchpoints
