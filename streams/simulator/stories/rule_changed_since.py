"""Thirty days, said the website; fourteen, says the agent, five weeks later.

Near miss of an inconsistent answer: what was so five weeks ago need not be so today.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 60
NEARLY = {"inconsistent_answer": {"window_d": 40}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for days, key, by in ((35, "30_days", "web"), (1, "14_days", "agent")):
        story.say("answer.given", topic="return_window", answer_key=key, answered_by=by)
        story.after(days=days)
    return story.touchpoints
