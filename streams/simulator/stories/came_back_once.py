"""Handed on once, warm, and the next day back about the same thing.

Near miss of too much effort in sum: a repeat is worth knowing, the index stays in the thirties.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"repeat_contact"})
SILENT = frozenset(
    {
        "contact_frequency",
        "cumulative_effort",
        "masked_effort",
        "stale_issue",
        "transfer_burden",
        "wait_excess",
    }
)
SPAN_D = 8
NEARLY = {"cumulative_effort": {"medium": 30}}
SINCE = {"repeat_contact": ("contact.started", 2)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for number in range(2):
        call = story.contact("technical", "router", issue_id=story.name("router"))
        story.answered(call, "first_line", wait_s=40)
        if number == 0:
            story.about(minutes=3)
            story.say(
                "contact.transferred", contact_id=call, mode="warm", from_queue="first_line",
                to_queue="technical", context_passed=True, by="agent",
            )  # fmt: skip
            story.unsolved(call)
            story.about(days=1)
        else:
            story.solved(call)
    return story.touchpoints
