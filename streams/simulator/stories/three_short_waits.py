"""Eight minutes in the queue, three times, in three matters, ten days apart.

Look-alike of an excessive wait: it adds up on the clock, not on any one problem.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 35
ALIKE = frozenset({"wait_excess"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for l1, l2 in (("account", "password"), ("order", "return"), ("technical", "sync")):
        call = story.contact(l1, l2)
        story.answered(call, "general", wait_s=480)
        story.solved(call)
        story.after(days=10)
    return story.touchpoints
