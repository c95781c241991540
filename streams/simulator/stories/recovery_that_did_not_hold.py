"""A voucher for the damaged parcel; and four days later the customer calls about it again.

Something was made good, and it was not good.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"recovery", "recovery:mishandled", "repeat_contact"})
SILENT = frozenset({"contact_frequency", "cumulative_effort", "transfer_burden"})
SPAN_D = 60
SINCE = {
    "recovery": ("recovery.action_taken", 1),
    "recovery:mishandled": ("contact.started", 3),
    "repeat_contact": ("contact.started", 3),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    issue_id = story.name("parcel")
    call = story.contact("order", "damaged", issue_id=issue_id)
    story.answered(call, "orders", wait_s=30)
    story.solved(call)
    story.about(hours=2)
    story.say("recovery.action_taken", kind="voucher", cost_minor=1500, issue_id=issue_id)

    story.after(days=1)
    called = story.contact("order", "damaged", issue_id=issue_id, direction="outbound")
    story.solved(called, talk_min=2)
    story.after(days=3)
    call = story.contact("order", "damaged", issue_id=issue_id)
    story.answered(call, "orders", wait_s=30)
    story.solved(call)
    return story.touchpoints
