"""The first question after the onboarding, and the call is handed on, cold.

The first contact after an onboarding is remembered: no cold transfer is the standard.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"first_contact_after_onboarding", "first_contact_after_onboarding:mishandled"})
SILENT = frozenset({"cumulative_effort", "onboarding_stall", "repeat_contact", "transfer_burden"})
SPAN_D = 25
SINCE = {
    "first_contact_after_onboarding": ("contact.started", 1),
    "first_contact_after_onboarding:mishandled": ("contact.transferred", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.about(hours=1)
    story.say("onboarding.completed", outcome="done")

    story.about(days=3)
    call = story.contact("product", "export")
    story.answered(call, "first_line", wait_s=20)
    story.about(minutes=3)
    story.say(
        "contact.transferred", contact_id=call, mode="cold", from_queue="first_line",
        to_queue="product", context_passed=True, by="agent",
    )  # fmt: skip
    story.after(seconds=20)
    story.say("contact.answered", contact_id=call, queue="product", wait_s=20, context_loaded=True)
    story.solved(call)
    return story.touchpoints
