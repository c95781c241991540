"""A complaint in writing, answered within the hour; no regulator is asked to look at it.

Look-alike of a critical escalation: a complaint is one only before an authority.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bad_experience_score", "first_thing_goes_wrong"})
SILENT = frozenset(
    {"critical_escalation", "critical_escalation:mishandled", "escalation_ladder", "repeat_contact"}
)
SPAN_D = 30
ALIKE = frozenset({"critical_escalation"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("complaint.filed", severity=2, regulatory=False, channel="post", direction="inbound")
    story.after(minutes=40)
    called = story.contact("order", "wrong_item", direction="outbound")
    story.solved(called)
    return story.touchpoints
