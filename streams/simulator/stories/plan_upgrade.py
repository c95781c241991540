"""Three bills of thirty, a bigger plan at the customer's wish, then a bill of sixty.

Look-alike of a bill shock: the plan change explains the amount.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS | {"leaving", "leaving:mishandled"}
SPAN_D = 100
ALIKE = frozenset({"bill_shock", "leaving"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for amount_minor in (3000, 3000, 3000, 6000):
        upgraded = amount_minor == 6000
        if upgraded:
            story.say(
                "plan.changed", old_minor=3000, new_minor=6000, currency="EUR",
                initiated_by="customer", old_plan="solo", new_plan="team",
            )  # fmt: skip
            story.about(days=2)
        invoice_id = story.name(f"invoice{len(story.touchpoints)}")
        story.say(
            "invoice.issued", invoice_id=invoice_id, amount_minor=amount_minor, currency="EUR",
            due_on=story.day(14), plan_changed=upgraded,
        )  # fmt: skip
        story.about(days=5)
        story.say(
            "payment.succeeded", invoice_id=invoice_id, attempt_no=1, amount_minor=amount_minor,
            currency="EUR",
        )  # fmt: skip
        story.after(days=22)
    return story.touchpoints
