"""The renewal window opens, and nobody says a word for a week.

Who has not been touched for a quarter is owed a first word within two days.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"renewal_conversation", "renewal_conversation:mishandled"})
SILENT = frozenset({"leaving", "renewal_risk_rollup", "repeat_contact"})
SPAN_D = 30
SINCE = {
    "renewal_conversation": ("renewal.window_opened", 1),
    "renewal_conversation:mishandled": ("renewal.window_opened", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("customer.profile_changed", segment="business", tier="2")
    story.say(
        "account.contract_changed", acv_minor=1_200_000, currency="EUR", starts_on=story.day(-275),
        ends_on=story.day(90), term_months=12,
    )  # fmt: skip

    story.after(hours=2)
    story.say("renewal.window_opened", ends_on=story.day(90), days_left=90)
    story.after(days=7)
    story.say("account.touch", kind="check_in", proactive=True)
    return story.touchpoints
