""" "We call you back by three." At ten past three the phone rings.

Near miss of a broken promise: within the quarter of an hour that a callback may be late.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"broken_promise", "repeat_contact", "stale_issue", "cumulative_effort", "contact_frequency"}
)
SPAN_D = 5
NEARLY = {"broken_promise": {"promises.grace_callback_min": 5}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "installation")
    story.answered(call, "technical", wait_s=30)
    story.about(minutes=5)
    promise_id = story.name("callback")
    story.say(
        "promise.made", promise_id=promise_id, kind="callback", made_by="service",
        due_at=story.from_now(hours=4), contact_id=call,
    )  # fmt: skip
    story.unsolved(call, talk_min=1)
    story.after(hours=4, minutes=8)
    called = story.contact("technical", "installation", direction="outbound")
    story.say("promise.kept", promise_id=promise_id)
    story.solved(called)
    return story.touchpoints
