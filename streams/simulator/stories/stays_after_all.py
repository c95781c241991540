"""A request to cancel, and within the hour the customer takes it back.

Look-alike of a mishandled leave-taking: nobody had to call, because there was nothing to save.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"leaving"})
SILENT = frozenset(
    {"bad_experience_score", "happy_but_leaving", "leaving:mishandled", "repeat_contact"}
)
SPAN_D = 30
ALIKE = frozenset({"leaving:mishandled"})
SINCE = {"leaving": ("cancel.requested", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("cancel.requested", reason_codes=["moving"], voluntary=True, channel="web")
    story.after(minutes=50)
    story.say("customer.reactivated")
    return story.touchpoints
