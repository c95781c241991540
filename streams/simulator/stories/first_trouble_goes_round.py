"""The first payment that fails; the customer calls, and is handed on, cold.

How the first trouble ends is remembered: no cold transfer is the standard.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset(
    {"first_thing_goes_wrong", "first_thing_goes_wrong:mishandled", "payment_trouble"}
)
SILENT = frozenset({"bill_shock", "repeat_contact", "silent_sufferer", "transfer_burden"})
SPAN_D = 20
SINCE = {
    "first_thing_goes_wrong": ("payment.failed", 1),
    "first_thing_goes_wrong:mishandled": ("contact.transferred", 1),
    "payment_trouble": ("payment.failed", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say(
        "payment.failed", attempt_no=1, max_attempts=4, decline="soft", amount_minor=2990,
        currency="EUR", invoice_id=story.name("invoice"), actor={"kind": "system"},
    )  # fmt: skip
    story.about(hours=3)
    call = story.contact("billing", "payment")
    story.answered(call, "first_line", wait_s=30)
    story.about(minutes=2)
    story.say(
        "contact.transferred", contact_id=call, mode="cold", from_queue="first_line",
        to_queue="billing", context_passed=True, by="agent",
    )  # fmt: skip
    story.after(seconds=30)
    story.say("contact.answered", contact_id=call, queue="billing", wait_s=30, context_loaded=True)
    story.solved(call)
    story.say(
        "payment.succeeded", invoice_id=story.name("invoice"), attempt_no=2, amount_minor=2990,
        currency="EUR",
    )  # fmt: skip
    return story.touchpoints
