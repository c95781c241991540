"""A credit for the dead line, a day later asked whether it is well; on the tenth day dead again.

The moment of recovery was handled well; what it was to repair is not repaired (S1-27).
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"recovery_verified", "recovery_verified:failed", "recovery"})
SILENT = frozenset({"recovery:mishandled", "repeat_information", "transfer_burden"})
SPAN_D = 40
SINCE = {"recovery_verified:failed": ("contact.started", 2)}


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
    story.after(days=9)
    again = story.contact("line", "dead", issue_id=story.name("line"))
    story.answered(again, "technical", wait_s=60)
    story.solved(again, talk_min=9)
    return story.touchpoints
