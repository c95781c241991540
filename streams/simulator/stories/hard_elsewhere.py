"""Satisfied with the chat about the bill; the call about the export, a week later, was hard.

Looks like satisfied, not easy: two answers, about two things.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bad_experience_score"})
SILENT = frozenset({"satisfied_not_easy", "inconsistent_experience", "repeat_contact"})
SPAN_D = 20
ALIKE = frozenset({"satisfied_not_easy"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("billing", "due_date", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=5)
    story.csat(5, chat)
    story.after(days=7)
    call = story.contact("product", "export")
    story.answered(call, "technical", wait_s=60)
    story.solved(call, talk_min=12)
    story.after(minutes=5)
    story.say(
        "survey.responded", kind="ces", scope="interaction", score=2, scale_min=1, scale_max=7,
        higher_is_better=True, contact_id=call,
    )  # fmt: skip
    return story.touchpoints
