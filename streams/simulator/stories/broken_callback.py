""" "We call you back by three." Nobody calls."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"broken_promise"})
SILENT = frozenset(
    {"repeat_contact", "transfer_burden", "unanswered_inquiry", "wait_excess", "contact_frequency"}
)
SPAN_D = 5
SINCE = {"broken_promise": ("promise.made", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "installation")
    story.answered(call, "technical", wait_s=30)
    story.about(minutes=5)
    story.say(
        "promise.made", promise_id=story.name("callback"), kind="callback", made_by="service",
        due_at=story.from_now(hours=4), contact_id=call,
    )  # fmt: skip
    story.unsolved(call, talk_min=1)
    story.about(days=1.5)
    called = story.contact("technical", "installation", direction="outbound")
    story.solved(called)
    return story.touchpoints
