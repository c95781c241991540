"""A disputed charge is decided on the third day; the two calls meanwhile are about other things.

Look-alike of a hard dispute: the customer did not have to ask about it once.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "contact_frequency",
        "cumulative_effort",
        "dispute_hard",
        "recurring_billing_confusion",
        "repeat_contact",
        "stale_issue",
    }
)
SPAN_D = 45
ALIKE = frozenset({"dispute_hard", "recurring_billing_confusion"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    dispute = {"dispute_id": story.name("dispute"), "issue_id": story.name("charge")}
    story.say("dispute.opened", amount_minor=4500, currency="EUR", **dispute)
    for l1, l2 in (("account", "password"), ("product", "export")):
        story.about(days=1)
        call = story.contact(l1, l2)
        story.answered(call, "general", wait_s=30)
        story.solved(call)
    story.about(hours=16)
    story.say("dispute.resolved", outcome="upheld", **dispute)
    return story.touchpoints
