"""A mail answered by a person within the half hour and settled the same day.

Near miss of an unanswered inquiry.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 6


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.name("case")
    mail = story.contact("account", "data_export", channel="email", case_id=case_id)
    story.say("case.opened", case_id=case_id, contact_id=mail, channel="email", priority=3)
    story.after(minutes=28)
    story.say(
        "case.response_sent", case_id=case_id, kind="human", substantive=True, next_step=True,
        direction="outbound", channel="email",
    )  # fmt: skip
    story.about(hours=3)
    story.say("case.resolved", case_id=case_id, by="agent", resolution_code="answered")
    story.about(days=1)
    story.say("case.closed", case_id=case_id, by="system")
    return story.touchpoints
