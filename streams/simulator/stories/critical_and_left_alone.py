"""Critical, says the agent who escalates it, and then nobody calls until the next day.

A critical escalation is owed an answer within the hour.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"critical_escalation", "critical_escalation:mishandled"})
SILENT = frozenset({"cumulative_effort", "leaving", "repeat_contact", "transfer_burden"})
SPAN_D = 20
SINCE = {
    "critical_escalation": ("contact.escalated", 1),
    "critical_escalation:mishandled": ("contact.escalated", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "no_connection", issue_id=story.name("line"))
    story.answered(call, "technical", wait_s=30)
    story.about(minutes=5)
    story.say("contact.escalated", contact_id=call, level=2, criticality=4, requested_by="agent")
    story.unsolved(call, talk_min=4)
    story.after(days=1, hours=4)
    called = story.contact(
        "technical", "no_connection", issue_id=story.name("line"), direction="outbound"
    )
    story.solved(called)
    return story.touchpoints
