"""Two calls about one report, middling scores, and the renewal sixty days off: grade C.

Near miss of a renewal at risk: not what anybody hopes for, and not yet what one has to call about.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"repeat_contact"})
SILENT = frozenset({"renewal_risk_rollup", "broken_promise", "bill_shock"})
SPAN_D = 60
NEARLY = {"renewal_risk_rollup": {"grade_d": 31}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say(
        "account.contract_changed", acv_minor=2_400_000, currency="EUR",
        starts_on=story.day(-280), ends_on=story.day(85), term_months=12,
    )  # fmt: skip
    for number in range(2):
        call = story.contact("product", "reporting", issue_id=story.name("reporting"))
        story.answered(call, "technical", wait_s=60)
        if number:
            story.solved(call)
        else:
            story.unsolved(call)
        story.after(minutes=5)
        story.csat(3, call)
        story.after(days=4)
    story.after(days=17)
    story.say("renewal.window_opened", ends_on=story.day(60), days_left=60)
    return story.touchpoints
