"""A charge disputed, called about twice, and undecided for a fortnight."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"dispute_hard", "repeat_contact"})
SILENT = frozenset(
    {
        "bill_shock",
        "payment_trouble",
        "transfer_burden",
        "contact_frequency",
        "recurring_billing_confusion",
    }
)
SPAN_D = 45
SINCE = {"dispute_hard": ("dispute.opened", 1), "repeat_contact": ("contact.started", 2)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    ids = {"dispute_id": story.name("dispute"), "issue_id": story.name("charge")}
    story.say("dispute.opened", amount_minor=4500, currency="EUR", **ids)
    for _ in range(2):
        story.about(days=3)
        call = story.contact("billing", "dispute", issue_id=ids["issue_id"])
        story.answered(call, "billing", wait_s=60)
        story.unsolved(call)
    story.about(days=8)
    story.say("dispute.resolved", outcome="upheld", **ids)
    return story.touchpoints
