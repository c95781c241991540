"""A chat about the bill, a call about the app, a mail about an address, ten days apart.

Look-alike of going from channel to channel, of help that did not help and of a fault that comes
back: three matters, each settled where it was raised, and what was looked up was found.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 35
ALIKE = frozenset({"channel_switch", "self_service_failed"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("selfservice.started", topic="due_date", channel="web")
    story.about(minutes=3)
    story.say("selfservice.ended", topic="due_date", outcome="resolved", searches=1)
    story.about(hours=2)
    chat = story.contact("billing", "invoice_copy", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.about(days=10)
    call = story.contact("technical", "app_update")
    story.answered(call, "technical", wait_s=40)
    story.solved(call)
    story.about(days=10)
    case_id = story.mail("account", "address_change")
    story.after(minutes=40)
    story.replied(case_id)
    story.case_solved(case_id)
    return story.touchpoints
