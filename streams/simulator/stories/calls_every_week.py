"""A call a week, three weeks running, never about the same thing twice.

Look-alike of a recurring issue: it is the customer who comes back, not the fault.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 60
ALIKE = frozenset({"contact_frequency", "recurring_issue"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for l1, l2 in (("account", "password"), ("order", "return"), ("product", "export")):
        call = story.contact(l1, l2)
        story.answered(call, "general", wait_s=30)
        story.solved(call)
        story.after(days=7)
    return story.touchpoints
