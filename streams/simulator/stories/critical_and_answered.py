"""Critical, and three quarters of an hour later somebody who may decide calls and settles it.

Near miss of a mishandled critical escalation: an hour is the standard.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"critical_escalation"})
SILENT = frozenset(
    {"critical_escalation:mishandled", "repeat_contact", "stale_issue", "transfer_burden"}
)
SPAN_D = 20
NEARLY = {"critical_escalation:mishandled": {"resolve_h": 0.5}}
SINCE = {"critical_escalation": ("contact.escalated", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "no_connection", issue_id=story.name("line"))
    story.answered(call, "technical", wait_s=30)
    story.about(minutes=2)
    story.say("contact.escalated", contact_id=call, level=2, criticality=4, requested_by="agent")
    story.unsolved(call, talk_min=2)
    story.after(minutes=45)
    called = story.contact(
        "technical", "no_connection", issue_id=story.name("line"), direction="outbound"
    )
    story.solved(called)
    return story.touchpoints
