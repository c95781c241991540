"""Two dead clicks on one page, and then the right button.

Near miss of a page that fights back: two within the hour, and three are the limit.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 5
NEARLY = {"digital_friction": {"signals": 2}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        story.say("digital.friction", kind="dead_click", page="/plan/options", count=1)
        story.about(minutes=6)
    return story.touchpoints
