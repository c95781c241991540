"""Given up in the queue, and no word since; the product is hardly used any more (S3-13)."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"went_quiet_after_bad_contact"})
SILENT = frozenset({"repeat_contact", "silent_sufferer", "wait_excess", "unanswered_inquiry"})
SPAN_D = 60
SINCE = {"went_quiet_after_bad_contact": ("contact.abandoned", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    _uses(story, 20, 22, 19, 21)
    call = story.contact("technical", "sync")
    story.say("contact.queued", contact_id=call, queue="technical")
    story.after(minutes=12)
    story.say("contact.abandoned", contact_id=call, queue="technical", wait_s=720)
    _uses(story, 9, 3, 1)
    return story.touchpoints


def _uses(story: Telling, *logins: int) -> None:
    for count in logins:
        story.after(days=7)
        story.say(
            "product.usage_summary", period_start=story.from_now(days=-7), period_s=604_800,
            active_users=1, key_actions={"login": count},
        )  # fmt: skip
