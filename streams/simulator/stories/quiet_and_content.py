"""Given up in the queue once, found it elsewhere, and at work every week since.

Look-alike of a customer gone quiet: no word is needed where all is well.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"went_quiet_after_bad_contact", "silent_sufferer", "repeat_contact"})
SPAN_D = 60
ALIKE = frozenset({"silent_sufferer", "went_quiet_after_bad_contact"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for week, logins in enumerate((20, 22, 19, 21, 18, 20, 23)):
        story.after(days=7)
        story.say(
            "product.usage_summary", period_start=story.from_now(days=-7), period_s=604_800,
            active_users=1, key_actions={"login": logins},
        )  # fmt: skip
        if week == 3:
            call = story.contact("technical", "sync")
            story.say("contact.queued", contact_id=call, queue="technical")
            story.after(minutes=6)
            story.say("contact.abandoned", contact_id=call, queue="technical", wait_s=360)
    return story.touchpoints
