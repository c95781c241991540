"""Small troubles in several places are one large one (RN2)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "compounding_friction"
SCORE = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True}


def onboarding(story):
    """A step of the onboarding fails."""
    return story.tell("onboarding.step_failed", step="import", step_no=2)


def product(story, severity=3):
    """The product fails in the customer's hands."""
    return story.tell("product.error", severity=severity, feature="export", code="E7")


def support(story):
    """The customer is handed on without a word."""
    return story.contact("billing/bill").tell(
        "contact.transferred", contact_id="k-1", mode="cold", to_queue="b"
    )


def billing(story):
    """A payment fails."""
    return story.tell("payment.failed", attempt_no=1, invoice_id="v-1")


def three(story, days=1):
    """Onboarding, product and support, so many days apart."""
    return support(product(onboarding(story).after(days=days)).after(days=days))


def test_three_domains():
    """Onboarding failed, the product failed, and then the call was passed on: told at the third."""
    story = product(onboarding(Story(only=KIND)).after(days=2)).after(days=2)
    assert told(story) == []

    support(story)
    assert told(story) == [("trigger", 4, "compounding_friction")]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "3 domains in 4.0 days: onboarding, product, support"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-3"]
    assert (alert["number"], alert["threshold"]) == (3, 3)


def test_two_domains_however_often():
    """Ten errors and ten failed payments are bad, and are two domains."""
    story = Story(only=KIND)
    for _ in range(10):
        billing(product(story).after(hours=5)).after(hours=5)

    assert told(story) == []


def test_it_is_told_once():
    """A fourth domain is no other alert."""
    assert len(told(billing(three(Story(only=KIND))))) == 1


@pytest.mark.parametrize(("days", "count"), [(29.9, 1), (30.1, 0)])
def test_within_sixty_days(days, count):
    """The first of the three is as long ago as the window reaches."""
    assert len(told(three(Story(only=KIND), days=days))) == count


def test_it_ends_when_too_few_are_left():
    """Sixty days after the onboarding failed, two domains are left; a crash loses no timer."""
    story = three(Story(only=KIND)).crash().quiet(days=80)

    assert told(story)[1:] == [("resolve", 4, "calmed_down")]
    assert story.lines[-1].startswith("day 60 ")


def test_more_trouble_keeps_it_open():
    """The onboarding fails again, so it is the product's error that grows old first."""
    story = onboarding(three(Story(only=KIND)).after(days=20)).quiet(days=80)

    assert story.lines[-1].startswith("day 61 ")


def test_after_its_end_it_may_begin_again():
    """Calm, and then again three: another episode."""
    story = three(three(Story(only=KIND)).quiet(days=100))

    assert [line[0] for line in told(story)] == ["trigger", "resolve", "trigger"]
    assert story.alerts[0]["alert_id"] != story.alerts[2]["alert_id"]


def came_again(story):
    """A second call about the same."""
    return story.contact("order/late").after(days=1).contact("order/late")


def asked_after_trying(story):
    """The website did not help, so the customer called."""
    story.tell("selfservice.ended", topic="sync", outcome="abandoned").after(hours=1)
    return story.contact("technical/sync")


@pytest.mark.parametrize(
    ("trouble", "domain"),
    [
        (came_again, "support"),
        (asked_after_trying, "self-service"),
        (lambda s: s.contact().tell("contact.abandoned", contact_id="k-1", wait_s=90), "support"),
        (lambda s: s.tell("case.reopened", case_id="s-1"), "support"),
        (lambda s: s.tell("complaint.filed"), "support"),
        (lambda s: s.tell("survey.responded", score=2, **SCORE), "support"),
        (
            lambda s: s.contact().tell(
                "contact.escalated", contact_id="k-1", requested_by="customer"
            ),
            "support",
        ),
        (billing, "billing"),
        (lambda s: s.tell("dispute.opened", dispute_id="d-1"), "billing"),
        (lambda s: s.tell("cancel.requested"), "renewal"),
        (lambda s: s.tell("renewal.decided", outcome="reduced"), "renewal"),
        (lambda s: s.tell("renewal.conversation", tone="transactional"), "renewal"),
    ],
)
def test_what_is_trouble_and_where(trouble, domain):
    """With onboarding and product gone wrong, any trouble elsewhere is the third domain."""
    story = trouble(product(onboarding(Story(only=KIND))).after(hours=1))

    assert [a["reason"]["text"].split(", ")[-1] for a in story.alerts] == [domain]


@pytest.mark.parametrize(
    "fine",
    [
        lambda s: s.contact("how/to"),
        lambda s: s.tell("survey.responded", score=3, **SCORE),
        lambda s: s.tell("survey.responded", score=1, **{**SCORE, "kind": "ces"}),
        lambda s: s.contact().tell("contact.transferred", contact_id="k-1", mode="warm"),
        lambda s: s.contact().tell("contact.escalated", contact_id="k-1", requested_by="agent"),
        lambda s: s.tell("invoice.issued", invoice_id="v-1", amount_minor=900, currency="EUR"),
        lambda s: s.tell("renewal.decided", outcome="renewed"),
        lambda s: s.tell("renewal.conversation", tone="relational"),
    ],
)
def test_what_is_no_trouble(fine):
    """A first question, a middling score, a warm transfer, a usual bill, a renewal."""
    story = fine(product(onboarding(Story(only=KIND))).after(hours=1))

    assert told(story) == []


def test_a_bill_shock_is_trouble_with_billing():
    """The bill is half as high again as usual: told by its own detector, and counted here."""
    story = product(onboarding(Story(only=KIND)))
    for amount_minor in (3000, 3000, 3000, 9000):
        story.after(days=10).tell(
            "invoice.issued", invoice_id=f"v-{amount_minor}-{story.now_ms}", currency="EUR",
            amount_minor=amount_minor, plan_changed=False,
        )  # fmt: skip

    assert [a["reason"]["text"].split(", ")[-1] for a in story.alerts] == ["billing"]


@pytest.mark.parametrize(("severity", "count"), [(2, 0), (3, 1), (4, 1)])
def test_small_errors_do_not_count(severity, count):
    """Only errors of severity three and four."""
    story = support(product(onboarding(Story(only=KIND)), severity))

    assert len(told(story)) == count


def test_the_limits_are_the_policys():
    """Two domains in a day."""
    policy = policy_of(detectors={KIND: {"domains": 2, "window_d": 1}})

    assert len(told(product(onboarding(Story(policy, only=KIND))))) == 1
    assert told(product(onboarding(Story(policy, only=KIND)).after(days=2))) == []


def test_history_told_late_is_history():
    """A failed step of three months ago, heard of today, is no third domain."""
    story = support(product(Story(only=KIND).after(days=100)))
    story.after(days=-90).tell("onboarding.step_failed", step="import", origin="backfill")

    assert told(story) == []
