"""A voucher for the damaged parcel, and after forty hours a call whether all is well. It is.

Near miss of a mishandled recovery: two days to the first word are the standard.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"recovery"})
SILENT = frozenset({"false_resolution", "recovery:mishandled", "repeat_contact", "transfer_burden"})
SPAN_D = 60
NEARLY = {"recovery:mishandled": {"first_word_h": 24}}
SINCE = {"recovery": ("recovery.action_taken", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    issue_id = story.name("parcel")
    call = story.contact("order", "damaged", issue_id=issue_id)
    story.answered(call, "orders", wait_s=30)
    story.solved(call)
    story.about(hours=2)
    story.say("recovery.action_taken", kind="voucher", cost_minor=1500, issue_id=issue_id)

    story.after(hours=40)
    called = story.contact("order", "damaged", issue_id=issue_id, direction="outbound")
    story.solved(called, talk_min=2)
    return story.touchpoints
