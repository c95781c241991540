"""The parcel will be late, the shop knows, and an hour later the customer still does not.

Catalogue section 9, story 3; S0-06.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"delay_without_notice"})
SILENT = frozenset({"delay_chain", "repeat_contact", "silent_sufferer", "unanswered_inquiry"})
SPAN_D = 5
NEARLY = {"delay_chain": {"late_d": 0.4, "changes": 1}}
SINCE = {"delay_without_notice": ("order.delayed", 1)}


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
        "order.delayed", old_eta=story.from_now(days=1), new_eta=story.from_now(days=1.5),
        delay_s=43_200, cause="carrier", **order,
    )  # fmt: skip
    story.after(days=1.5)
    story.say("order.delivered", **order)
    return story.touchpoints
