"""Something every day: looked up, bought, delivered, paid, and one question, answered at once.

Look-alike of too much effort and of too many contacts: much traffic is not much trouble.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 15
ALIKE = frozenset({"contact_frequency", "cumulative_effort"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for day in range(6):
        story.say("selfservice.started", topic="settings", channel="web")
        story.about(minutes=3)
        story.say("selfservice.ended", topic="settings", outcome="resolved", searches=1)
        order = {"order_id": story.name(f"order{day}")}
        task = {"task_kind": "purchase", "task_id": story.name(f"task{day}"), "expected_steps": 3}
        story.say("task.started", **task)
        for step_no, step in enumerate(("cart", "address", "pay"), 1):
            story.about(seconds=40)
            story.say("task.step", step=step, step_no=step_no, retry_no=0, **task)
        story.say("task.completed", **task)
        story.say(
            "order.placed", promised_at=story.from_now(days=3), amount_minor=2500, currency="EUR",
            **order,
        )  # fmt: skip
        story.about(hours=20)
        story.say("order.delivered", **order)
    chat = story.contact("product", "settings", channel="chat")
    story.answered(chat, "chat", wait_s=15)
    story.solved(chat)
    return story.touchpoints
