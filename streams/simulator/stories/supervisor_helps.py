"""An agent asks a supervisor in, once, about something small.

Look-alike of an escalation ladder: nobody had to demand it, and it is over with one step.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "critical_escalation",
        "critical_escalation:mishandled",
        "cumulative_effort",
        "escalation_ladder",
        "repeat_contact",
        "transfer_burden",
    }
)
SPAN_D = 5
NEARLY = {"escalation_ladder": {"criticality": 1}, "critical_escalation": {"criticality": 1}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("order", "wrong_item")
    story.answered(call, "orders", wait_s=30)
    story.about(minutes=5)
    story.say("contact.escalated", contact_id=call, level=1, criticality=1, requested_by="agent")
    story.solved(call, talk_min=6)
    return story.touchpoints
