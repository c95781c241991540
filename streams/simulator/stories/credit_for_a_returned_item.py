"""What was sent back is credited, as it should be.

Look-alike of a recovery: money that was owed makes up for nothing.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS | {"recovery", "recovery:mishandled"}
SPAN_D = 25
ALIKE = frozenset({"recovery"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    invoice_id = story.billed(4900)
    story.about(days=3)
    story.paid(invoice_id, 4900)
    story.about(days=2)
    story.say("credit.issued", amount_minor=1900, currency="EUR", goodwill=False)
    return story.touchpoints
