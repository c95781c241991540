"""Three pages, one stumble on each, within the hour.

Look-alike of a page that fights back: none of them does.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 5
ALIKE = frozenset({"digital_friction"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for page in ("/settings", "/orders", "/help"):
        story.say("digital.friction", kind="form_error", page=page, count=1)
        story.about(minutes=10)
    return story.touchpoints
