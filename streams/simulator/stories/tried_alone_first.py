"""A search that does not help, a call that does; ten days later a chat about another thing.

Look-alike of going from channel to channel: one attempt alone is how self-service is meant.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"channel_switch", "self_service_failed", "repeat_contact", "contact_frequency"})
SPAN_D = 20
NEARLY = {"self_service_failed": {"attempts": 1}, "channel_switch": {"switches": 1}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for topic, channel in (("sync", "phone"), ("settings", "chat")):
        story.say("selfservice.ended", topic=topic, outcome="unknown", channel="web", searches=1)
        story.about(minutes=30)
        contact = story.contact("product", topic, channel)
        story.answered(contact, "technical", wait_s=30)
        story.solved(contact)
        story.after(days=10)
    return story.touchpoints
