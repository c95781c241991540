"""Answered at once and solved after two days and twenty hours.

Near miss of a stale issue: three days are the limit.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"stale_issue", "unanswered_inquiry", "repeat_contact", "cumulative_effort", "false_resolution"}
)
SPAN_D = 18
NEARLY = {"stale_issue": {"first_d": 2.5}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.name("case")
    mail = story.contact("technical", "sync", channel="email", case_id=case_id)
    story.say("case.opened", case_id=case_id, contact_id=mail, channel="email", priority=3)
    story.after(minutes=20)
    story.say(
        "case.response_sent", case_id=case_id, kind="human", substantive=True, next_step=True,
        direction="outbound", channel="email",
    )  # fmt: skip
    story.after(days=2, hours=19)
    story.say("case.resolved", case_id=case_id, by="agent", resolution_code="fix")
    story.after(days=2)
    story.say("case.closed", case_id=case_id, by="system")
    return story.touchpoints
