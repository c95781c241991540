"""Two errors and a failed payment, and not a word from the customer (section 9, story 9; S1-15)."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"silent_sufferer", "payment_trouble"})
SILENT = frozenset({"repeat_contact", "bill_shock", "unanswered_inquiry", "cumulative_effort"})
SPAN_D = 6
SINCE = {"silent_sufferer": ("product.error", 2), "payment_trouble": ("payment.failed", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        story.say("product.error", severity=3, feature="transfer", code="E42")
        story.about(hours=7)
    story.say(
        "payment.failed", attempt_no=1, max_attempts=4, decline="soft", amount_minor=2990,
        currency="EUR", actor={"kind": "system"},
    )  # fmt: skip
    return story.touchpoints
