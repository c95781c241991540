"""Three calls, eight days from the first to the last, each about something else.

Near miss of contact frequency: never three within seven days.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"contact_frequency", "repeat_contact", "cumulative_effort", "stale_issue", "false_resolution"}
)
SPAN_D = 15
NEARLY = {"contact_frequency": {"week_d": 9}}
ALIKE = frozenset({"repeat_contact"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for l1, l2 in (("account", "password"), ("order", "invoice_copy"), ("technical", "app_update")):
        call = story.contact(l1, l2)
        story.answered(call, "general", wait_s=30)
        story.solved(call)
        story.after(days=4)
    return story.touchpoints
