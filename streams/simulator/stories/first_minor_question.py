"""Smooth onboarding, then a first small question, answered (section 9, story 6; S4-26).

A moment worth knowing and nothing to worry about.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"first_contact_after_onboarding"})
SILENT = KINDS | {"first_contact_after_onboarding:mishandled", "first_thing_goes_wrong"}
SPAN_D = 20
SINCE = {"first_contact_after_onboarding": ("contact.started", 1)}
ALIKE = frozenset({"first_contact_after_onboarding:mishandled"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=2)
    story.say("onboarding.step_completed", step="profile", step_no=1)
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.about(hours=1)
    story.say("onboarding.completed", outcome="done")
    story.about(days=4)
    chat = story.contact("product", "export", channel="chat")
    story.answered(chat, "chat", wait_s=12)
    story.solved(chat, talk_min=3)
    story.after(minutes=2)
    story.csat(5, chat)
    return story.touchpoints
