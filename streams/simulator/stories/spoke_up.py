"""Two errors, and a day and a half later the customer calls and is helped.

Near miss of a silent sufferer: two days of silence it takes.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"cumulative_effort", "payment_trouble", "recurring_issue", "repeat_contact", "silent_sufferer"}
)
SPAN_D = 25
NEARLY = {"silent_sufferer": {"silence_h": 24}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        story.say("product.error", severity=3, feature="transfer", code="E42")
        story.about(hours=6)
    story.after(hours=28)
    call = story.contact("product", "transfer")
    story.answered(call, "technical", wait_s=30)
    story.solved(call)
    return story.touchpoints
