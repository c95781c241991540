"""Eight of ten for the contact, five of ten for the company: no promoter of either.

Near miss of a contact that is recommended and a company that is not.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bad_experience_score"})
SILENT = frozenset({"touchpoint_vs_relationship", "satisfied_not_easy", "repeat_contact"})
SPAN_D = 40
NEARLY = {"touchpoint_vs_relationship": {"contact_min": 8}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("technical", "sync", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=5)
    story.say(
        "survey.responded", kind="nps", scope="interaction", score=8, scale_min=0, scale_max=10,
        higher_is_better=True, contact_id=chat,
    )  # fmt: skip
    story.after(days=20)
    story.say(
        "survey.responded", kind="nps", scope="relationship", score=5, scale_min=0, scale_max=10,
        higher_is_better=True,
    )  # fmt: skip
    return story.touchpoints
