"""A call that ends without a word on how it went, and then nothing for three weeks.

Look-alike of a stale issue: that nobody noted an outcome is not that there was none.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 25
ALIKE = frozenset({"stale_issue"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("plan", "options")
    story.answered(call, "general", wait_s=30)
    story.about(minutes=5)
    story.say("contact.ended", contact_id=call, talk_s=300)
    return story.touchpoints
