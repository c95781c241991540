"""No solution yet, but a day by which there will be one; and it holds.

Look-alike of a hollow first response and of an answer that does not solve.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 10
ALIKE = frozenset({"answered_not_solved", "hollow_first_response"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.mail("technical", "router")
    story.after(minutes=45)
    story.replied(case_id, substantive=False, eta=story.from_now(days=2))
    story.after(days=1, hours=20)
    story.case_solved(case_id)
    return story.touchpoints
