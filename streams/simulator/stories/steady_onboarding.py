"""First value on the first day, and a step a day until it is done.

Near miss of a stalled onboarding: slow, and never still.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 14
NEARLY = {"onboarding_stall": {"self_serve_d": 0.8}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=2)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    for number, step in enumerate(("profile", "connect_bank", "invite_team", "first_budget"), 1):
        story.say("onboarding.step_started", step=step, step_no=number)
        story.about(hours=22)
        story.say("onboarding.step_completed", step=step, step_no=number)
    story.say("onboarding.completed", outcome="done")
    return story.touchpoints
