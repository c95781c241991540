"""A week after the onboarding the company calls to ask how it goes. Well, thank you.

Look-alike of a first contact after onboarding: it was not the customer who asked.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS | {"first_contact_after_onboarding", "first_contact_after_onboarding:mishandled"}
SPAN_D = 25
ALIKE = frozenset({"first_contact_after_onboarding"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.about(hours=1)
    story.say("onboarding.completed", outcome="done")

    story.after(days=7)
    called = story.contact("product", "welcome", direction="outbound")
    story.solved(called, talk_min=2)
    return story.touchpoints
