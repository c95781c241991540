"""Signed up, set up, paid, asked once, was answered, said thanks."""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 70


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("customer.profile_changed", segment="consumer", tier="2", language="en")
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=2)
    story.say("onboarding.step_completed", step="profile", step_no=1)
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.about(hours=1)
    story.say("onboarding.completed", outcome="done")
    for month in range(2):
        invoice_id = story.name(f"invoice{month}")
        story.about(days=6)
        story.say(
            "invoice.issued", invoice_id=invoice_id, amount_minor=2990, currency="EUR",
            due_on=story.day(14), plan_changed=False,
        )  # fmt: skip
        story.about(days=4)
        story.say(
            "payment.succeeded", invoice_id=invoice_id, attempt_no=1, amount_minor=2990,
            currency="EUR",
        )  # fmt: skip
        story.after(days=20)
    chat = story.contact("product", "export", channel="chat")
    story.answered(chat, "chat", wait_s=15)
    story.solved(chat, talk_min=4)
    story.after(minutes=3)
    story.csat(5, chat)
    return story.touchpoints
