"""Called solved, and the customer calls about it again, but only on the eighth day.

Near miss of a false resolution: after a week nobody can say any more that it never held. And of a
repeat contact: once in a month asks nothing of anybody yet.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "contact_frequency",
        "cumulative_effort",
        "false_resolution",
        "recurring_issue",
        "repeat_contact",
        "stale_issue",
    }
)
SPAN_D = 40
NEARLY = {
    "false_resolution": {"effort.repeat_short_d": 9},
    "repeat_contact": {"long_contacts": 2},
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        call = story.contact("technical", "sync", issue_id=story.name("sync"))
        story.answered(call, "technical", wait_s=30)
        story.solved(call)
        story.after(days=8)
    return story.touchpoints
