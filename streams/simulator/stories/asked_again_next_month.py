"""The same question after thirty-two days: perhaps the same problem, perhaps a new one.

Near miss of a repeat contact: thirty days are the limit.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 70
NEARLY = {"repeat_contact": {"long_window_d": 33, "long_contacts": 2, "effort.repeat_long_d": 33}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        call = story.contact("account", "tax_form", issue_id=story.name("form"))
        story.answered(call, "general", wait_s=30)
        story.solved(call)
        story.after(days=32)
    return story.touchpoints
