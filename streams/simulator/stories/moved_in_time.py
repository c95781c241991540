"""A fix for Friday becomes a fix for Monday, said on Thursday; and on Monday it is there.

Look-alike of a broken promise: a new date in time is not a broken one.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 10
ALIKE = frozenset({"broken_promise"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    promise_id = story.name("fix")
    call = story.contact("technical", "sync")
    story.answered(call, "technical", wait_s=25)
    story.say(
        "promise.made", promise_id=promise_id, kind="fix", made_by="service",
        due_at=story.from_now(days=1), contact_id=call,
    )  # fmt: skip
    story.solved(call)
    story.after(hours=20)
    story.say("promise.changed", promise_id=promise_id, due_at=story.from_now(days=1.5))
    story.after(days=1)
    story.say("promise.kept", promise_id=promise_id)
    return story.touchpoints
