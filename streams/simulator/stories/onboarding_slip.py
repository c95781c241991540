"""One step fails once, of course, and works the second time.

Near miss of onboarding friction.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"onboarding_friction", "onboarding_stall", "cumulative_effort", "repeat_contact"}
)
SPAN_D = 6
ALIKE = frozenset({"onboarding_friction"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.about(minutes=8)
    story.say(
        "onboarding.step_failed", step="connect_bank", step_no=2, retry_no=0, error_code="timeout"
    )
    story.about(minutes=3)
    story.say("onboarding.step_completed", step="connect_bank", step_no=2)
    story.about(hours=1)
    story.say("onboarding.completed", outcome="done")
    return story.touchpoints
