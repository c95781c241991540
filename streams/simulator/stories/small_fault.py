"""A report fails once, mildly, and works the next time.

Near miss of the first thing that goes wrong: that is of severity two, and three is the limit.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS | {"first_thing_goes_wrong", "first_thing_goes_wrong:mishandled"}
SPAN_D = 15
NEARLY = {"first_thing_goes_wrong": {"error_severity": 2}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("product.error", severity=2, feature="report", code="E7")
    return story.touchpoints
