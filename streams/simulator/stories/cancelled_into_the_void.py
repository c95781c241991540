"""Content so far: five of five. Then a request to cancel, to which nobody answers.

Satisfied and leaving all the same; and who is leaving is owed an answer within the day.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"happy_but_leaving", "leaving", "leaving:mishandled"})
SILENT = frozenset({"bad_experience_score", "contact_frequency", "repeat_contact"})
SPAN_D = 30
SINCE = {
    "leaving": ("cancel.requested", 1),
    "leaving:mishandled": ("cancel.requested", 1),
    "happy_but_leaving": ("cancel.requested", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("plan", "options", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=2)
    story.csat(5, chat)
    story.about(days=10)
    story.say("cancel.requested", reason_codes=["price"], voluntary=True, channel="web")
    return story.touchpoints
