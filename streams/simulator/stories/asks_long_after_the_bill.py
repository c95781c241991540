"""A call about the first bill, and one about the second, twelve days after it had come.

Near miss of bills that have to be explained: after ten days it is no longer the bill that asks.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "bill_shock",
        "dispute_hard",
        "payment_trouble",
        "recurring_billing_confusion",
        "recurring_issue",
        "repeat_contact",
    }
)
SPAN_D = 100
NEARLY = {"recurring_billing_confusion": {"after_d": 14}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for days in (4, 12, 40):
        invoice_id = story.billed(3000)
        story.after(days=days)
        if days < 40:
            call = story.contact("billing", "due_date", issue_id=story.name(f"question{days}"))
            story.answered(call, "billing", wait_s=30)
            story.solved(call)
            story.paid(invoice_id, 3000)
            story.after(days=30 - days)
    return story.touchpoints
