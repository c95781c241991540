"""The product fails and fails, and so does the payment; nobody else does anything wrong.

Near miss of compounding friction: much trouble, in two domains.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"payment_trouble"})
SILENT = frozenset({"compounding_friction", "repeat_contact", "onboarding_friction", "bill_shock"})
SPAN_D = 30
NEARLY = {"compounding_friction": {"domains": 2}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for day in range(3):
        story.about(hours=20)
        story.say("product.error", severity=3, feature="export", code="E_TIMEOUT")
        story.about(hours=3)
        story.say(
            "payment.failed", invoice_id=story.name("invoice"), attempt_no=day + 1, max_attempts=4,
            decline="soft", amount_minor=2990, currency="EUR", actor={"kind": "system"},
        )  # fmt: skip
    story.about(hours=4)
    story.say("notification.sent", trigger="problem", proactive=True, channel="email")
    story.about(days=1)
    story.say(
        "payment.succeeded", invoice_id=story.name("invoice"), attempt_no=4, amount_minor=2990,
        currency="EUR",
    )  # fmt: skip
    return story.touchpoints
