"""The bank connection fails, fails again, and help has to be called."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"onboarding_friction"})
SILENT = frozenset(
    {"onboarding_stall", "repeat_contact", "payment_trouble", "stale_issue", "transfer_burden"}
)
SPAN_D = 6
SINCE = {"onboarding_friction": ("onboarding.step_failed", 2)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.say("onboarding.step_started", step="connect_bank", step_no=2)
    for attempt in range(2):
        story.about(minutes=8)
        story.say(
            "onboarding.step_failed", step="connect_bank", step_no=2, retry_no=attempt,
            error_code="bank_timeout",
        )  # fmt: skip
    story.about(minutes=15)
    story.say("onboarding.assistance_requested", step="connect_bank", channel="chat")
    story.about(hours=3)
    story.say("onboarding.step_completed", step="connect_bank", step_no=2)
    story.about(hours=1)
    story.say("onboarding.completed", outcome="done")
    return story.touchpoints
