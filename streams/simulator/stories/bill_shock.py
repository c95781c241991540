"""Three bills of thirty, then one of fifty-four, and no change of plan to explain it."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"bill_shock"})
SILENT = frozenset(
    {
        "payment_trouble",
        "dispute_hard",
        "recurring_billing_confusion",
        "repeat_contact",
        "cumulative_effort",
    }
)
SPAN_D = 100
SINCE = {"bill_shock": ("invoice.issued", 4)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for amount_minor in (3000, 2950, 3050, 5400):
        invoice_id = story.name(f"invoice{len(story.touchpoints)}")
        story.say(
            "invoice.issued", invoice_id=invoice_id, amount_minor=amount_minor, currency="EUR",
            due_on=story.day(14), plan_changed=False,
        )  # fmt: skip
        story.about(days=5)
        story.say(
            "payment.succeeded", invoice_id=invoice_id, attempt_no=1, amount_minor=amount_minor,
            currency="EUR",
        )  # fmt: skip
        story.after(days=25)
    return story.touchpoints
