"""Three bills of thirty, then one of forty-three: more, and not half as much again.

Near miss of a bill shock.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 130
NEARLY = {"bill_shock": {"ratio": 1.4}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for amount_minor in (3000, 2950, 3050, 4300):
        invoice_id = story.billed(amount_minor)
        story.about(days=5)
        story.paid(invoice_id, amount_minor)
        story.after(days=25)
    return story.touchpoints
