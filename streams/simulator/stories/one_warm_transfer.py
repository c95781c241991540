"""A call handed on once, warm: the agents speak first and the second one solves it.

Near miss of a transfer burden: one transfer is how service works.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "transfer_burden",
        "repeat_information",
        "cumulative_effort",
        "repeat_contact",
        "masked_effort",
        "wait_excess",
    }
)
SPAN_D = 5
NEARLY = {"transfer_burden": {"contact_transfers": 1}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "router")
    story.answered(call, "first_line", wait_s=45)
    story.about(minutes=4)
    story.say(
        "contact.transferred", contact_id=call, mode="warm", from_queue="first_line",
        to_queue="technical", context_passed=True, by="agent",
    )  # fmt: skip
    story.after(seconds=15)
    story.say(
        "contact.answered", contact_id=call, queue="technical", wait_s=15, context_loaded=True
    )
    story.solved(call, talk_min=9)
    story.after(minutes=5)
    story.csat(5, call)
    return story.touchpoints
