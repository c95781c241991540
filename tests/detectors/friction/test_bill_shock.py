"""A bill must not come as a shock (BI2)."""

import pytest

from tests.story import Story, policy_of

KIND = "bill_shock"


def bill(story, amount_minor, days=30.0, **fields):
    """One invoice, so many days on; named i-1, i-2 … in the order told."""
    number = sum(t["type"] == "invoice.issued" for t in story.told) + 1
    return story.after(days=days).tell(
        "invoice.issued",
        **{"invoice_id": f"i-{number}", "amount_minor": amount_minor, "currency": "EUR", **fields},
    )


def usual(policy=None, amounts=(3000, 2950, 3050), **fields):
    """A customer with three ordinary bills."""
    story = Story(policy, only=KIND)
    for amount in amounts:
        bill(story, amount, **fields)
    return story


def told(story):
    """Each alert as action, severity, reason and invoice."""
    return [
        (a["action"], a["severity"], a["resolved_reason"] or a["reason"]["code"], a["object_id"])
        for a in story.alerts
    ]


def test_a_bill_much_higher_than_usual():
    """Half as much again as the usual bill, and nothing to explain it."""
    story = Story(only=KIND)
    for amount in (3000, 2950, 3050, 5400):
        bill(story, amount, days=7)

    assert told(story) == [("trigger", 3, "bill_shock", "i-4")]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "1.8 times the usual bill: 54.00 EUR instead of 30.00 EUR"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-2", "e-3"]
    assert (alert["number"], alert["threshold"]) == (1.8, 1.5)


def test_twice_the_usual_bill_is_severe():
    """Double is worse, and wants a call before the bill is due."""
    story = bill(usual(), 6000)

    assert told(story) == [("trigger", 4, "bill_shock", "i-4")]
    assert "instalments" in story.alerts[0]["suggested_action"]


def test_the_next_normal_bill_ends_it():
    """Back to the usual amount: the shock was one."""
    story = bill(bill(usual(), 5400), 3000)

    assert told(story)[1:] == [("resolve", 3, "next_bill_normal", "i-4")]


def test_a_second_shock_is_its_own():
    """Two high bills in a row are two invoices to explain; a normal one ends both."""
    story = bill(bill(bill(usual(), 6000), 6100), 3000)

    assert told(story)[1:] == [
        ("trigger", 4, "bill_shock", "i-5"),
        ("resolve", 4, "next_bill_normal", "i-4"),
        ("resolve", 4, "next_bill_normal", "i-5"),
    ]


def test_a_correction_ends_it():
    """The same invoice issued again with the right amount takes the shock back."""
    story = bill(bill(usual(), 9000), 3000, days=1, invoice_id="i-4")

    assert told(story)[1:] == [("resolve", 4, "corrected", "i-4")]


def test_what_a_late_word_explains_is_over():
    """A notice sent before the bill but heard of after it still explains it."""
    story = bill(usual(), 5400)
    story.after(days=-2).tell("notification.sent", proactive=True, invoice_id="i-4")

    assert told(story)[1:] == [("resolve", 3, "explained", "i-4")]


def test_a_high_bill_that_says_the_plan_changed_is_explained():
    """The invoice's own word that the plan changed is enough."""
    assert bill(usual(), 9000, plan_changed=True).lines == []


def test_after_a_change_of_plan_the_usual_bill_is_another_one():
    """The bills that follow are not compared with those of the plan before."""
    story = bill(usual(), 9000, plan_changed=True)
    bill(bill(story, 9000), 9100)
    assert story.lines == []

    assert told(bill(story, 14_000)) == [("trigger", 3, "bill_shock", "i-7")]


@pytest.mark.parametrize(
    "change",
    [
        {"type_": "plan.changed", "initiated_by": "customer"},
        {"type_": "plan.changed"},
        {"type_": "plan.changed", "initiated_by": "company", "notice_days": 30},
        {"type_": "price.changed", "initiated_by": "company", "notice_days": 30},
    ],
)
def test_a_change_the_customer_wanted_or_was_told_of_explains(change):
    """A plan the customer chose, or a price announced in time, is no surprise."""
    story = usual().after(days=10).tell(**change)

    assert bill(bill(story, 6000), 6000).lines == []


@pytest.mark.parametrize(
    "change",
    [
        {"type_": "price.changed"},
        {"type_": "price.changed", "notice_days": 0},
        {"type_": "plan.changed", "initiated_by": "company"},
    ],
)
def test_a_change_nobody_announced_is_the_shock_itself(change):
    """A price raised silently explains nothing to the customer."""
    assert len(bill(usual().after(days=10).tell(**change), 6000).lines) == 1


def test_a_change_announced_by_a_notice_about_it():
    """A silent change of price is explained once a proactive notice is about it."""
    story = usual().after(days=10).tell("price.changed", event_id="price-up")
    story.after(days=1).tell("notification.sent", proactive=True, about="price-up")

    assert bill(story, 6000).lines == []


@pytest.mark.parametrize(
    "notice",
    [
        {"invoice_id": "i-4"},
        {"reason": "billing/increase"},
    ],
)
def test_a_notice_before_the_bill_explains_it(notice):
    """Told beforehand that it will be high: no shock."""
    story = usual().after(days=29).tell("notification.sent", proactive=True, **notice)

    assert bill(story, 6000, days=1).lines == []


@pytest.mark.parametrize(
    "notice",
    [
        {"proactive": False, "invoice_id": "i-4"},
        {"proactive": True, "reason": "product/news"},
        {"proactive": True},
    ],
)
def test_a_notice_about_something_else_explains_nothing(notice):
    """An answer, or news, is no explanation of a bill."""
    story = usual().after(days=29).tell("notification.sent", **notice)

    assert len(bill(story, 6000, days=1).lines) == 1


def test_a_notice_explains_one_bill():
    """Told of one high bill, the customer was not told of the next."""
    story = usual().after(days=29).tell("notification.sent", proactive=True, reason="billing/once")

    assert [a["object_id"] for a in bill(bill(story, 6000, days=1), 6000).alerts] == ["i-5"]


def test_too_few_bills_to_compare_with():
    """With two bills nobody can say what is usual."""
    assert bill(usual(amounts=(3000, 3000)), 9000).lines == []


@pytest.mark.parametrize(("amount_minor", "count"), [(4499, 0), (4500, 1)])
def test_the_ratio_is_inclusive(amount_minor, count):
    """Exactly one and a half times the usual bill counts."""
    assert len(bill(usual(), amount_minor).lines) == count


def test_a_small_sum_is_no_shock_however_large_the_ratio():
    """Four euros instead of two hurt nobody."""
    assert bill(usual(amounts=(200, 200, 200)), 400).lines == []


def test_the_median_forgives_one_odd_bill():
    """One high bill in the past does not make the next high one usual, nor a normal one low."""
    story = bill(usual(amounts=(3000, 9000, 3000)), 6000)

    assert told(story) == [("trigger", 4, "bill_shock", "i-4")]


def test_products_and_currencies_are_compared_with_themselves():
    """A dear product beside a cheap one, or a trip abroad, is no increase."""
    story = usual()
    for _ in range(3):
        bill(story, 20_000, product_id="fibre")
        bill(story, 500_000, currency="JPY")

    assert bill(story, 3100).lines == []


def test_credit_notes_are_no_bills():
    """An invoice of nothing or less neither shocks nor counts as usual."""
    story = bill(bill(usual(), 0), -3000)

    assert bill(story, 3000).lines == []


def test_limits_are_the_policys():
    """Ratio and least increase can be changed by name."""
    policy = policy_of(detectors={KIND: {"ratio": 1.2, "increase_min_minor": 100}})

    assert len(bill(usual(policy), 3700).lines) == 1


def test_it_survives_a_restart():
    """What is usual is part of the journey."""
    story = usual().crash()

    assert len(bill(story, 6000).lines) == 1
