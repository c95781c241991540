"""The card is declined three times over a week, then it works."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"first_thing_goes_wrong", "payment_trouble"})
SILENT = frozenset(
    {"bill_shock", "dispute_hard", "repeat_contact", "onboarding_stall", "cumulative_effort"}
)
SPAN_D = 16
SINCE = {"payment_trouble": ("payment.failed", 1), "first_thing_goes_wrong": ("payment.failed", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    invoice_id = story.name("invoice")
    story.say(
        "invoice.issued", invoice_id=invoice_id, amount_minor=2990, currency="EUR",
        due_on=story.day(3), plan_changed=False,
    )  # fmt: skip
    story.about(days=2)
    for attempt in range(1, 4):
        story.say(
            "payment.failed", invoice_id=invoice_id, attempt_no=attempt, max_attempts=4,
            decline="soft", amount_minor=2990, currency="EUR", actor={"kind": "system"},
        )  # fmt: skip
        story.about(days=2)
    story.say(
        "payment.succeeded", invoice_id=invoice_id, attempt_no=4, max_attempts=4,
        amount_minor=2990, currency="EUR", actor={"kind": "system"},
    )  # fmt: skip
    return story.touchpoints
