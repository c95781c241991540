"""Two errors, and before the customer can wonder, a note that it is known and being mended.

Look-alike of a silent sufferer (section 9, story 9).
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"first_thing_goes_wrong"})
SILENT = frozenset(
    {
        "cumulative_effort",
        "first_thing_goes_wrong:mishandled",
        "payment_trouble",
        "repeat_contact",
        "silent_sufferer",
    }
)
SPAN_D = 6
ALIKE = frozenset({"first_thing_goes_wrong:mishandled", "silent_sufferer"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for _ in range(2):
        error = story.say("product.error", severity=3, feature="transfer", code="E42")
        story.after(minutes=30)
        story.say("notification.sent", about=error, trigger="problem", proactive=True)
        story.about(hours=6)
    return story.touchpoints
