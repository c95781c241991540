"""The date moves twice, each time forward, and the parcel comes a day before it was promised.

Look-alike of a chain of delays and of a delay without notice: not every change is for the worse.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 12
ALIKE = frozenset({"delay_chain", "delay_without_notice"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    order = {"order_id": story.name("order")}
    promised = story.from_now(days=5)
    story.say("order.placed", promised_at=promised, amount_minor=5400, currency="EUR", **order)
    story.after(days=1)
    sooner = story.from_now(days=3.5)
    story.say("order.eta_changed", old_eta=promised, new_eta=sooner, **order)
    story.after(days=1)
    story.say("order.eta_changed", old_eta=sooner, new_eta=story.from_now(days=2), **order)
    story.after(days=2)
    story.say("order.delivered", **order)
    return story.touchpoints
