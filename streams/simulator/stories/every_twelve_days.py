"""The same small fault on days 0, 12 and 24, each time mended on the spot.

Near miss of a recurring issue: its reports lie four to ten days apart.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"repeat_contact"})
SILENT = frozenset(
    {"contact_frequency", "cumulative_effort", "false_resolution", "recurring_issue", "stale_issue"}
)
SPAN_D = 75
NEARLY = {"recurring_issue": {"gap_max_d": 13}}
SINCE = {"repeat_contact": ("contact.started", 2)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(3):
        call = story.contact("product", "statement", issue_id=story.name("statement"))
        story.answered(call, "technical", wait_s=30)
        story.solved(call)
        story.after(days=12)
    return story.touchpoints
