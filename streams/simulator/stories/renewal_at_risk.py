"""Fifty thousand a year, sixty days to the renewal, and a quarter nobody would renew after.

Catalogue section 9, story 11; S4-04, S4-29.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset(
    {
        "bad_experience_score",
        "broken_promise",
        "recurring_issue",
        "renewal_conversation",
        "renewal_conversation:mishandled",
        "renewal_risk_rollup",
        "repeat_contact",
        "stale_issue",
    }
)
SILENT = frozenset({"transfer_burden", "bill_shock", "onboarding_stall"})
SPAN_D = 45
SINCE = {
    "renewal_risk_rollup": ("renewal.window_opened", 1),
    "repeat_contact": ("contact.started", 2),
    "broken_promise": ("promise.made", 1),
    "bad_experience_score": ("survey.responded", 1),
    "stale_issue": ("contact.started", 1),
    "recurring_issue": ("contact.started", 3),
    "renewal_conversation": ("renewal.window_opened", 1),
    "renewal_conversation:mishandled": ("renewal.window_opened", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("customer.profile_changed", segment="business", tier="1")
    story.say(
        "account.contract_changed", acv_minor=5_000_000, currency="EUR",
        starts_on=story.day(-280), ends_on=story.day(85), term_months=12,
    )  # fmt: skip
    story.say(
        "promise.made", promise_id=story.name("fix"), kind="fix", made_by="sales",
        due_at=story.from_now(days=4),
    )  # fmt: skip
    for number in range(4):
        call = story.contact("product", "reporting", issue_id=story.name("reporting"))
        story.answered(call, "technical", wait_s=200)
        story.unsolved(call, talk_min=12)
        story.after(minutes=5)
        story.csat(1 + number % 2, call)
        story.after(days=6)
    story.say("renewal.window_opened", ends_on=story.day(60), days_left=60)
    return story.touchpoints
