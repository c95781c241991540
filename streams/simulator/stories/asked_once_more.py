"""A question and, five days later, the same once more: an alert, but a small one, and it may lie.

Near miss of an alert that nobody acts on.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"repeat_contact"})
SILENT = frozenset({"alert_unactioned", "contact_frequency", "cumulative_effort"})
SPAN_D = 45
NEARLY = {"alert_unactioned": {"severity_min": 2}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        chat = story.contact("product", "export", channel="chat")
        story.answered(chat, "chat", wait_s=20)
        story.solved(chat)
        story.after(days=5)
    return story.touchpoints
