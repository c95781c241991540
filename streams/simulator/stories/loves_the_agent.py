"""Ten of ten for the contact, four of ten for the company, three weeks apart (S3-07)."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"touchpoint_vs_relationship", "bad_experience_score"})
SILENT = frozenset({"satisfied_not_easy", "inconsistent_experience", "repeat_contact"})
SPAN_D = 40
SINCE = {"touchpoint_vs_relationship": ("survey.responded", 2)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("technical", "sync", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=5)
    story.say(
        "survey.responded", kind="nps", scope="interaction", score=10, scale_min=0, scale_max=10,
        higher_is_better=True, contact_id=chat,
    )  # fmt: skip
    story.after(days=20)
    story.say(
        "survey.responded", kind="nps", scope="relationship", score=4, scale_min=0, scale_max=10,
        higher_is_better=True,
    )  # fmt: skip
    return story.touchpoints
