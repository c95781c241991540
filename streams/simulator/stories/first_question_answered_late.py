"""The first question after the onboarding comes by mail, and is settled after six hours.

Near miss of a mishandled first contact: eight hours are the standard.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"first_contact_after_onboarding"})
SILENT = frozenset(
    {
        "first_contact_after_onboarding:mishandled",
        "hollow_first_response",
        "repeat_contact",
        "unanswered_inquiry",
    }
)
SPAN_D = 30
NEARLY = {"first_contact_after_onboarding:mishandled": {"response_h": 4}}
SINCE = {"first_contact_after_onboarding": ("contact.started", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.about(hours=1)
    story.say("onboarding.completed", outcome="done")

    story.after(days=7)
    case_id = story.mail("product", "export")
    story.after(hours=6)
    story.replied(case_id)
    story.case_solved(case_id)
    return story.touchpoints
