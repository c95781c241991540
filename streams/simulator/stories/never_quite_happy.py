"""Three, three, three, two of five: somebody who never says more, and at last a little less.

Looks like an inconsistent experience, and is a consistent one.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bad_experience_score"})
SILENT = frozenset({"inconsistent_experience", "happy_but_leaving", "repeat_contact"})
SPAN_D = 50
ALIKE = frozenset({"inconsistent_experience"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for score, topic in zip((3, 3, 3, 2), ("password", "copy", "volume", "sync"), strict=True):
        chat = story.contact("account", topic, channel="chat")
        story.answered(chat, "chat", wait_s=20)
        story.solved(chat)
        story.after(minutes=2)
        story.csat(score, chat)
        story.after(days=9)
    return story.touchpoints
