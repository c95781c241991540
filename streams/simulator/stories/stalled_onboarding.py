"""Signed up, did the first step, and was never seen again."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"onboarding_stall", "time_to_value_overdue"})
SILENT = frozenset(
    {"onboarding_friction", "repeat_contact", "payment_trouble", "stale_issue", "cumulative_effort"}
)
SPAN_D = 6
SINCE = {
    "onboarding_stall": ("onboarding.step_started", 2),
    "time_to_value_overdue": ("onboarding.started", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(minutes=20)
    story.say("onboarding.step_started", step="profile", step_no=1)
    story.about(minutes=10)
    story.say("onboarding.step_completed", step="profile", step_no=1)
    story.about(minutes=5)
    story.say("onboarding.step_started", step="connect_bank", step_no=2)
    return story.touchpoints
