"""The same known fault, reported on day 0, 7 and 14, and never mended.

Catalogue section 9, story 5; S0-17.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"recurring_issue", "repeat_contact", "stale_issue"})
SILENT = frozenset({"transfer_burden", "wait_excess", "false_resolution", "contact_frequency"})
SPAN_D = 35
SINCE = {
    "recurring_issue": ("product.error", 3),
    "repeat_contact": ("contact.started", 2),
    "stale_issue": ("contact.started", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say(
        "product.known_issue_updated", known_issue_id="KI-118", status="open",
        opened_at=story.from_now(days=-5),
    )  # fmt: skip
    for week in range(3):
        if week:
            story.after(days=7)
        story.say(
            "product.error", severity=2, feature="statement", code="E118", known_issue_id="KI-118"
        )
        story.after(minutes=10)
        call = story.contact("product", "statement", known_issue_id="KI-118")
        story.answered(call, "technical", wait_s=30)
        story.unsolved(call)
    return story.touchpoints
