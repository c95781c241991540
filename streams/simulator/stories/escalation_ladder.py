"""The customer asks for a supervisor, then for the supervisor's."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"critical_escalation", "escalation_ladder"})
SILENT = frozenset(
    {
        "bill_shock",
        "critical_escalation:mishandled",
        "false_resolution",
        "repeat_contact",
        "transfer_burden",
        "wait_excess",
    }
)
SPAN_D = 5
ALIKE = frozenset({"critical_escalation:mishandled"})
SINCE = {
    "escalation_ladder": ("contact.escalated", 1),
    "critical_escalation": ("contact.escalated", 2),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("order", "wrong_item")
    story.answered(call, "orders", wait_s=30)
    for level, criticality in ((1, 2), (2, 3)):
        story.about(minutes=6)
        story.say(
            "contact.escalated", contact_id=call, level=level, criticality=criticality,
            requested_by="customer",
        )  # fmt: skip
    story.solved(call, talk_min=10)
    return story.touchpoints
