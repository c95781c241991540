"""The renewal window opens, and forty hours later the account manager calls.

Near miss of a mishandled renewal: two days to the first word are the standard.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"renewal_conversation"})
SILENT = frozenset(
    {"leaving", "renewal_conversation:mishandled", "renewal_risk_rollup", "repeat_contact"}
)
SPAN_D = 30
NEARLY = {"renewal_conversation:mishandled": {"first_word_h": 24}}
SINCE = {"renewal_conversation": ("renewal.window_opened", 1)}


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
    story.after(hours=40)
    story.say("account.touch", kind="check_in", proactive=True)
    return story.touchpoints
