"""Five of five, and then the company ends the contract: the product is no longer made.

Look-alike of somebody who leaves though content, and of leaving: they were made to.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS | {"leaving", "leaving:mishandled"}
SPAN_D = 40
ALIKE = frozenset({"happy_but_leaving", "leaving"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("plan", "options", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=2)
    story.csat(5, chat)
    story.about(days=10)
    story.say("customer.churned", reason_codes=["product_discontinued"], voluntary=False)
    return story.touchpoints
