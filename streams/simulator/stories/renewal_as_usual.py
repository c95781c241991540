"""A large contract comes to its end, is talked about, and is renewed: nothing was the matter.

Look-alike of a renewal at risk: the window, the conversation and the money are all there.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"renewal_risk_rollup", "compounding_friction", "happy_but_leaving"})
SPAN_D = 140
ALIKE = frozenset({"renewal_risk_rollup"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("customer.profile_changed", segment="enterprise", tier="1")
    story.say(
        "account.contract_changed", acv_minor=12_000_000, currency="EUR",
        starts_on=story.day(-240), ends_on=story.day(125), term_months=12,
    )  # fmt: skip
    for _ in range(3):
        story.about(days=9)
        story.say("account.touch", kind="check_in", proactive=True)
    question = story.contact("product", "export")
    story.answered(question, "technical", wait_s=20)
    story.solved(question)
    story.after(minutes=10)
    story.csat(5, question)
    story.about(days=10)
    story.say("renewal.window_opened", ends_on=story.day(85), days_left=85)
    story.about(days=12)
    story.say("renewal.conversation", tone="relational", initiator="company")
    story.about(days=9)
    story.say("renewal.decided", outcome="renewed", value_minor=12_000_000, currency="EUR")
    story.say("account.contract_changed", ends_on=story.day(430))
    return story.touchpoints
