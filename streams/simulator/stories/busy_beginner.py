"""Needs a hand with the setup, finds a small fault, asks about the first bill: and all is well.

Looks like friction that compounds: onboarding, product and billing in a week. But nothing went
wrong in any of them.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 40
ALIKE = frozenset({"compounding_friction"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="solo", segment_model="self_serve")
    story.about(hours=1)
    story.say("onboarding.assistance_requested", step="import_data", channel="chat")
    story.about(hours=1)
    story.say("onboarding.step_completed", step="import_data", step_no=1)
    story.about(hours=1)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.say("onboarding.completed", outcome="done")
    story.about(days=2)
    story.say("product.error", severity=2, feature="export", code="E_RETRY")
    story.about(days=2)
    story.say(
        "invoice.issued", invoice_id=story.name("invoice"), amount_minor=2990, currency="EUR",
        due_on=story.day(14), plan_changed=False,
    )  # fmt: skip
    story.about(days=1)
    chat = story.contact("billing", "due_date", channel="chat")
    story.answered(chat, "chat", wait_s=12)
    story.solved(chat, talk_min=3)
    story.about(days=1)
    story.say(
        "payment.succeeded", invoice_id=story.name("invoice"), attempt_no=1, amount_minor=2990,
        currency="EUR",
    )  # fmt: skip
    return story.touchpoints
