"""A charge disputed, one call, decided in the customer's favour on the second day.

Near miss of a hard dispute.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "dispute_hard",
        "bill_shock",
        "payment_trouble",
        "repeat_contact",
        "cumulative_effort",
        "stale_issue",
    }
)
SPAN_D = 45
NEARLY = {"dispute_hard": {"open_d": 1.5}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    ids = {"dispute_id": story.name("dispute"), "issue_id": story.name("charge")}
    call = story.contact("billing", "dispute", issue_id=ids["issue_id"])
    story.answered(call, "billing", wait_s=60)
    story.say("dispute.opened", amount_minor=4500, currency="EUR", **ids)
    story.solved(call, agent_says_resolved=False, outcome="pending")
    story.after(days=2)
    story.say("dispute.resolved", outcome="upheld", **ids)
    story.after(minutes=5)
    called = story.contact(
        "billing", "dispute", channel="email", issue_id=ids["issue_id"], direction="outbound"
    )
    story.solved(called, talk_min=1)
    return story.touchpoints
