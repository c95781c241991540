"""A credit for the dead line, a good answer, and the line is dead again after fifteen days.

Near miss of a recovery that failed: two weeks of quiet were enough.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"recovery_verified", "recovery"})
SILENT = frozenset({"recovery_verified:failed", "recovery:mishandled", "transfer_burden"})
SPAN_D = 40
NEARLY = {"recovery_verified:failed": {"quiet_after_d": 16}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("line", "dead", issue_id=story.name("line"))
    story.answered(call, "technical", wait_s=60)
    story.solved(call, talk_min=9)
    story.after(hours=2)
    story.say("recovery.action_taken", kind="credit", issue_id=story.name("line"), cost_minor=1500)
    story.after(days=1)
    story.say("survey.sent", kind="csat", scope="interaction", contact_id=call)
    story.after(hours=2)
    story.csat(5, call)
    story.after(days=14)
    again = story.contact("line", "dead", issue_id=story.name("line"))
    story.answered(again, "technical", wait_s=60)
    story.solved(again, talk_min=9)
    return story.touchpoints
