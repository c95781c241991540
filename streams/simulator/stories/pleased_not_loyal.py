"""Five of five in satisfaction, five of ten for the company.

Looks like a contact that is recommended and a company that is not; but nobody asked whether the
contact was to be recommended.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bad_experience_score"})
SILENT = frozenset({"touchpoint_vs_relationship", "happy_but_leaving", "repeat_contact"})
SPAN_D = 40
ALIKE = frozenset({"touchpoint_vs_relationship"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("technical", "sync", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=5)
    story.csat(5, chat)
    story.after(days=20)
    story.say(
        "survey.responded", kind="nps", scope="relationship", score=5, scale_min=0, scale_max=10,
        higher_is_better=True,
    )  # fmt: skip
    return story.touchpoints
