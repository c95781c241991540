"""Two bills, and soon after each a call: about the router, and about the app.

Look-alike of bills that have to be explained: it was not the bill.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 95
ALIKE = frozenset({"recurring_billing_confusion"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for l1, l2 in (("technical", "router"), ("technical", "app_update")):
        invoice_id = story.billed(3000)
        story.about(days=3)
        call = story.contact(l1, l2)
        story.answered(call, "technical", wait_s=30)
        story.solved(call)
        story.paid(invoice_id, 3000)
        story.about(days=27)
    return story.touchpoints
