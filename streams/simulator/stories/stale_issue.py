"""Answered at once and politely, kept informed, and not solved for eight days."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"stale_issue"})
SILENT = frozenset(
    {
        "unanswered_inquiry",
        "repeat_contact",
        "transfer_burden",
        "false_resolution",
        "contact_frequency",
        "broken_promise",
    }
)
SPAN_D = 18
SINCE = {"stale_issue": ("contact.started", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.name("case")
    mail = story.contact("technical", "sync", channel="email", case_id=case_id)
    story.say("case.opened", case_id=case_id, contact_id=mail, channel="email", priority=3)
    for _ in range(4):
        story.after(minutes=20)
        story.say(
            "case.response_sent", case_id=case_id, kind="human", substantive=True, next_step=True,
            direction="outbound", channel="email",
        )  # fmt: skip
        story.about(days=2)
    story.say("case.resolved", case_id=case_id, by="agent", resolution_code="fix")
    return story.touchpoints
