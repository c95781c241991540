"""The line drops; four minutes later the customer is back and the same call goes on.

Look-alike of a repeat contact: it is one contact in two pieces.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"repeat_contact", "contact_frequency", "false_resolution", "cumulative_effort", "stale_issue"}
)
SPAN_D = 5
NEARLY = {"repeat_contact": {"effort.reconnect_min": 2}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "router", issue_id=story.name("router"))
    story.answered(call, "technical", wait_s=30)
    story.about(minutes=5)
    story.say("contact.ended", contact_id=call, outcome="dropped", talk_s=300)
    story.after(minutes=4)
    call = story.contact("technical", "router", issue_id=story.name("router"))
    story.answered(call, "technical", wait_s=10)
    story.solved(call, talk_min=6)
    return story.touchpoints
