"""Who are you, which order, what happened: three questions, each for the first time.

Look-alike of repeated information: one has to ask in order to help.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 6
ALIKE = frozenset({"repeat_information"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("order", "wrong_item")
    story.answered(call, "orders", wait_s=25)
    for item in ("identity", "order_id", "problem_description"):
        story.about(minutes=1)
        story.say("contact.info_requested", contact_id=call, item=item, already_given=False)
    story.solved(call)
    return story.touchpoints
