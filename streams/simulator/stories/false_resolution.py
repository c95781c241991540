"""Resolved, says the desk; not so, says the customer, and the case comes back the next day."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"false_resolution"})
SILENT = frozenset(
    {"transfer_burden", "wait_excess", "escalation_ladder", "bill_shock", "unanswered_inquiry"}
)
SPAN_D = 6
SINCE = {"false_resolution": ("case.reopened", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.name("case")
    mail = story.contact("technical", "sync", channel="email", case_id=case_id)
    story.say("case.opened", case_id=case_id, contact_id=mail, channel="email", priority=3)
    _replied(story, case_id)
    story.about(hours=3)
    story.say("case.resolved", case_id=case_id, by="agent", resolution_code="configuration")
    story.about(days=1)
    story.say("case.reopened", case_id=case_id, by="customer")
    _replied(story, case_id)
    story.about(hours=4)
    story.say("case.resolved", case_id=case_id, by="agent", resolution_code="fix")
    story.about(hours=4)
    story.say("case.closed", case_id=case_id, by="system")
    return story.touchpoints


def _replied(story: Telling, case_id: str) -> None:
    story.after(minutes=25)
    story.say(
        "case.response_sent", case_id=case_id, kind="human", substantive=True, next_step=True,
        direction="outbound", channel="email",
    )  # fmt: skip
