"""An agent asks for the account number, and once more because the line was bad.

Near miss of repeated information: once over is no pattern.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"repeat_information", "transfer_burden", "wait_excess", "cumulative_effort", "repeat_contact"}
)
SPAN_D = 5
NEARLY = {"repeat_information": {"contact_requests": 1}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("account", "address_change")
    story.answered(call, "general", wait_s=20)
    for given in (False, True):
        story.after(minutes=1)
        story.say(
            "contact.info_requested", contact_id=call, item="account_number", already_given=given
        )
    story.solved(call)
    return story.touchpoints
