"""The first answer only thanks; three hours later comes a real one, and next morning it is solved.

Near miss of a hollow first response, which has four hours to be mended, and of an answer that
does not solve, which has a day.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 8
NEARLY = {"hollow_first_response": {"after_h": 2}, "answered_not_solved": {"after_h": 20}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.mail("order", "return")
    story.after(minutes=20)
    story.replied(case_id, substantive=False, next_step=False)
    story.after(hours=3)
    story.replied(case_id, substantive=True, next_step=False)
    story.after(hours=18)
    story.case_solved(case_id)
    return story.touchpoints
