"""Search, chat, telephone, and the next day the same again: nobody has what was said before.

Each change of channel is the customer's work, and twice the website had not helped (S2-21, S3-06).
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset(
    {
        "channel_switch",
        "self_service_failed",
        "repeat_contact",
        "contact_frequency",
        "cumulative_effort",
    }
)
SILENT = frozenset({"transfer_burden", "wait_excess", "bill_shock", "process_friction"})
SPAN_D = 20
SINCE = {
    "channel_switch": ("contact.started", 2),
    "self_service_failed": ("contact.started", 3),
    "repeat_contact": ("contact.started", 2),
    "contact_frequency": ("contact.started", 3),
    "cumulative_effort": ("contact.started", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    issue_id = story.name("sync")
    for _ in range(2):
        story.say("selfservice.started", topic="sync", channel="web")
        story.about(minutes=6)
        story.say(
            "selfservice.ended", topic="sync", outcome="abandoned", channel="web", searches=3,
            zero_result_searches=2,
        )  # fmt: skip
        for channel in ("chat", "phone"):
            story.about(minutes=20)
            contact = story.contact("technical", "sync", channel, issue_id=issue_id)
            story.answered(contact, "technical", wait_s=40)
            story.unsolved(contact)
        story.about(hours=20)
    called = story.contact("technical", "sync", issue_id=issue_id, direction="outbound")
    story.solved(called)
    return story.touchpoints
