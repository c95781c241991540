"""The contract has ten weeks to go, and all is quiet.

Look-alike of a renewal conversation: the window is the company's to open.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS | {"renewal_conversation", "renewal_conversation:mishandled"}
SPAN_D = 30
ALIKE = frozenset({"renewal_conversation"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("customer.profile_changed", segment="business", tier="2")
    story.say(
        "account.contract_changed", acv_minor=1_200_000, currency="EUR", starts_on=story.day(-275),
        ends_on=story.day(70), term_months=12,
    )  # fmt: skip
    return story.touchpoints
