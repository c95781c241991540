"""The desk needs a document and says so in the status; the customer takes four days to send it.

Look-alike of an unanswered inquiry: it is not the company that is waited for.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {
        "contact_frequency",
        "cumulative_effort",
        "hollow_first_response",
        "repeat_contact",
        "stale_issue",
        "unanswered_inquiry",
    }
)
SPAN_D = 12
ALIKE = frozenset({"unanswered_inquiry"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.mail("account", "data_export")
    story.after(minutes=30)
    story.say("case.status_changed", case_id=case_id, status="waiting_for_customer")
    story.after(days=2, hours=12)
    story.say("case.customer_replied", case_id=case_id, channel="email", direction="inbound")
    story.after(minutes=40)
    story.replied(case_id)
    story.case_solved(case_id)
    return story.touchpoints
