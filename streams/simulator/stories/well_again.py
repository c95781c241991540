"""A credit for the dead line, four of five in satisfaction, and later a question about the bill.

Looks like a recovery that failed, for the customer is back; about something else.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"recovery_verified", "recovery"})
SILENT = frozenset({"recovery_verified:failed", "recovery:mishandled", "repeat_contact"})
SPAN_D = 40
ALIKE = frozenset({"recovery_verified:failed"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("line", "dead", issue_id=story.name("line"))
    story.answered(call, "technical", wait_s=60)
    story.solved(call, talk_min=9)
    story.after(hours=2)
    story.say("recovery.action_taken", kind="credit", issue_id=story.name("line"), cost_minor=1500)
    story.after(days=1)
    story.say("survey.sent", kind="csat", scope="interaction", contact_id=call)
    story.after(hours=2)
    story.csat(4, call)
    story.after(days=4)
    chat = story.contact("billing", "due_date", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    return story.touchpoints
