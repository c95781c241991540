"""The articles' own story of a renewal, told to the whole catalogue (catalogue section 9).

What they say must be said, by whom it must be said; and what they say must not be, is not.
"""

from tests.story import DAY_MS, START_MS, Story, day


def account(calls: int, csat: int) -> Story:
    """Fifty thousand euros a year; calls about one report, none of which mends it."""
    story = Story().tell("customer.profile_changed", segment="business", tier="2")
    story.tell(
        "account.contract_changed",
        acv_minor=5_000_000,
        currency="EUR",
        starts_on=day(-270),
        ends_on=day(95),
        term_months=12,
    )
    story.tell("invoice.issued", invoice_id="v-1", amount_minor=416_667, currency="EUR")
    story.tell(
        "promise.made",
        promise_id="p-1",
        kind="fix",
        made_by="sales",
        due_at=START_MS + 4 * DAY_MS,
    )
    for number in range(calls):
        contact = {"contact_id": f"k-{number + 1}"}
        story.contact("product/reporting", issue_id="i-1").after(minutes=4)
        story.tell("contact.answered", queue="technical", wait_s=240, **contact)
        story.after(minutes=12).tell("contact.ended", outcome="pending", talk_s=720, **contact)
        story.after(minutes=5).tell(
            "survey.responded",
            kind="csat",
            score=csat,
            scale_min=1,
            scale_max=5,
            higher_is_better=True,
            **contact,
        )
        story.after(days=6)
    return story


def test_story_11_fifty_thousand_sixty_days_grade_e():
    """Sixty days before the renewal the account is told, with its grade, its money and its reasons.

    The effort of the period weighs most; the broken promise of sales and the issue that came back
    are in it; and whoever looks after the account is told, not the service desk.
    """
    story = account(calls=5, csat=1).quiet(days=6)
    said = [a for a in story.alerts if a["kind"] == "renewal_risk_rollup"]

    assert [(a["occurred_at"][:10], a["reason"]["code"]) for a in said] == [(day(35), "grade_e")]
    (alert,) = said
    assert (alert["severity"], alert["stage"]) == (4, "renewal_window")
    assert "grade E, 60 days before the renewal of 50000.00 EUR a year" in alert["reason"]["text"]
    # 15 % of the two months left and the twelve to follow.
    assert (alert["revenue_at_risk_minor"], alert["currency"]) == (873_203, "EUR")
    assert alert["priority"] == 100
    assert alert["owner_team"] == "account_management"
    assert {one["type"] for one in alert["evidence"]} >= {"contact.started", "survey.responded"}


def test_story_11_with_a_quarter_like_any_other():
    """The same money, the same days: asked once, answered, and liked. Nothing is said of it."""
    story = Story().tell(
        "account.contract_changed", acv_minor=5_000_000, currency="EUR", ends_on=day(95)
    )
    story.contact("product/reporting").after(minutes=8)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved").quiet(days=90)

    assert [a for a in story.alerts if a["kind"] == "renewal_risk_rollup"] == []


def test_story_11_told_through_a_crash_says_the_same():
    """The worker dies on the eve of the day: the timer was in the journey."""
    whole, torn = account(5, 1).quiet(days=6), account(5, 1).quiet(days=4).crash().quiet(days=2)

    assert whole.alerts == torn.alerts
