"""The same account number three times in one call, each time to the same agent's next screen.

No transfer and no wait: only the telling again.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"repeat_information"})
SILENT = frozenset(
    {"transfer_burden", "wait_excess", "repeat_contact", "masked_effort", "stale_issue"}
)
SPAN_D = 5
SINCE = {"repeat_information": ("contact.info_requested", 3)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("account", "address_change")
    story.answered(call, "general", wait_s=20)
    story.after(minutes=1)
    story.say("contact.info_requested", contact_id=call, item="account_number", already_given=False)
    for _ in range(3):
        story.about(minutes=2)
        story.say(
            "contact.info_requested", contact_id=call, item="account_number", already_given=True
        )
    story.solved(call)
    return story.touchpoints
