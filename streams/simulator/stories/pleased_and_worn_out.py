"""Five of five for the agent, two of seven for how easy it was: solved, and hard (S3-19)."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"satisfied_not_easy"})
SILENT = frozenset({"inconsistent_experience", "repeat_contact", "touchpoint_vs_relationship"})
SPAN_D = 10
SINCE = {"satisfied_not_easy": ("survey.responded", 2)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("technical", "sync", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat, talk_min=9)
    story.after(minutes=5)
    story.csat(5, chat)
    story.after(minutes=1)
    story.say(
        "survey.responded", kind="ces", scope="interaction", score=2, scale_min=1, scale_max=7,
        higher_is_better=True, contact_id=chat,
    )  # fmt: skip
    return story.touchpoints
