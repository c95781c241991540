"""Every bill a riddle: a call after the first, a call after the second, and then the shock.

Four monthly bills. Two of them had to be explained, the fourth is twice as high, the payment for it
fails, and the dispute about it drags on (section 9, story 7; S4-02).
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset(
    {
        "recurring_billing_confusion",
        "bill_shock",
        "payment_trouble",
        "dispute_hard",
        "repeat_contact",
    }
)
SILENT = frozenset({"transfer_burden", "wait_excess", "onboarding_stall", "escalation_ladder"})
SPAN_D = 150
SINCE = {
    "recurring_billing_confusion": ("contact.started", 2),
    "bill_shock": ("invoice.issued", 4),
    "payment_trouble": ("payment.failed", 1),
    "dispute_hard": ("dispute.opened", 1),
    "repeat_contact": ("contact.started", 4),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for month, amount_minor in enumerate((3100, 3000, 3050, 6200)):
        invoice_id = story.name(f"invoice{month}")
        story.say(
            "invoice.issued", invoice_id=invoice_id, amount_minor=amount_minor, currency="EUR",
            due_on=story.day(14), plan_changed=False,
        )  # fmt: skip
        story.after(days=3)
        if month < 2:
            call = story.contact("billing", "unclear_invoice", invoice_id=invoice_id)
            story.answered(call, "billing", wait_s=80)
            story.solved(call, talk_min=7)
        if month < 3:
            story.about(days=2)
            story.say(
                "payment.succeeded", invoice_id=invoice_id, attempt_no=1,
                amount_minor=amount_minor, currency="EUR",
            )  # fmt: skip
            story.after(days=25)
    _dispute(story, invoice_id)
    return story.touchpoints


def _dispute(story: Telling, invoice_id: str) -> None:
    ids = {"dispute_id": story.name("dispute"), "issue_id": story.name("charge")}
    call = story.contact("billing", "amount", issue_id=ids["issue_id"], invoice_id=invoice_id)
    story.answered(call, "billing", wait_s=120)
    story.say("dispute.opened", amount_minor=3100, currency="EUR", invoice_id=invoice_id, **ids)
    story.unsolved(call, talk_min=9)
    for attempt in (1, 2):
        story.about(days=2)
        story.say(
            "payment.failed", invoice_id=invoice_id, attempt_no=attempt, max_attempts=4,
            decline="soft", amount_minor=6200, currency="EUR", actor={"kind": "system"},
        )  # fmt: skip
    call = story.contact("billing", "amount", issue_id=ids["issue_id"], invoice_id=invoice_id)
    story.answered(call, "billing", wait_s=90)
    story.unsolved(call, talk_min=6)
    story.after(days=9)
    story.say("dispute.resolved", outcome="upheld", **ids)
    story.say("credit.issued", amount_minor=3100, currency="EUR", goodwill=False)
