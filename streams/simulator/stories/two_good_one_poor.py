"""Satisfied twice, and then not at all: 5, 4, 2. Two are no pattern yet.

Near miss of an inconsistent experience.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bad_experience_score"})
SILENT = frozenset({"inconsistent_experience", "repeat_contact", "masked_effort"})
SPAN_D = 40
NEARLY = {"inconsistent_experience": {"good_scores": 2}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for score, (l1, l2) in zip(
        (5, 4, 2), (("account", "password"), ("order", "copy"), ("technical", "sync")), strict=True
    ):
        chat = story.contact(l1, l2, channel="chat")
        story.answered(chat, "chat", wait_s=20)
        story.solved(chat)
        story.after(minutes=2)
        story.csat(score, chat)
        story.after(days=9)
    return story.touchpoints
