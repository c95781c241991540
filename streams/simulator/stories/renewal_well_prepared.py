"""A review, a month later the renewal window, then a good talk and a signature.

Look-alike of a mishandled renewal: nobody calls at once, because the ground was prepared.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"renewal_conversation"})
SILENT = frozenset(
    {"happy_but_leaving", "leaving", "renewal_conversation:mishandled", "renewal_risk_rollup"}
)
SPAN_D = 60
ALIKE = frozenset({"renewal_conversation:mishandled"})
SINCE = {"renewal_conversation": ("renewal.window_opened", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("customer.profile_changed", segment="business", tier="2")
    story.say(
        "account.contract_changed", acv_minor=1_200_000, currency="EUR", starts_on=story.day(-275),
        ends_on=story.day(120), term_months=12,
    )  # fmt: skip

    story.after(hours=2)
    story.say("account.touch", kind="review", proactive=True)
    story.after(days=30)
    story.say("renewal.window_opened", ends_on=story.day(90), days_left=90)
    story.after(days=10)
    story.say("renewal.conversation", tone="relational", initiator="company")
    story.after(days=5)
    story.say("renewal.decided", outcome="renewed", value_minor=1_200_000)
    return story.touchpoints
