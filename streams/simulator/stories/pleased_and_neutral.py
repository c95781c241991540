"""Five of five for the agent, four of seven for how easy it was: neither easy nor hard.

Near miss of satisfied, not easy.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"satisfied_not_easy", "bad_experience_score", "repeat_contact"})
SPAN_D = 10
NEARLY = {"satisfied_not_easy": {"ces_max": 4}}


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
        "survey.responded", kind="ces", scope="interaction", score=4, scale_min=1, scale_max=7,
        higher_is_better=True, contact_id=chat,
    )  # fmt: skip
    return story.touchpoints
