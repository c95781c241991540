"""Two errors, and before the customer can wonder, a note that it is known and being mended.

Look-alike of a silent sufferer (section 9, story 9).
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"silent_sufferer", "payment_trouble", "cumulative_effort", "repeat_contact"})
SPAN_D = 6
ALIKE = frozenset({"silent_sufferer"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        error = story.say("product.error", severity=3, feature="transfer", code="E42")
        story.after(minutes=30)
        story.say("notification.sent", about=error, trigger="problem", proactive=True)
        story.about(hours=6)
    return story.touchpoints
