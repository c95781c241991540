"""Two calls a fortnight apart; each time the agent has a supervisor look at it.

Look-alike of an escalation ladder: two matters, one step each, and nobody had to ask for it.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"cumulative_effort", "escalation_ladder", "repeat_contact", "transfer_burden"})
SPAN_D = 35
ALIKE = frozenset({"escalation_ladder"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for l1, l2 in (("order", "wrong_item"), ("account", "address_change")):
        call = story.contact(l1, l2)
        story.answered(call, "general", wait_s=30)
        story.about(minutes=4)
        story.say(
            "contact.escalated", contact_id=call, level=1, criticality=1, requested_by="agent"
        )
        story.solved(call, talk_min=5)
        story.after(days=14)
    return story.touchpoints
