"""The parcel will be late, and fifty-nine minutes later the customer has been told.

Near miss of a delay without notice (section 9, story 3).
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"delay_without_notice", "delay_chain", "silent_sufferer", "repeat_contact"})
SPAN_D = 5
NEARLY = {"delay_without_notice": {"notice_min": 58}}


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
    delay = story.say(
        "order.delayed", old_eta=story.from_now(days=1), new_eta=story.from_now(days=1.5),
        delay_s=43_200, cause="carrier", **order,
    )  # fmt: skip
    story.after(minutes=58)
    story.say("notification.sent", about=delay, trigger="problem", proactive=True, **order)
    story.after(days=1.5)
    story.say("order.delivered", **order)
    return story.touchpoints
