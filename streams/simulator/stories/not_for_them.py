"""Signed up, looked around, and said the next day that it is not for them.

Look-alike of a stalled onboarding and of value that does not come: it is over, and was said so.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "onboarding_friction",
        "onboarding_stall",
        "payment_trouble",
        "silent_sufferer",
        "time_to_value_overdue",
        "went_quiet_after_bad_contact",
    }
)
SPAN_D = 14
ALIKE = frozenset({"onboarding_stall", "time_to_value_overdue"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(minutes=20)
    story.say("onboarding.step_completed", step="profile", step_no=1)
    story.after(hours=22)
    story.say("onboarding.cancelled", outcome="not_needed")
    return story.touchpoints
