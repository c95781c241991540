"""Three days late, and a quick, polite answer that says neither why nor when.

Catalogue section 9, story 2; S0-10.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"delay_chain", "answered_not_solved", "hollow_first_response"})
SILENT = frozenset({"unanswered_inquiry", "transfer_burden", "repeat_contact", "false_resolution"})
SPAN_D = 14
SINCE = {
    "delay_chain": ("order.delayed", 1),
    "answered_not_solved": ("case.response_sent", 1),
    "hollow_first_response": ("case.response_sent", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    order = {"order_id": story.name("order")}
    story.say(
        "order.placed",
        promised_at=story.from_now(days=3),
        amount_minor=8900,
        currency="EUR",
        **order,
    )
    story.after(days=2)
    story.say(
        "order.delayed",
        old_eta=story.from_now(days=1),
        delay_s=3 * 86_400,
        cause="carrier",
        **order,
    )
    story.after(minutes=20)
    story.say("notification.sent", about=story.name(1), trigger="problem", proactive=True, **order)
    story.after(days=2)
    case_id = story.name("case")
    mail = story.contact("order", "where_is_it", channel="email", case_id=case_id, **order)
    story.say("case.opened", case_id=case_id, contact_id=mail, channel="email", priority=3, **order)
    story.after(minutes=12)
    story.say(
        "case.response_sent", case_id=case_id, kind="human", substantive=False, next_step=False,
        direction="outbound", channel="email",
    )  # fmt: skip
    story.after(days=2)
    story.say("order.delivered", **order)
    story.about(hours=2)
    story.say("case.resolved", case_id=case_id, by="agent", resolution_code="delivered")
    return story.touchpoints
