"""The first error of weight; the customer writes, is answered, and it is solved in twenty hours.

Near miss of a mishandled first trouble: a day is the standard.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"first_thing_goes_wrong"})
SILENT = frozenset(
    {
        "first_thing_goes_wrong:mishandled",
        "repeat_contact",
        "silent_sufferer",
        "stale_issue",
        "unanswered_inquiry",
    }
)
SPAN_D = 25
NEARLY = {"first_thing_goes_wrong:mishandled": {"resolve_h": 16, "follow_up_h": 0}}
SINCE = {"first_thing_goes_wrong": ("product.error", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("product.error", severity=3, feature="transfer", code="E42")
    story.about(minutes=20)
    case_id = story.mail("product", "transfer")
    story.after(minutes=30)
    story.replied(case_id)
    story.after(hours=20)
    story.case_solved(case_id)
    return story.touchpoints
