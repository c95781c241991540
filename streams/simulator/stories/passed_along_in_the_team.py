"""A case goes from hand to hand within one group, as shifts change, and is solved the next day.

Look-alike of a transfer burden: the customer does not notice who in the group holds the pen.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 8
ALIKE = frozenset({"transfer_burden"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.mail("technical", "sync")
    story.after(minutes=30)
    story.replied(case_id)
    for number in range(3):
        story.about(hours=5)
        story.say(
            "case.reassigned", case_id=case_id, from_group="second_line", to_group="second_line",
            from_agent=f"agent-{number}", to_agent=f"agent-{number + 1}",
        )  # fmt: skip
    story.about(hours=4)
    story.case_solved(case_id)
    return story.touchpoints
