"""Satisfied, satisfied, satisfied, and then not at all: 5, 5, 4, 2 (section 9, story 8; S4-14).

The mean is still a good four.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"inconsistent_experience", "bad_experience_score"})
SILENT = frozenset({"repeat_contact", "contact_frequency", "transfer_burden", "masked_effort"})
SPAN_D = 50
SINCE = {
    "inconsistent_experience": ("survey.responded", 4),
    "bad_experience_score": ("survey.responded", 4),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for score, (l1, l2) in zip(
        (5, 5, 4, 2),
        (("account", "password"), ("order", "copy"), ("plan", "volume"), ("technical", "sync")),
        strict=True,
    ):
        chat = story.contact(l1, l2, channel="chat")
        story.answered(chat, "chat", wait_s=20)
        story.solved(chat)
        story.after(minutes=2)
        story.csat(score, chat)
        story.after(days=9)
    return story.touchpoints
