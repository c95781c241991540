"""The bill lies for three weeks; a reminder, and it is paid at the first try.

Look-alike of payment trouble: paid late is not failed.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 40
ALIKE = frozenset({"payment_trouble"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    invoice_id = story.billed(2990)
    story.after(days=18)
    story.say("notification.sent", trigger="value", proactive=True, invoice_id=invoice_id)
    story.about(days=2)
    story.paid(invoice_id, 2990)
    return story.touchpoints
