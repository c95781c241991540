"""Nobody's customer: sales hands the call to billing, billing hands it back, twice, each time cold.

The second hand-over already returns to a queue the customer had waited in. In the end it is solved,
which the customer has paid for with the whole round trip.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"transfer_burden", "cumulative_effort"})
SILENT = frozenset(
    {
        "repeat_contact",
        "contact_frequency",
        "false_resolution",
        "escalation_ladder",
        "stale_issue",
        "wait_excess",
        "repeat_information",
    }
)
SPAN_D = 5
SINCE = {"transfer_burden": ("contact.transferred", 2), "cumulative_effort": ("contact.started", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("plan", "change")
    story.answered(call, "sales", wait_s=40)
    for source, target in (("sales", "billing"), ("billing", "sales"), ("sales", "billing")):
        story.about(minutes=3)
        story.say(
            "contact.transferred", contact_id=call, mode="cold", from_queue=source,
            to_queue=target, context_passed=True, by="agent",
        )  # fmt: skip
        story.after(seconds=20)
        story.say("contact.answered", contact_id=call, queue=target, wait_s=20, context_loaded=True)
    story.solved(call, talk_min=5)
    return story.touchpoints
