"""A mail answered and settled after twenty hours: late in the day, but within it.

Near miss of an unanswered inquiry: a mail has a business day.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 8
NEARLY = {"unanswered_inquiry": {"target_h": {"email": 19}}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.mail("account", "data_export")
    story.after(hours=20)
    story.replied(case_id)
    story.about(minutes=30)
    story.case_solved(case_id)
    return story.touchpoints
