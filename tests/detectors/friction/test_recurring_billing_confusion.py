"""A bill that has to be explained every month is not a good bill (BI3)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "recurring_billing_confusion"


def bill(story, number, days=30.0):
    """The bill of that number, so many days on."""
    return story.after(days=days).tell(
        "invoice.issued", invoice_id=f"v-{number}", amount_minor=3000, currency="EUR"
    )


def months(*asks, policy=None):
    """One bill a month; where ``asks`` says so the customer asks so many days after it."""
    story = Story(policy, only=KIND)
    for number, days in enumerate(asks):
        bill(story, number)
        if days is not None:
            story.after(days=days).contact("billing/unclear").after(days=-days)
    return story


def test_a_call_after_the_first_bill_and_one_after_the_second():
    """Two of the last bills had to be explained: said at the second call."""
    story = months(3, 3)

    assert story.lines == [
        "day 63 · trigger · recurring_billing_confusion · severity 4 · bills_need_explaining"
    ]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "2 of the last 2 bills led to 2 contacts about billing within 10 days"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-2", "e-3"]
    assert alert["cause_class"] == "billing"


def test_two_of_three():
    """One bill in between needed no explaining."""
    assert told(months(3, None, 3)) == [("trigger", 4, "bills_need_explaining")]
    assert "2 of the last 3 bills" in months(3, None, 3).alerts[0]["reason"]["text"]


@pytest.mark.parametrize(
    "asks", [(3,), (3, None, None), (None, None, None, 3), (3, None, None, 3), (11, 11, 11)]
)
def test_one_bill_only_or_much_later_is_silent(asks):
    """One of the last three, or after more than ten days."""
    assert months(*asks).lines == []


def test_many_calls_about_one_bill_are_one_confused_bill():
    """Hard it may be; recurring it is not."""
    story = bill(Story(only=KIND), 0)
    for _ in range(4):
        story.after(days=1).contact("billing/unclear")

    assert story.lines == []


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "technical/sync"},
        {"reason": "billing/bill", "direction": "outbound"},
        {"reason": "billing/bill", "invoice_id": "v-77"},
    ],
)
def test_what_is_not_about_the_bill(fields):
    """Another reason, a call of ours, or a bill of long ago."""
    story = Story(only=KIND)
    for number in range(3):
        bill(story, number).after(days=3).contact(**fields)

    assert story.lines == []


def test_whatever_its_reason_a_contact_that_names_the_bill_is_about_it():
    """An invoice id says more than a reason."""
    story = Story(only=KIND)
    for number in range(2):
        bill(story, number).after(days=3).contact("account/other", invoice_id=f"v-{number}")

    assert told(story) == [("trigger", 4, "bills_need_explaining")]


def test_two_bills_of_one_month_are_one_cycle():
    """Phone and internet are billed days apart: two questions about them are one month's."""
    story = Story(only=KIND)
    for number in range(2):
        bill(story, number, days=2).after(days=1).contact("billing/unclear")
    assert story.lines == []

    bill(story, 2).after(days=1).contact("billing/unclear")
    assert len(story.lines) == 1


def test_two_clean_cycles_end_it():
    """Two bills in a row that nobody asked about within ten days."""
    story = months(3, 3, None)
    assert len(story.quiet(days=20).lines) == 1

    bill(story, 3, days=10).quiet(days=11)
    assert story.lines[1:] == [
        "day 130 · resolve · recurring_billing_confusion · severity 4 · clean_cycles"
    ]


def test_asked_again_it_goes_on():
    """One clean bill and a question about the next: not over."""
    assert len(months(3, 3, None, 3, None).quiet(days=29).lines) == 1


@pytest.mark.parametrize(
    ("limits", "count"),
    [({"after_d": 2}, 0), ({"confused_cycles": 3}, 0), ({"reasons": ["bill"]}, 0), ({}, 1)],
)
def test_the_limits_are_the_policys(limits, count):
    """How soon, how often and what billing is: the policy's to say."""
    assert len(months(3, 3, policy=policy_of(detectors={KIND: limits})).lines) == count


def test_a_bill_told_again_is_the_same_bill():
    """A correction of a bill, days later, begins no new cycle."""
    story = bill(Story(only=KIND), 0).after(days=1).contact("billing/unclear")
    bill(story, 0, days=6).after(days=1).contact("billing/unclear")

    assert story.lines == []


def test_years_of_bills_stay_small():
    """Only the last cycles are kept; a restart in between changes nothing."""
    story = Story(only=KIND)
    for number in range(12):
        bill(story, number).crash()
    story.after(days=3).contact("billing/unclear").crash()
    bill(story, 12).after(days=3).contact("billing/unclear")

    assert told(story) == [("trigger", 4, "bills_need_explaining")]
