"""The website says thirty days, the agent says fourteen (section 9, story 10; S3-17)."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"inconsistent_answer"})
SILENT = frozenset({"repeat_contact", "contact_frequency", "transfer_burden", "cumulative_effort"})
SPAN_D = 5
SINCE = {"inconsistent_answer": ("answer.given", 2)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("selfservice.started", topic="return_window")
    story.after(minutes=1)
    story.say(
        "answer.given", topic="return_window", answer_key="30_days", answered_by="web",
        article_id="kb-204", version="7",
    )  # fmt: skip
    story.say("selfservice.ended", topic="return_window", outcome="resolved", duration_s=70)
    story.about(days=2)
    call = story.contact("order", "return")
    story.answered(call, "orders", wait_s=25)
    story.after(minutes=3)
    story.say(
        "answer.given", topic="return_window", answer_key="14_days", answered_by="agent",
        agent="agent-31", contact_id=call,
    )  # fmt: skip
    story.solved(call)
    return story.touchpoints
