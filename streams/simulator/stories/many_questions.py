"""Four calls in six days, each about something else and each solved.

Too often in touch, though no single problem came back.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"contact_frequency"})
SILENT = frozenset(
    {"repeat_contact", "false_resolution", "transfer_burden", "stale_issue", "masked_effort"}
)
SPAN_D = 15
ALIKE = frozenset({"false_resolution"})
SINCE = {"contact_frequency": ("contact.started", 3)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for l1, l2 in (
        ("account", "password"),
        ("order", "invoice_copy"),
        ("technical", "app_update"),
        ("plan", "data_volume"),
    ):
        call = story.contact(l1, l2)
        story.answered(call, "general", wait_s=30)
        story.solved(call)
        story.about(days=1.7)
    return story.touchpoints
