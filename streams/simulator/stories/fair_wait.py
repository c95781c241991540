"""A busy Monday: eighteen minutes in the queue after fifteen were announced.

Near miss of an excessive wait: below twenty minutes, and close to what was said.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"wait_excess", "repeat_contact", "cumulative_effort", "transfer_burden"})
SPAN_D = 5
NEARLY = {"wait_excess": {"wait_min": 15}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "outage", quoted_wait_s=900)
    story.answered(call, "technical", wait_s=1080, quoted_wait_s=900)
    story.solved(call, talk_min=7)
    return story.touchpoints
