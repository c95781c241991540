"""Told it would take five minutes, the customer waits fifty."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"wait_excess"})
SILENT = frozenset({"transfer_burden", "repeat_information", "repeat_contact", "stale_issue"})
SPAN_D = 5
SINCE = {"wait_excess": ("contact.answered", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "outage", quoted_wait_s=300)
    story.answered(call, "technical", wait_s=3000, quoted_wait_s=300)
    story.solved(call, talk_min=7)
    return story.touchpoints
