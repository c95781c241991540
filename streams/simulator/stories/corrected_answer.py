"""The agent says that the website was wrong, and what holds.

Look-alike of an inconsistent answer: a correction is the end of one.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 40
ALIKE = frozenset({"inconsistent_answer"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say(
        "answer.given", topic="return_window", answer_key="30_days", answered_by="web",
        article_id="kb-204", version="7",
    )  # fmt: skip
    story.about(days=2)
    story.say(
        "answer.given", topic="return_window", answer_key="14_days", answered_by="agent",
        agent="agent-31", correction=True,
    )  # fmt: skip
    return story.touchpoints
