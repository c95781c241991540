"""Two of five on a working day; seven hours later somebody has taken it on.

Near miss of an alert that nobody acts on.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bad_experience_score"})
SILENT = frozenset({"alert_unactioned", "inconsistent_experience", "repeat_contact"})
SPAN_D = 20
NEARLY = {"alert_unactioned": {"after_h": 6}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("technical", "sync", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=5)
    story.csat(2, chat)
    story.after(hours=7)
    story.say("alert.acknowledged", dedupe_key=f"{customer_id}:bad_experience_score:csat", by="kim")
    return story.touchpoints
