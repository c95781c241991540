"""Given up in the queue, no word since, and the product is used by two fifths less.

Near miss of a customer gone quiet: by half it would have to be.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"happy_but_leaving", "repeat_contact", "silent_sufferer", "went_quiet_after_bad_contact"}
)
SPAN_D = 90
NEARLY = {"went_quiet_after_bad_contact": {"usage_fall": 0.3}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.used(20, 20, 20, 20)
    call = story.contact("technical", "sync")
    story.say("contact.queued", contact_id=call, queue="technical")
    story.after(minutes=6)
    story.say("contact.abandoned", contact_id=call, queue="technical", wait_s=360)
    story.used(12, 12, 12, 12)
    return story.touchpoints
