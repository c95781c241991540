"""Two questions on the way, each step done at the first try, and a first result after thirty hours.

Near miss of onboarding friction, for which it takes three calls for help, and of value that
comes too late: a day and a half are the limit.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "cumulative_effort",
        "onboarding_friction",
        "onboarding_stall",
        "repeat_contact",
        "time_to_value_overdue",
    }
)
SPAN_D = 12
NEARLY = {
    "onboarding_friction": {"help_requests": 2},
    "time_to_value_overdue": {"self_serve_d": 1.1},
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    for number, step in enumerate(("profile", "connect_bank"), 1):
        story.after(hours=14)
        story.say("onboarding.assistance_requested", step=step, channel="chat")
        story.after(minutes=20)
        story.say("onboarding.step_completed", step=step, step_no=number)
    story.after(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.after(hours=5)
    story.say("onboarding.completed", outcome="done")
    return story.touchpoints
