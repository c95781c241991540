"""Ten years a customer, and a credit for that; nothing was to be made good.

Looks like a recovery to be verified.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"recovery_verified", "recovery", "repeat_contact"})
SPAN_D = 40
ALIKE = frozenset({"recovery_verified"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("credit.issued", amount_minor=1000, currency="EUR", goodwill=True, cause="loyalty")
    story.after(days=9)
    chat = story.contact("billing", "due_date", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    return story.touchpoints
