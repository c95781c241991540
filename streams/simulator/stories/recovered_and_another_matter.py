"""A voucher, a call whether all is well, and a week on a question about something else.

Look-alike of a mishandled recovery: it is not the same thing that they came back about.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"recovery"})
SILENT = frozenset({"false_resolution", "recovery:mishandled", "repeat_contact"})
SPAN_D = 60
ALIKE = frozenset({"recovery:mishandled"})
SINCE = {"recovery": ("recovery.action_taken", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    issue_id = story.name("parcel")
    call = story.contact("order", "damaged", issue_id=issue_id)
    story.answered(call, "orders", wait_s=30)
    story.solved(call)
    story.about(hours=2)
    story.say("recovery.action_taken", kind="voucher", cost_minor=1500, issue_id=issue_id)

    story.after(hours=20)
    called = story.contact("order", "damaged", issue_id=issue_id, direction="outbound")
    story.solved(called, talk_min=2)
    story.after(days=5)
    chat = story.contact("account", "password", channel="chat")
    story.answered(chat, "chat", wait_s=15)
    story.solved(chat)
    return story.touchpoints
